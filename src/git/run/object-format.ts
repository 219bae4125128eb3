// Hash algorithm of a repository's object ids.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readTextOrEmpty } from '../../store/lenient-files.ts';

export type ObjectFormat = 'sha1' | 'sha256';

/** Read from the repository's `config`, without running git. */
export function guessFormat({ commonDir }: MemoryPaths): ObjectFormat {
  const config = commonDir === undefined ? '' : readTextOrEmpty(`${commonDir}/config`);
  return /^\s*objectformat\s*=\s*sha256/im.test(config) ? 'sha256' : 'sha1';
}
