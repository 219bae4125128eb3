// Detects a repository whose memory is not in this checkout: behind a link, excluded by a sparse checkout, or HEAD is older than the memory.
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../../domain/errors.ts';
import { runGit } from '../run/runner.ts';

type AbsentMemory = 'link' | 'sparse' | 'other-commit';

const settings = '.claude-mem/settings.yaml';

/** `top`: of the working tree. Undefined when the usual branches hold no memory, or git fails. */
export function findAbsentMemory(top: string): AbsentMemory | undefined {
  const isLink = ['.claude-mem', settings].some((name) => attempt(() => lstatSync(join(top, name)))?.isSymbolicLink());
  if (isLink) return 'link';
  const listed = runGit(top, ['ls-files', '-t', '--', settings], { timeoutMs: 2000 });
  if (/^S /m.test(listed.stdout)) return 'sparse';
  if (listed.stdout !== '') return undefined;
  const refs = ['refs/remotes/*/HEAD', 'refs/remotes/*/main', 'refs/remotes/*/master', 'refs/heads'];
  const tips = runGit(top, ['for-each-ref', '--count=50', '--sort=-committerdate', '--format=%(objectname)', ...refs]);
  const names = [...new Set(tips.stdout.split('\n').filter(Boolean))].map((tip) => `${tip}:${settings}`);
  if (names.length === 0) return undefined;
  const stdin = `${names.join('\n')}\n`;
  const held = runGit(top, ['cat-file', '--batch-check'], { stdin, timeoutMs: 2000 }).stdout;
  return / blob \d+$/m.test(held) ? 'other-commit' : undefined;
}

/** User message and remedy for each case. */
export const absentMemories: Readonly<Record<AbsentMemory, { what: string; cure: string }>> = {
  link: {
    what: '.claude-mem or its settings.yaml is a symbolic link, and no link is followed: nothing is told or kept here',
    cure: 'put the folder itself in its place; git worktrees need no link, they share what is local',
  },
  sparse: {
    what: 'the sparse checkout leaves this repository’s memory (.claude-mem/) out: nothing is told or kept here',
    cure: 'git sparse-checkout add .claude-mem brings it',
  },
  'other-commit': {
    what: 'this repository has a memory, but not at the commit that is checked out: nothing is told or kept here',
    cure: 'check out a commit that has .claude-mem/, or a worktree of one',
  },
};
