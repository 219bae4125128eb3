// A repository that has a memory which this checkout does not show: a sparse checkout leaves the folder out, or HEAD is from before it.
import { runGit } from '../run/runner.ts';

export type AbsentMemory = 'sparse' | 'other-commit';

const settings = '.claude-mem/settings.yaml';

/** `top`: of the working tree. Undefined when the repository has none, as far as its usual branches tell, or git does not answer. */
export function findAbsentMemory(top: string): AbsentMemory | undefined {
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

/** What to say of it, and what to do. */
export const absentMemories: Readonly<Record<AbsentMemory, { what: string; cure: string }>> = {
  sparse: {
    what: 'the sparse checkout leaves this repository’s memory (.claude-mem/) out: nothing is told or kept here',
    cure: 'git sparse-checkout add .claude-mem brings it',
  },
  'other-commit': {
    what: 'this repository has a memory, but not at the commit that is checked out: nothing is told or kept here',
    cure: 'check out a commit that has .claude-mem/, or a worktree of one',
  },
};
