import { requireRepository } from '../memory/open.ts';
import { guardName } from '../setup/git-hook-text.ts';
import { installGitHooks, removeGitHooks, type HookReport } from '../setup/git-hooks.ts';
import { defineCommand } from './command.ts';
import { copyPackage, withInstallLock } from './install-package.ts';

const told = {
  made: 'Written',
  added: 'Lines added',
  updated: 'Brought up to date',
  removed: 'Removed',
  restored: 'As it was',
} satisfies Record<HookReport['changed'][number]['how'], string>;

export const command = defineCommand({
  usage: 'install-git-hooks',
  details:
    "pre-commit: when a commit touches code, this branch's records go along; what is staged of the memory is checked by lint. Hooks that\n" +
    'exist go on to run; core.hooksPath and .husky are honoured. Nothing is committed that the commit would not have had besides.\n' +
    'post-index-change: puts the lines back before a commit where another program wrote pre-commit anew.',
  options: {
    trailer: 'also commit-msg: a line `Memory: ID` for each record in the commit',
    undo: 'take them out again; what was there before comes back as it was',
  },
  async run({ open, env, answer }, { trailer, undo }) {
    const memory = await open();
    requireRepository(memory);
    const { paths } = memory;
    const { changed, folder, manager } = undo ? removeGitHooks(paths) : installGitHooks(paths, { trailer });
    // Hooks outlive the place that npx ran from.
    if (!undo) await withInstallLock(env, () => copyPackage(env));
    return answer({ folder, changed }, [
      ...changed.map(({ file, how }) => `${told[how]}: ${file}`),
      manager === 'simple-git-hooks' &&
        `Its settings need preserveUnused: ['${guardName}'], or simple-git-hooks deletes that hook when it runs.`,
      changed.length === 0 && `${undo ? 'Nothing of ours' : 'Nothing to do'} in ${folder}.`,
    ]);
  },
});
