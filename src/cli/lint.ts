import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { at } from '../agents/json-fields.ts';
import { checkAnswer, checkEvent } from '../agents/protocol/protocol-check.ts';
import { attempt } from '../domain/errors.ts';
import type { LintFinding } from '../lint/lint-finding.ts';
import { lintMemory, type LintReport } from '../lint/lint.ts';
import type { LintScope } from '../lint/reference.ts';
import type { Memory } from '../memory/open.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { parseRange } from '../review/range.ts';
import { type CliContext, countOf, defineCommand, usageError } from './command.ts';
import type { Printer } from './print.ts';

export const command = defineCommand({
  usage: 'lint [--staged | BASE..HEAD | FILE…] [--fix] | lint --protocol FILE',
  details:
    'The gate for commits and pull requests: shape, size, ids, links, secrets, private passages, text that speaks to a model, settings and modes. Of the working tree, of what is staged, or of a range of commits, where secrets that a later commit took away count too. Exits with 1 on errors; warnings and notices are for the reviewer.',
  words: {},
  options: {
    staged: "what stands in git's index and not in HEAD",
    fix: 'mend line ends, blanks and unseen characters in uncommitted files of your own',
    quiet: { type: 'flag', short: 'q', describe: 'errors only' },
    protocol: 'check a file of recorded hook events and answers (repomem help protocol)',
  },
  async run(context, { staged, fix, quiet, protocol }, names) {
    if (protocol) return lintProtocol(context, names);
    const { open, print, answer } = context;
    const memory = await open();
    const report = await lintMemory(memory, scopeOf(memory, names, staged), fix);
    const isOk = report.findings.every(({ severity }) => severity !== 'error');
    return answer({ ok: isOk, ...report }, reportLines(print, report, quiet), isOk ? 0 : 1);
  },
});

function scopeOf(memory: Memory, names: readonly string[], isStaged: boolean): LintScope {
  if (isStaged) {
    if (names.length > 0) throw usageError(`lint --staged: expected no names; got ${names.join(' ')}`);
    // A hook of the user's own calls us in the middle of a commit.
    return { kind: 'staged', isInsideHook: memory.env.vars['GIT_INDEX_FILE'] !== undefined };
  }
  const [first, ...more] = names;
  if (first === undefined) return { kind: 'worktree' };
  const isFile = more.length > 0 || existsSync(resolve(memory.env.cwd, first));
  const range = isFile ? undefined : parseRange(memory, first);
  return range ? { kind: 'range', ...range } : { kind: 'files', names };
}

/** `isQuiet`: errors only. */
export function reportLines(print: Printer, report: LintReport, isQuiet: boolean): string[] {
  const marks = { error: print.warn('error  '), warning: print.warn('warning'), notice: print.dim('notice ') };
  const severities = ['error', 'warning', 'notice'] as const;
  const of = (wanted: string): LintFinding[] => report.findings.filter(({ severity }) => severity === wanted);
  const counts = severities.map((severity) => countOf(of(severity).length, severity));
  const rest = [
    ...report.allowed.map(
      ({ path, line, fingerprint, reason }) =>
        `allowed  ${cleanLine(path)}:${line}: ${fingerprint}: ${cleanLine(reason)}`,
    ),
    `${countOf(report.checked, 'file')} checked: ${counts.join(', ')}`,
  ];
  return [
    ...report.fixed.map((path) => `mended   ${cleanLine(path)}`),
    ...(isQuiet ? of('error') : report.findings).flatMap(({ severity, path, line, commit, reason, cure }) => {
      const place = `${cleanLine(path)}${line === undefined ? '' : `:${line}`}${commit ? ` (in ${commit})` : ''}`;
      return [`${marks[severity]}  ${place}: ${cleanLine(reason)}`, print.dim(`         → ${cleanLine(cure)}`)];
    }),
    ...(isQuiet ? [] : rest),
  ];
}

/** Recorded hook events and answers against the protocol; the exit code: 1 when something does not conform. */
function lintProtocol({ env, print, answer }: CliContext, [name, ...rest]: readonly string[]): number {
  if (name === undefined || rest.length > 0)
    throw usageError(
      'lint --protocol: expected one file',
      'a file of JSON lines: an event each, or {"answer": …}; repomem help protocol says what they hold',
    );
  const text = readFileSync(resolve(env.cwd, name), 'utf8');
  const lines = [...text.split(/\r?\n/).entries()].filter(([, line]) => line.trim() !== '');
  const findings = lines.flatMap(([index, line]) => checkLine(line).map((reason) => ({ line: index + 1, reason })));
  return answer(
    { ok: findings.length === 0, checked: lines.length, findings },
    [
      ...findings.map(
        ({ line, reason }) => `${print.warn('error  ')}  ${cleanLine(name)}:${line}: ${cleanLine(reason)}`,
      ),
      `${countOf(lines.length, 'line')} checked: ${findings.length} errors`,
    ],
    findings.length > 0 ? 1 : 0,
  );
}

function checkLine(line: string): string[] {
  const value = attempt((): unknown => JSON.parse(line));
  if (value === undefined) return ['expected one JSON object on the line'];
  const answer = at(value, 'answer');
  return answer === undefined ? checkEvent(value) : checkAnswer(answer);
}
