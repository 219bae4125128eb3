import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { recordFolders } from '../../store/layout.ts';
import { startIn } from '../run/runner.ts';
import { memoryPrefixOf } from './snapshot.ts';

/** Tracked files of the record folders that are gone or not what the index holds; as Excerpt.path. Undefined when git fails. */
export async function findModified(paths: MemoryPaths): Promise<string[] | undefined> {
  const prefix = memoryPrefixOf(paths);
  const above = prefix.length - '.claude-mem/'.length;
  const folders = recordFolders.map((name) => prefix + name);
  const { ok, stdout } = await startIn(paths, ['ls-files', '-m', '-z', '--full-name', '--', ...folders]);
  const names = stdout.split('\0').filter((name) => name !== '');
  return ok ? names.map((name) => name.slice(above)) : undefined;
}
