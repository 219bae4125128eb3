// Lint findings as values.
import type { Problem } from '../domain/record.ts';

export type Severity = 'error' | 'warning' | 'notice';

/** The reason never contains the secret or the passage itself. */
export interface LintFinding extends Problem {
  severity: Severity;
  /** How to fix it. */
  cure: string;
  /** Of a passage that a reviewed settings file may allow. */
  fingerprint?: string;
  /** Short id of the commit that introduced it, if the final version of the file no longer has it. */
  commit?: string;
  /** `repomem lint --fix` repairs it in the user's own uncommitted files. */
  isFixable?: boolean;
}

/** A passage that a reviewed settings file allows. */
export interface AllowedPassage {
  fingerprint: string;
  reason: string;
  path: string;
  line: number;
}

/** One file to check. */
export interface LintItem {
  path: string;
  kind: 'file' | 'link' | 'submodule' | 'other';
  size: number;
  /** Absent when it is not a file, too large or unreadable. */
  bytes?: Buffer;
  /** Set for a version that one commit introduced and a later one removed. */
  commit?: string;
}

const order = { error: 0, warning: 1, notice: 2 } satisfies Record<Severity, number>;

export function sortFindings(findings: readonly LintFinding[]): LintFinding[] {
  return findings.toSorted(
    (a, b) =>
      order[a.severity] - order[b.severity] ||
      (a.path < b.path ? -1 : Number(a.path > b.path)) ||
      (a.line ?? 0) - (b.line ?? 0),
  );
}

/** Removes trailing white space; two spaces are a line break in Markdown and are kept. */
export function trimLine(line: string): string {
  const trimmed = line.trimEnd();
  return trimmed !== '' && line === `${trimmed}  ` ? line : trimmed;
}
