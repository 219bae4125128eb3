// What lint says, as a value: surfaces and the review print it.

export type Severity = 'error' | 'warning' | 'notice';

export interface LintFinding {
  /** Relative to the folder that holds `.claude-mem`. */
  path: string;
  /** From 1. */
  line?: number;
  severity: Severity;
  /** For programs, such as `secret` or `bad-yaml`. */
  code: string;
  /** Never holds the secret or the passage itself. */
  reason: string;
  /** What to do about it. */
  cure: string;
  /** Of a passage that a reviewed settings file may allow. */
  fingerprint?: string;
  /** Short id of the commit that brought it, where the file's end state does not have it any more. */
  commit?: string;
  /** `repomem lint --fix` mends it in uncommitted files of one's own. */
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
  /** Absent for what is no file, is too large or cannot be had. */
  bytes?: Buffer;
  /** Set for a version that a commit brought and a later one took away. */
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

export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Without blanks at its end; two of them are a line break in Markdown and stay. */
export function trimLine(line: string): string {
  const trimmed = line.trimEnd();
  return trimmed !== '' && line === `${trimmed}  ` ? line : trimmed;
}
