// Records that a person wrote with no command of ours, an applied patch or archive included: the person is told once, so that none slips in
// unseen.
import { basename, isAbsolute, join } from 'node:path';
import { takeHandWritten } from '../git/state/by-hand.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { statRecordFile } from '../store/list-files.ts';
import { cleanLine } from '../privacy/invisible.ts';

export interface HandWrittenRecord {
  id: string;
  title: string;
}

const maxNamed = 3;
const maxTitleChars = 90;

/** Those that were found since the last call, in any process; each is given once. */
export async function newHandWritten(paths: MemoryPaths): Promise<HandWrittenRecord[]> {
  return Promise.all(
    takeHandWritten(paths).map(async ({ id, path }) => {
      const absolute = isAbsolute(path) ? path : join(paths.worktree ?? paths.root, path);
      return { id, title: cleanLine(await titleOf(path, absolute), maxTitleChars) };
    }),
  );
}

/** The file's name where it cannot be read. */
async function titleOf(path: string, absolute: string): Promise<string> {
  const file = statRecordFile({ path, absolute, tier: isAbsolute(path) ? 'local' : 'shared' });
  if (file === undefined || 'problem' in file) return basename(path);
  const { readRecordFile } = await import('../store/read-file.ts');
  const read = readRecordFile(file);
  return 'record' in read ? read.record.title : basename(path);
}

/** `1 record written by hand: TITLE`; '' for none. */
export function handWrittenLine(records: readonly HandWrittenRecord[]): string {
  if (records.length === 0) return '';
  const named = records.slice(0, maxNamed).map(({ title }) => title);
  const more = records.length > maxNamed ? ` and ${records.length - maxNamed} more` : '';
  return `repomem: ${records.length} record${records.length === 1 ? '' : 's'} written by hand: ${named.join('; ')}${more}`;
}
