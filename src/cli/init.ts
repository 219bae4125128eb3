import { join } from 'node:path';
import { RepomemError } from '../domain/errors.ts';
import { checkSharing } from '../setup/doctor-sharing.ts';
import { findInitRoot, initRepository, undoInit } from '../setup/init.ts';
import { findMemory } from '../store/locate.ts';
import { askYes } from './ask.ts';
import type { CliContext, Command } from './command.ts';
import { changeHooks, changeServer } from './init-files.ts';

export const command: Command = {
  usage: 'init',
  details:
    'Makes .claude-mem/ at the top of the working tree (without git: in this folder). Nothing that exists is changed, and\n' +
    'nothing is committed. It asks once on a terminal; elsewhere calling it is the answer.',
  options: {
    yes: { type: 'boolean', short: 'y', describe: 'do not ask' },
    hooks: { type: 'boolean', describe: 'also write hooks into .claude/settings.json, for those who want no plugin' },
    mcp: { type: 'boolean', describe: 'also write the MCP server into .mcp.json' },
    undo: { type: 'boolean', describe: 'take back what init wrote; the memories stay' },
    'forget-memories': { type: 'boolean', describe: 'with --undo: delete the memories too' },
  },
  async run(context, values, positionals) {
    const { env, print } = context;
    if (positionals.length > 0)
      throw new RepomemError('usage', `repomem init: unexpected '${positionals[0]}'`, {
        hint: 'it works on the repository of the working directory',
      });
    const isYes = values['yes'] === true;
    if (values['undo'] === true) return undo(context, isYes, values['forget-memories'] === true);
    if (values['forget-memories'] === true)
      throw new RepomemError('usage', 'repomem init: --forget-memories goes with --undo');
    const root = findInitRoot(env);
    const known = findMemory([root], env.home)?.root === root;
    if (!known && !isYes && !(await askYes(`Make a memory in ${root}/.claude-mem?`, (text) => print.err(text)))) {
      print.out('Nothing was written.');
      return 1;
    }
    const { paths, written } = initRepository(env, root);
    if (values['hooks'] === true) written.push(...changeHooks(env, root, 'add'));
    if (values['mcp'] === true) written.push(...changeServer(env, root, 'add'));
    for (const file of written) print.out(`Written: ${join(root, file)}`);
    print.out(written.length > 0 ? `This repository has a memory: ${root}` : `Nothing to do: ${root} has its memory.`);
    if (!paths.worktree)
      print.out('There is no git here: it works, but nothing is shared, reviewed or told apart by branch.');
    if (written.length > 0 && paths.worktree) print.out('Commit .claude-mem/ to share it: git add .claude-mem');
    for (const { what, cure } of checkSharing(paths)) print.err(`${what}\n    ${cure ?? ''}`);
    if (values['hooks'] !== true)
      print.out('The plugin, once for each machine: repomem install (or: npx repomem install)');
    return 0;
  },
};

async function undo({ env, print }: CliContext, isYes: boolean, forgetMemories: boolean): Promise<number> {
  const paths = findMemory([env.cwd], env.home);
  const root = paths?.root ?? findInitRoot(env);
  const what = forgetMemories
    ? `Delete the memory of ${root} with all its records?`
    : `Take the memory of ${root} away?`;
  if (!isYes && !(await askYes(what, (text) => print.err(text)))) {
    print.out('Nothing was removed.');
    return 1;
  }
  const report = paths ? undoInit(env, paths, { forgetMemories }) : { removed: [], kept: [] };
  const removed = [...report.removed, ...changeHooks(env, root, 'remove'), ...changeServer(env, root, 'remove')];
  for (const file of removed) print.out(`Taken back: ${file}`);
  for (const file of report.kept) print.out(`Kept, because somebody changed it: ${file}`);
  if (removed.length === 0) print.out(`Nothing to take back: ${root} has no memory.`);
  else if (!forgetMemories) print.out('The records stay where they are; --forget-memories deletes them too.');
  return 0;
}
