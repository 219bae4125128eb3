// Checks the text of any memory file for secrets, private passages and instructions to a model. A passage that a reviewed settings
// file allows by its fingerprint is reported as allowed.
import { clockMs } from '../domain/clock.ts';
import { lineAt } from '../format/record-of-data.ts';
import { findHostile, type HostileCode } from '../privacy/hostile.ts';
import { stripPrivate } from '../privacy/private-tags.ts';
import { type Finding, findSecrets, fingerprint } from '../privacy/redact.ts';
import { unfold } from '../privacy/unfold.ts';
import { type AllowedPassage, type LintFinding, type LintItem, type Severity } from './lint-finding.ts';

export interface SearchedTexts {
  knownValues: readonly string[];
  /** Text → the secrets that a search with those values found in it; any other text is searched. */
  searched?: ReadonlyMap<string, readonly Finding[]>;
}

export interface TextRules extends SearchedTexts {
  /** Fingerprint → reason. */
  allow: ReadonlyMap<string, string>;
}

export interface TextFindings {
  findings: LintFinding[];
  allowed: AllowedPassage[];
}

/** A file that takes longer counts as containing a secret. */
const limitMs = 4000;

/** Searches texts before they are checked: while git adds them. */
export function searchTexts(texts: readonly string[], knownValues: readonly string[]): SearchedTexts {
  const options = { knownValues, clock: clockMs, limitMs };
  return { knownValues, searched: new Map(texts.map((text) => [text, findSecrets(text, options)])) };
}

/** `decoded`: the file's values after parsing, because an escape must not hide a secret. */
export function checkText(item: LintItem, text: string, decoded: readonly string[], rules: TextRules): TextFindings {
  const found: TextFindings = { findings: [], allowed: [] };
  checkSecrets(item, text, decoded, rules, found);
  if (stripPrivate(text).wasPrivate)
    add(found, item, lineOfPrivate(text), {
      severity: 'error',
      code: 'private',
      reason: 'holds a passage in <private> tags',
      cure: 'delete the passage; what is private is never kept',
    });
  // A removed version can still leak a secret, but no model reads it.
  if (item.commit === undefined) checkHostile(item, text, rules, found);
  return found;
}

type Said = Omit<LintFinding, 'path' | 'line'>;

function add(found: TextFindings, { path, commit }: LintItem, line: number | undefined, said: Said): void {
  const late = commit === undefined ? said : { ...said, cure: lateCure, commit: commit.slice(0, 8) };
  found.findings.push({ path, ...(line !== undefined && { line }), ...late });
}

const lateCure =
  "a later commit took it away, but it stays in git's history: make it invalid where it was issued, and rewrite the branch (git rebase -i) before it is merged";

function checkSecrets(
  item: LintItem,
  text: string,
  decoded: readonly string[],
  rules: TextRules,
  found: TextFindings,
): void {
  const options = { knownValues: rules.knownValues, clock: clockMs, limitMs };
  const seen = new Set<string>();
  const report = (where: string, line: (start: number) => number | undefined): void => {
    for (const { rule, start, end } of rules.searched?.get(where) ?? findSecrets(where, options)) {
      const value = where.slice(start, end);
      const print = fingerprint(value);
      const key = fingerprint(unfold(value)?.text ?? value);
      if (seen.has(key)) continue;
      seen.add(key);
      const reason = rules.allow.get(print);
      if (rule === 'unscanned')
        add(found, item, line(start), {
          severity: 'error',
          code: 'secret',
          reason: 'could not be searched for secrets in time',
          cure: 'make the file smaller',
        });
      else if (reason !== undefined)
        found.allowed.push({ fingerprint: print, reason, path: item.path, line: line(start) ?? 1 });
      else
        add(found, item, line(start), {
          severity: 'error',
          code: 'secret',
          reason: `looks like a secret (${rule}, ${value.length} characters)`,
          cure: `take it out, and make it invalid where it was issued; if it is none: - { fingerprint: ${print}, reason: WHY } under redact.allow in settings.yaml`,
          fingerprint: print,
        });
    }
  };
  report(text, (start) => lineAt(text, start));
  for (const leaf of decoded) if (!text.includes(leaf)) report(leaf, () => undefined);
  report(item.path, () => undefined);
}

/** First line with a private passage. */
function lineOfPrivate(text: string): number {
  const { text: open } = stripPrivate(text);
  let same = 0;
  while (same < open.length && open[same] === text[same]) same++;
  return lineAt(text, same);
}

const fixable = {
  severity: 'error',
  cure: 'repomem lint --fix removes them from uncommitted files; else write the line again',
  isFixable: true,
} as const;

const hostile = {
  invisible: { ...fixable, reason: 'holds characters that nobody sees' },
  bidi: { ...fixable, reason: 'holds characters that turn the reading direction' },
  terminal: { ...fixable, reason: 'holds terminal codes' },
  'host-tag': {
    severity: 'error',
    reason: 'holds a tag that a host or a model could obey',
    cure: 'name the tag without its angle brackets',
  },
  instruction: {
    severity: 'error',
    reason: 'speaks to the model that will read it, in words that attacks use',
    cure: 'a record states facts: say what is so, not what to do; if it must stand, put it in backticks',
  },
  fence: { severity: 'warning', reason: 'opens a code fence that nothing closes', cure: 'close it' },
  comment: {
    severity: 'warning',
    reason: 'holds a comment that a rendered page hides from the reviewer',
    cure: 'say it in the open, or delete it',
  },
} satisfies Record<HostileCode, { severity: Severity; reason: string; cure: string; isFixable?: boolean }>;

/** One finding per line and kind. In backticks it is a quotation: reported to the reviewer, but it does not block. */
function checkHostile(item: LintItem, text: string, rules: TextRules, found: TextFindings): void {
  const seen = new Set<string>();
  const lines = text.split('\n');
  for (const { code, index } of findHostile(text)) {
    const line = lineAt(text, index);
    if (seen.has(`${code} ${line}`)) continue;
    seen.add(`${code} ${line}`);
    const passage = lines[line - 1] ?? '';
    const print = fingerprint(passage.trim());
    const reason = rules.allow.get(print);
    if (reason !== undefined) {
      found.allowed.push({ fingerprint: print, reason, path: item.path, line });
      continue;
    }
    const said = hostile[code];
    const isQuotable = code === 'instruction' || code === 'host-tag';
    const at = index - (text.lastIndexOf('\n', index - 1) + 1);
    const isInBackticks = passage.slice(0, at).split('`').length % 2 === 0 && passage.slice(at).includes('`');
    const isQuoted = isQuotable && isInBackticks;
    add(found, item, line, {
      code,
      ...said,
      ...(isQuoted && { severity: 'warning' as const, reason: `${said.reason} (quoted)` }),
      fingerprint: print,
    });
  }
}
