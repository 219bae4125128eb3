// Files changed by a range of commits as a whole, with the blobs of both sides: enough to judge cites without a checkout.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { plainDiff } from '../run/harden.ts';
import { runCommand, type OpenOptions } from '../run/simple-git.ts';

export interface FileChange {
  status: 'A' | 'M' | 'D' | 'R';
  /** Path before the change; the same as `path` unless renamed. */
  from: string;
  path: string;
  /** Full blob ids; absent where there is no regular file. */
  before?: string;
  after?: string;
}

/**
 * Keyed by path, relative to the top of the working tree; with git's rename detection. `base` and `head` are full ids. Throws
 * RepomemError `git`.
 */
export async function listChanges(
  paths: MemoryPaths,
  base: string,
  head: string,
  options: OpenOptions = {},
): Promise<FileChange[]> {
  const shape = ['--raw', '-z', '--no-abbrev', '-M', '-l2000', '--ignore-submodules=all'];
  const fields = (await runCommand(paths, ['diff', ...plainDiff, ...shape, base, head, '--'], options)).split('\0');
  const changes: FileChange[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    const match = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(fields[at] ?? '');
    if (!match) continue;
    const [, oldMode, newMode, was = '', now = '', letter = ''] = match;
    const from = fields[at + 1] ?? '';
    const isPair = letter === 'R' || letter === 'C';
    if (isPair) at += 1;
    const status = letter === 'C' ? 'A' : letter === 'A' || letter === 'D' || letter === 'R' ? letter : 'M';
    changes.push({
      status,
      from,
      path: fields[at + 1] ?? from,
      ...(isFile(oldMode) && { before: was }),
      ...(isFile(newMode) && { after: now }),
    });
  }
  return changes;
}

function isFile(mode: string | undefined): boolean {
  return mode?.startsWith('100') === true;
}
