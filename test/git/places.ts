import { join } from 'node:path';
import type { Excerpt, Tier } from '../../src/domain/excerpt.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { placeFor } from '../../src/store/locate.ts';
import { blobId } from '../../src/store/blob.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';

/** Paths of a memory in a folder, as init would make it. */
export function placeAt(dir: string): MemoryPaths {
  return placeFor(dir, '');
}

/** Runs with other variables of this process, which git inherits. */
export function withVars<T>(vars: Readonly<Record<string, string>>, run: () => T): T {
  const before = Object.keys(vars).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, vars);
  try {
    return run();
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}

export const recordPath = '.claude-mem/observations/2026/11/2026-11-20-note-7k3qz9wd.md';

/** The part of an excerpt that judgeTrust needs, from the bytes in the working tree. */
export function located(
  repo: Pick<TempRepo, 'dir' | 'read'>,
  path: string,
  tier: Tier = 'shared',
): Pick<Excerpt, 'path' | 'tier' | 'blob' | 'branch'> {
  const blob = blobId(Buffer.from(repo.read(path)));
  return { path: tier === 'local' ? join(repo.dir, path) : path, tier, blob };
}
