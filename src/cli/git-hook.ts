import type { CliContext, Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { refusalCode } from '../memory/git-hook-text.ts';
import { openMemory } from '../memory/open.ts';
import { joinCommit } from '../memory/pre-commit.ts';
import { commands } from './commands.ts';
import { countOf } from './stage.ts';

export const command: Command = {
  usage: 'git-hook pre-commit',
  details: 'For the lines that install-git-hooks wrote. Only lint can stop a commit.',
  options: {},
  async run(context, _values, [name]) {
    if (name !== 'pre-commit') throw new RepomemError('usage', `git-hook: expected pre-commit; got '${name ?? ''}'`);
    const { report, hasMemory } = await joinCommit(await openMemory(context.env));
    const added = report.staged.filter(({ what }) => what === 'added').length;
    if (added > 0)
      context.print.err(`repomem: ${countOf(added, 'record')} ${added === 1 ? 'goes' : 'go'} with this commit`);
    return hasMemory ? lintStaged(context) : 0;
  },
};

async function lintStaged(context: CliContext): Promise<number> {
  const lint = Object.hasOwn(commands, 'lint') ? await commands['lint']?.load() : undefined;
  if (!lint) return 0;
  return (await lint.command.run(context, { staged: true, 'inside-hook': true }, [])) === 1 ? refusalCode : 0;
}
