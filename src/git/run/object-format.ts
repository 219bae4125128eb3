// Which hash names a repository's objects.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readQuietly } from './harden.ts';

export type ObjectFormat = 'sha1' | 'sha256';

/** By the length of an id; before the first commit by the text of the repository's `config`. */
export function formatOf(config: string, head: string | undefined): ObjectFormat {
  if (head !== undefined) return head.length === 64 ? 'sha256' : 'sha1';
  return /^\s*objectformat\s*=\s*sha256/im.test(config) ? 'sha256' : 'sha1';
}

/** What the repository's settings say of its ids, before git was asked anything. */
export function guessFormat({ commonDir }: MemoryPaths): ObjectFormat {
  return commonDir === undefined ? 'sha1' : formatOf(readQuietly(`${commonDir}/config`), undefined);
}
