import { joinCommit } from '../curate/stage.ts';
import type { SearchedTexts } from '../lint/text.ts';
import { countWaitingSessions } from '../learn/waiting-sessions.ts';
import { guardName, refusalCode } from '../setup/git-hook-text.ts';
import { absolutePath } from '../store/layout.ts';
import { readTextOrEmpty } from '../store/lenient-files.ts';
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
    let known: SearchedTexts | undefined;
    const joined = joinCommit(env, async (memory, staged) => {
      const knownValues = (await import('../memory/env-files.ts')).readKnownValues(memory);
      const records = staged.filter(({ id, what }) => id !== undefined && what !== 'removed');
      const texts = records.map(({ path }) => readTextOrEmpty(absolutePath(memory.paths, path)));
      const { searchTexts } = await import('../lint/text.ts');
      known = searchTexts([...texts, ...records.map(({ path }) => path)], knownValues);
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
    const checked = await lintMemory(memory, { kind: 'staged', isInsideHook: true, known });
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
