// Which commits a review or a gate looks at: from where two histories part to the end of one. Says what is missing where a clone is shallow.
import { codeOf, RepomemError } from '../domain/errors.ts';
import { findMergeBase, resolveCommit } from '../git/history/commits.ts';
import { isShallow } from '../git/history/memory-tree.ts';
import type { Memory } from '../memory/open.ts';
import { requireRepository } from '../memory/open.ts';

const depthHint =
  'this clone is shallow; fetch more: git fetch --unshallow; in GitHub Actions fetch-depth: 0, in GitLab CI GIT_DEPTH: 0';

/** `BASE..HEAD`, `BASE...HEAD` or `BASE`, as the commits whose difference a reviewer sees; undefined for words that name no commits. */
export function parseRange(memory: Memory, words: string): { base: string; head: string } | undefined {
  const match = /^(.*?)\.{2,3}(.*)$/.exec(words);
  if (!match) return undefined;
  requireRepository(memory);
  const [from, to] = [match[1] || 'HEAD', match[2] || 'HEAD'];
  const head = commitOf(memory, to);
  return { base: forkOf(memory, commitOf(memory, from), head), head };
}

/** Where `head` left the other history. RepomemError `git` where that cannot be known, as in a shallow clone. */
export function forkOf({ paths, env }: Memory, base: string, head: string): string {
  const fork = findMergeBase(paths, base, head, { env: env.vars });
  if (fork !== undefined) return fork;
  const names = `${base.slice(0, 8)} and ${head.slice(0, 8)}`;
  if (isShallow(paths))
    throw new RepomemError('git', `${names}: this clone is shallow and does not reach where they part`, {
      hint: depthHint,
    });
  throw new RepomemError('git', `${names}: expected a common history; found none`);
}

/** Full id. RepomemError `not-found`, with a word about depth in a shallow clone. */
export function commitOf({ paths, env }: Memory, revision: string): string {
  const options = { env: env.vars };
  try {
    return resolveCommit(paths, revision, options);
  } catch (error) {
    if (codeOf(error) !== 'not-found' || !isShallow(paths)) throw error;
    throw new RepomemError('not-found', (error as Error).message, { hint: depthHint, cause: error });
  }
}
