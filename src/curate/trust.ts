// Lists untrusted files and marks them as trusted on the user's request.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../domain/errors.ts';
import type { Excerpt } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { namesIn } from '../store/lenient-files.ts';
import { appendLedger } from '../git/state/ledger.ts';
import { isFileReviewed, judgeFile } from '../git/state/judge-trust.ts';
import { blobId } from '../store/blob.ts';
import { memoryDirName, settingsName } from '../store/locate.ts';
import type { Memory } from '../memory/open.ts';
import { readRecordSet } from '../memory/records.ts';

/** `name`: a record's id, or the path of another file. */
export type Untrusted = Pick<Excerpt, 'path' | 'title' | 'blob'> & { name: string };

export async function listUntrusted(memory: Memory): Promise<Untrusted[]> {
  const recordSet = await readRecordSet(memory);
  const records = recordSet.assessed
    .filter(({ trust }) => trust === 'foreign')
    .map(({ excerpt }) => ({ name: excerpt.id, path: excerpt.path, title: excerpt.title, blob: excerpt.blob }));
  return [...records, ...otherFiles(memory)];
}

/** Settings, modes and ignore rules, which take effect rather than being read. */
function otherFiles({ paths, snapshot, ledger }: Memory): Untrusted[] {
  const modes = namesIn(join(paths.memoryDir, 'modes')).filter((name) => name.endsWith('.yaml'));
  const names = [settingsName, ...modes.map((name) => `modes/${name}`), 'ignore'];
  return names.flatMap((name) => {
    const path = `${memoryDirName}/${name}`;
    const blob = blobOf(join(paths.root, path), snapshot.objectFormat);
    if (blob === undefined || isFileReviewed(snapshot, path, blob)) return [];
    return judgeFile(path, blob, snapshot, ledger) === 'foreign' ? [{ name: path, path, title: '', blob }] : [];
  });
}

/** Marks a memory file written here as our own: it takes effect although no other branch has it yet. */
export function ownFile(paths: MemoryPaths, path: string, format: 'sha1' | 'sha256', now: Date): void {
  const blob = blobOf(join(paths.root, path), format);
  if (blob !== undefined) appendLedger(paths, [{ id: path, blob, at: now.toISOString(), onDefault: true }]);
}

/** Adds ledger entries, as for records that were made here. */
export function trustFiles({ paths, env }: Memory, files: readonly Untrusted[]): void {
  const at = env.now().toISOString();
  const entries = files.map(({ name, blob }) => ({ id: name, blob, at, onDefault: true }));
  appendLedger(paths, entries);
}

function blobOf(file: string, format: 'sha1' | 'sha256'): string | undefined {
  return attempt(() => blobId(readFileSync(file), format));
}
