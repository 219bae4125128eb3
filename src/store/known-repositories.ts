// The user's repositories that have a memory, for the viewer and for searches across repositories. The list may be incomplete.
import { join } from 'node:path';
import { writeFileAtomic } from './atomic.ts';
import { readJson } from './lenient-files.ts';

export interface KnownRepository {
  /** Absolute: the folder that holds `.claude-mem`. */
  root: string;
  /** When it was first seen; ISO 8601. */
  since: string;
}

const fileName = 'repositories.json';

/** `folder`: the user's own folder. A missing or unreadable list counts as empty; invalid entries are left out. */
export function readKnownRepositories(folder: string): KnownRepository[] {
  const list = readJson(join(folder, fileName)) as { repositories?: unknown } | null | undefined;
  const known = Array.isArray(list?.repositories) ? list.repositories : [];
  return known.filter((one: KnownRepository | null) => typeof one?.root === 'string' && typeof one.since === 'string');
}

/** Adds `root` unless it is listed. Throws errors of the file system. */
export function rememberRepository(folder: string, root: string, now: Date): void {
  const known = readKnownRepositories(folder);
  if (known.some((one) => one.root === root)) return;
  writeList(folder, [...known, { root, since: `${now.toISOString().slice(0, 19)}Z` }]);
}

/** Removes `root` from the list; writes nothing when it is not listed. */
export function forgetRepository(folder: string, root: string): void {
  const known = readKnownRepositories(folder);
  const rest = known.filter((one) => one.root !== root);
  if (rest.length < known.length) writeList(folder, rest);
}

function writeList(folder: string, repositories: readonly KnownRepository[]): void {
  const sorted = [...repositories].sort((a, b) => (a.root < b.root ? -1 : 1));
  writeFileAtomic(join(folder, fileName), `${JSON.stringify({ repositories: sorted }, null, 2)}\n`, {
    mode: 0o600,
    dirMode: 0o700,
    fsync: false,
  });
}
