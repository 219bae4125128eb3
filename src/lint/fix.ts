// Fixes what is safe to fix in the user's own uncommitted files: invisible bytes and bytes without meaning.
import { join } from 'node:path';
import { isAmong } from '../git/state/snapshot.ts';
import { judgeTrust, repositoryPath } from '../git/state/judge-trust.ts';
import { appendLedger } from '../git/state/ledger.ts';
import { removeInvisible } from '../privacy/invisible.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { blobId } from '../store/blob.ts';
import { trimLine, type LintItem } from './lint-finding.ts';
import type { Memory } from '../memory/open.ts';
import { isRecordPath } from '../store/layout.ts';

/** Returns the written paths. Committed files, and files from others, are not changed. */
export function fixItems(memory: Memory, items: readonly LintItem[]): string[] {
  const { paths, snapshot, ledger, env } = memory;
  return items.flatMap((item) => {
    if (!item.bytes || item.kind !== 'file' || !isRecordPath(item.path)) return [];
    const text = item.bytes.toString('utf8');
    const fixed = tidyText(text);
    // Not UTF-8: guessing the encoding could damage it.
    if (fixed === text || !Buffer.from(text).equals(item.bytes)) return [];
    const blob = blobId(item.bytes, snapshot.objectFormat);
    const inGit = repositoryPath(item, snapshot);
    const isUncommitted = !snapshot.isRepository || isAmong(snapshot.dirty, inGit);
    if (!isUncommitted || snapshot.reviewed.has(inGit)) return [];
    if (judgeTrust({ path: item.path, tier: 'shared', blob }, snapshot, ledger) !== 'own') return [];
    const entry = ledger.byBlob.get(blob);
    if (entry)
      appendLedger(paths, [
        { ...entry, blob: blobId(Buffer.from(fixed), snapshot.objectFormat), at: env.now().toISOString() },
      ]);
    writeFileAtomic(join(paths.root, item.path), fixed, { within: paths.root });
    return [item.path];
  });
}

export function tidyText(text: string): string {
  const plain = removeInvisible(text.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n'));
  return plain.split('\n').map(trimLine).join('\n');
}
