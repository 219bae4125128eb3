import { joinCommit } from '../curate/stage.ts';
import { countWaitingSessions } from '../learn/waiting-sessions.ts';
import { guardName, refusalCode } from '../setup/git-hook-text.ts';
import { findMemory, startFolders } from '../store/locate.ts';
import { type CliContext, type Command, countOf, usageError } from './command.ts';

export const command: Command = {
  usage: 'git-hook NAME',
  details: 'For the lines that install-git-hooks wrote. Only lint can stop a commit.',
  words: {},
  options: {},
  async run(context, _values, [name = '']) {
    if (name === guardName) return putBack(context);
    if (name !== 'pre-commit') throw usageError(`git-hook: expected pre-commit or ${guardName}; got '${name}'`);
    const { env, print } = context;
    let knownValues: readonly string[] | undefined;
    const joined = joinCommit(env, async (memory) => {
      knownValues = (await import('../memory/env-files.ts')).readKnownValues(memory);
    });
    // Loaded while git works: most commits that bring records are checked.
    const lint = Promise.all([import('../lint/lint.ts'), import('./lint.ts')]);
    const { memory, report, hasMemory } = await joined;
    const added = report.staged.filter(({ what }) => what === 'added').length;
    if (added > 0) print.err(`repomem: ${countOf(added, 'record')} ${added === 1 ? 'goes' : 'go'} with this commit`);
    const waiting = countWaitingSessions(memory);
    if (waiting > 0)
      print.err(`repomem: ${countOf(waiting, 'session')} still without records; repomem compress writes them now`);
    if (!hasMemory) return 0;
    const [{ lintMemory }, { reportLines }] = await lint;
    const checked = await lintMemory(memory, { kind: 'staged', isInsideHook: true, knownValues });
    if (checked.findings.every(({ severity }) => severity !== 'error')) return 0;
    print.err(reportLines(print, checked, true).join('\n'));
    return refusalCode;
  },
};

async function putBack({ env, print }: CliContext): Promise<number> {
  const paths = findMemory(startFolders(env.cwd, env.vars), env.home);
  const { mendOrGiveUp } = await import('../setup/git-hooks.ts');
  if (paths && mendOrGiveUp(paths))
    print.err("repomem: another program wrote git's pre-commit hook anew; the records go along again");
  return 0;
}
