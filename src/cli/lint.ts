import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { countOf } from './count-of.ts';
import { jsonOption, type CliContext, type Command } from './command.ts';
import { lintProtocol } from './lint-protocol.ts';
import { RepomemError } from '../domain/errors.ts';
import { lintMemory, type LintReport } from '../lint/lint.ts';
import type { LintScope } from '../lint/reference.ts';
import { parseRange } from '../review/range.ts';
import type { LintFinding } from '../lint/lint-finding.ts';
import { openMemory, type Memory } from '../memory/open.ts';
import { cleanLine } from '../privacy/invisible.ts';

export const command: Command = {
  usage: 'lint [--staged | BASE..HEAD | FILE…] [--fix] | lint --protocol FILE',
  details:
    'The gate for commits and pull requests: shape, size, ids, links, secrets, private passages, text that speaks to a model, settings and modes. Of the working tree, of what is staged, or of a range of commits, where secrets that a later commit took away count too. Exits with 1 on errors; warnings and notices are for the reviewer.',
  options: {
    staged: { type: 'boolean', describe: "what stands in git's index and not in HEAD" },
    fix: { type: 'boolean', describe: 'mend line ends, blanks and unseen characters in uncommitted files of your own' },
    quiet: { type: 'boolean', short: 'q', describe: 'errors only' },
    protocol: { type: 'boolean', describe: 'check a file of recorded hook events and answers (repomem help protocol)' },
    json: jsonOption,
  },
  async run(context, values, positionals) {
    const { print, env } = context;
    if (values['protocol'] === true) return lintProtocol(context, positionals, values['json'] === true);
    const memory = await openMemory(env);
    const scope = scopeOf(memory, positionals, values['staged'] === true);
    const report = await lintMemory(memory, scope, values['fix'] === true);
    const errors = report.findings.filter(({ severity }) => severity === 'error').length;
    if (values['json']) print.json({ ok: errors === 0, ...report });
    else printReport(context, report, { isQuiet: values['quiet'] === true, isInsideHook: false });
    return errors > 0 ? 1 : 0;
  },
};

function scopeOf(memory: Memory, names: readonly string[], isStaged: boolean): LintScope {
  if (isStaged) {
    if (names.length > 0) throw new RepomemError('usage', `lint --staged: expected no names; got ${names.join(' ')}`);
    // A hook of the user's own calls us in the middle of a commit.
    return { kind: 'staged', isInsideHook: memory.env.vars['GIT_INDEX_FILE'] !== undefined };
  }
  const [first, ...more] = names;
  if (first === undefined) return { kind: 'worktree' };
  const isFile = more.length > 0 || existsSync(resolve(memory.env.cwd, first));
  const range = isFile ? undefined : parseRange(memory, first);
  return range ? { kind: 'range', ...range } : { kind: 'files', names };
}

const marks = { error: 'error  ', warning: 'warning', notice: 'notice ' } as const;

export function printReport(
  { print }: CliContext,
  report: LintReport,
  how: { isQuiet: boolean; isInsideHook: boolean },
): void {
  // What a hook says goes where git's own words go.
  const say = (text: string): void => (how.isInsideHook ? print.err(text) : print.out(text));
  for (const path of report.fixed) say(`mended   ${cleanLine(path)}`);
  const shown = how.isQuiet ? report.findings.filter(({ severity }) => severity === 'error') : report.findings;
  for (const finding of shown) {
    const mark = finding.severity === 'notice' ? print.dim(marks.notice) : print.warn(marks[finding.severity]);
    say(`${mark}  ${placeOf(finding)}: ${cleanLine(finding.reason)}`);
    say(print.dim(`         → ${cleanLine(finding.cure)}`));
  }
  if (how.isQuiet) return;
  for (const { path, line, fingerprint, reason } of report.allowed)
    say(`allowed  ${cleanLine(path)}:${line}: ${fingerprint}: ${cleanLine(reason)}`);
  const count = (severity: LintFinding['severity']): number =>
    report.findings.filter((finding) => finding.severity === severity).length;
  say(
    `${countOf(report.checked, 'file')} checked: ${(['error', 'warning', 'notice'] as const).map((severity) => countOf(count(severity), severity)).join(', ')}`,
  );
}

function placeOf({ path, line, commit }: LintFinding): string {
  return `${cleanLine(path)}${line === undefined ? '' : `:${line}`}${commit === undefined ? '' : ` (in ${commit})`}`;
}
