// Hash algorithm of a repository's object ids.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readTextOrEmpty } from '../../store/lenient-files.ts';

export type ObjectFormat = 'sha1' | 'sha256';

/** By the length of an id; before the first commit by the repository's `config`. */
export function formatOf(config: string, head: string | undefined): ObjectFormat {
  if (head !== undefined) return head.length === 64 ? 'sha256' : 'sha1';
  return /^\s*objectformat\s*=\s*sha256/im.test(config) ? 'sha256' : 'sha1';
}

/** Object format from the repository's configuration, without running git. */
export function guessFormat({ commonDir }: MemoryPaths): ObjectFormat {
  return commonDir === undefined ? 'sha1' : formatOf(readTextOrEmpty(`${commonDir}/config`), undefined);
}
