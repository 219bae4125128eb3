// The work at hand, for ranking: two processes at most, and none that reads file contents.
import type { AtHand } from '../context/rank.ts';
import type { Place } from '../domain/place.ts';
import { plainDiff } from './harden.ts';
import { runIn, type GitOptions } from './run.ts';
import type { Snapshot } from './snapshot.ts';

const recentCommits = 5;
/** More files than this in one sweep are no work at hand: a reformatting, a vendored tree. */
const maxFiles = 500;

/** Files changed since HEAD's branch left the default one or in the working tree, and those that the last commits touched; the memory's own files are left out. */
export function readAtHand(place: Place, snapshot: Snapshot, options: Pick<GitOptions, 'env'> = {}): AtHand {
  const changed = new Set<string>();
  const recent = new Set<string>();
  const add = (files: Set<string>, paths: Iterable<string>): void => {
    for (const path of paths)
      if (files.size < maxFiles && path !== '' && !path.endsWith('/') && !path.startsWith(snapshot.memoryPrefix))
        files.add(path);
  };
  add(changed, snapshot.dirty);
  const { head, defaultRef, branch, defaultBranch } = snapshot;
  if (head !== undefined) {
    if (defaultRef !== undefined && (branch === undefined || branch !== defaultBranch)) {
      const args = ['diff', ...plainDiff, '--name-only', '--no-renames', '-z', '--ignore-submodules=all'];
      add(changed, listOf(place, [...args, `${defaultRef}...${head}`, '--'], options));
    }
    const args = ['log', `--max-count=${recentCommits}`, '--first-parent', '-m', '--name-only', '--no-renames', '-z'];
    add(recent, listOf(place, [...args, ...plainDiff, '--format=', head, '--'], options));
  }
  return { changedFiles: changed, recentFiles: recent, ...(branch !== undefined && { branch }) };
}

function listOf(place: Place, args: readonly string[], options: Pick<GitOptions, 'env'>): string[] {
  const { ok, stdout } = runIn(place, args, { ...options, timeoutMs: 2000 });
  return ok ? stdout.split('\0').map((path) => path.replace(/^\n/, '')) : [];
}
