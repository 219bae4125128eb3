import { jsonOption, type Command } from './command.ts';
import { installGitHooks, removeGitHooks, type HookReport } from '../setup/git-hooks.ts';
import { dropFromSettings, keepInSettings } from '../setup/simple-git-hooks.ts';
import { openMemory, requireRepository } from '../memory/open.ts';
import { copyPackage } from './install-package.ts';

const told = {
  made: 'Written',
  chained: 'Written, after the hook that was there',
  added: 'Lines added',
  updated: 'Brought up to date',
  removed: 'Removed',
  restored: 'As it was',
} satisfies Record<HookReport['changed'][number]['how'], string>;

export const command: Command = {
  usage: 'install-git-hooks',
  details:
    "pre-commit: when a commit touches code, this branch's records go along; what is staged of the memory is checked by lint. Hooks that\n" +
    'exist run first; core.hooksPath and .husky are honoured. Nothing is committed that the commit would not have had besides.\n' +
    'post-index-change: puts the lines back before a commit where another program wrote pre-commit anew.',
  maxWords: 0,
  options: {
    trailer: { type: 'boolean', describe: 'also commit-msg: a line `Memory: ID` for each record in the commit' },
    undo: { type: 'boolean', describe: 'take them out again; what was there before comes back as it was' },
    json: jsonOption,
  },
  async run({ env, print }, values) {
    const memory = await openMemory(env);
    requireRepository(memory);
    const isUndo = values['undo'] === true;
    const { changed, folder } = isUndo
      ? removeGitHooks(memory.paths)
      : installGitHooks(memory.paths, { trailer: values['trailer'] === true });
    const { told: more } = keepHooks(memory.paths.worktree, isUndo, changed);
    // Hooks outlive the place that npx ran from.
    if (!isUndo) copyPackage(env);
    if (values['json']) {
      print.json({ folder, changed });
      return 0;
    }
    for (const { file, how } of changed) print.out(`${told[how]}: ${file}`);
    if (more !== undefined) print.out(more);
    if (changed.length === 0) print.out(isUndo ? `Nothing of ours in ${folder}.` : `Nothing to do in ${folder}.`);
    return 0;
  },
};

/** Other programs' settings that must name our hooks. */
function keepHooks(worktree: string | undefined, isUndo: boolean, changed: HookReport['changed']): { told?: string } {
  if (worktree === undefined) return {};
  const kept = isUndo ? { changed: dropFromSettings(worktree) } : keepInSettings(worktree);
  if (kept.changed !== undefined) changed.push({ file: kept.changed, how: isUndo ? 'restored' : 'added' });
  return 'told' in kept ? kept : {};
}
