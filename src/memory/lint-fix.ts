// Mends what is safe to mend, in files that are one's own and not committed: bytes that nobody sees or that carry no meaning.
import { join } from 'node:path';
import { isAmong } from '../git/snapshot.ts';
import { judgeTrust, repositoryPath } from '../git/trust.ts';
import { appendLedger } from '../git/ledger.ts';
import { removeInvisible } from '../privacy/invisible.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { blobId } from '../store/blob.ts';
import { isRecordPath, trimLine, type LintItem } from './lint-finding.ts';
import type { Memory } from './open.ts';

/** Paths that were written. What git has already, and what came from others, stays as it is. */
export function fixItems(memory: Memory, items: readonly LintItem[]): string[] {
  const { place, snapshot, ledger, env } = memory;
  return items.flatMap((item) => {
    if (!item.bytes || item.kind !== 'file' || !isRecordPath(item.path)) return [];
    const text = item.bytes.toString('utf8');
    const fixed = tidyText(text);
    // Not UTF-8: guessing would spoil it.
    if (fixed === text || !Buffer.from(text).equals(item.bytes)) return [];
    const blob = blobId(item.bytes, snapshot.objectFormat);
    const inGit = repositoryPath(item, snapshot);
    const isUncommitted = !snapshot.isRepository || isAmong(snapshot.dirty, inGit);
    if (!isUncommitted || snapshot.reviewed.has(inGit)) return [];
    if (judgeTrust({ path: item.path, tier: 'shared', blob }, snapshot, ledger) !== 'own') return [];
    const entry = ledger.byBlob.get(blob);
    if (entry)
      appendLedger(place, [
        { ...entry, blob: blobId(Buffer.from(fixed), snapshot.objectFormat), at: env.now().toISOString() },
      ]);
    writeFileAtomic(join(place.root, item.path), fixed, { within: place.root });
    return [item.path];
  });
}

/** Idempotent. */
export function tidyText(text: string): string {
  const plain = removeInvisible(text.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n'));
  return plain.split('\n').map(trimLine).join('\n');
}
