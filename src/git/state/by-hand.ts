// Stores the provenance found for unknown bytes: in the ledger permanently, and in a file until the user was notified once.
import { join } from 'node:path';
import { attempt } from '../../domain/errors.ts';
import { idOfPath } from '../../domain/id.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { takeJsonLines } from '../../store/lenient-files.ts';
import { appendLines, appendSeen, madeHere } from './ledger.ts';
import type { Provenance } from './provenance.ts';

const fileName = 'by-hand.jsonl';

export interface HandWritten {
  id: string;
  /** Relative to the top of the working tree; absolute for a local record. */
  path: string;
  blob: string;
}

/** Best effort: if the disk refuses the write, the next snapshot finds it again. */
export function keepProvenance(
  paths: MemoryPaths,
  { byHand, foreign }: Provenance,
  now: Parameters<typeof madeHere>[1],
  at: string,
): void {
  if (byHand.length === 0 && foreign.length === 0) return;
  const made = { at, ...madeHere(paths, now), byHand: true as const };
  const records = byHand.filter(({ path }) => path.endsWith('.md'));
  attempt(() => {
    // Notify first: after the ledger entry, the file is not examined again.
    appendLines(
      paths,
      fileName,
      records.map(({ path, blob }): HandWritten => ({ id: idOfPath(path), path, blob })),
    );
    appendSeen(paths, [
      ...byHand.map(({ path, blob }) => ({ id: idOfPath(path), blob, ...made })),
      ...foreign.map(({ path, blob }) => ({ id: idOfPath(path), foreign: blob, at })),
    ]);
  });
}

/** Returns hand-written records that the user was not notified about yet, and marks them as notified. */
export function takeHandWritten(paths: MemoryPaths): HandWritten[] {
  return takeJsonLines(join(paths.privateDir, fileName));
}
