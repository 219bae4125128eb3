// Commit ranges of reviews and checks: from the merge base to the head. Errors explain what a shallow clone lacks.
import { codeOf, RepomemError } from '../domain/errors.ts';
import { findMergeBase, resolveCommit } from '../git/history/commits.ts';
import { isShallow } from '../git/history/memory-tree.ts';
import { requireRepository, type Memory } from '../memory/open.ts';

const depthHint =
  'this clone is shallow; fetch more: git fetch --unshallow; in GitHub Actions fetch-depth: 0, in GitLab CI GIT_DEPTH: 0';

/** Parses `BASE..HEAD`, `BASE...HEAD` into the commits whose difference a reviewer sees; undefined for text that is not a range. */
export function parseRange(memory: Memory, words: string): { base: string; head: string } | undefined {
  const match = /^(.*?)\.{2,3}(.*)$/.exec(words);
  if (!match) return undefined;
  requireRepository(memory);
  const [from, to] = [match[1] || 'HEAD', match[2] || 'HEAD'];
  const head = commitOf(memory, to);
  return { base: forkOf(memory, commitOf(memory, from), head), head };
}

/** The merge base. Throws RepomemError `git` when it is unknown, as in a shallow clone. */
function forkOf({ paths }: Memory, base: string, head: string): string {
  const fork = findMergeBase(paths, base, head);
  if (fork !== undefined) return fork;
  const names = `${base.slice(0, 8)} and ${head.slice(0, 8)}`;
  if (isShallow(paths))
    throw new RepomemError('git', `${names}: this clone is shallow and does not reach where they part`, {
      hint: depthHint,
    });
  throw new RepomemError('git', `${names}: expected a common history; found none`);
}

/** Full id. Throws RepomemError `not-found`, with a hint about depth in a shallow clone. */
function commitOf({ paths }: Memory, revision: string): string {
  try {
    return resolveCommit(paths, revision);
  } catch (error) {
    if (codeOf(error) !== 'not-found' || !isShallow(paths)) throw error;
    throw new RepomemError('not-found', (error as Error).message, { hint: depthHint, cause: error });
  }
}
