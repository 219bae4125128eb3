// Moves a record between the two tiers: the same bytes in the other folder, the old file removed, unstaged.
import { readFileSync, rmSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { RepomemError } from '../domain/errors.ts';
import type { Tier } from '../domain/excerpt.ts';
import { appendLedger } from '../git/state/ledger.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import { exists, writeFileAtomic } from '../store/atomic.ts';
import { blobId } from '../store/blob.ts';
import { recordFilePath } from '../store/layout.ts';
import { ensureLocalDir } from '../store/scaffold.ts';
import { entryOf } from './ledger-entry.ts';
import type { Memory } from '../memory/open.ts';
import { readFull, resolveId, type FullRecord } from '../memory/read.ts';
import { pathFrom } from '../memory/record-line.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { readRecordSet } from '../memory/records.ts';
import { emptyRecord, forget, isOnOthers, writeRecord } from './write.ts';

export interface MovedRecord {
  id: string;
  title: string;
  from: string;
  to: string;
  /** Git still tracks the old file: the user commits its deletion. */
  isTracked: boolean;
  /** The old file stays because other branches have it too; a tombstone hides it, and the local copy has a new id. */
  keptAs?: { id: string; tombstone: string };
}

/**
 * Writes the record into `tier` and removes it from the other. Throws RepomemError `usage` when it is already there, `private` when
 * it would share a secret, `untrusted` for a foreign record.
 */
export async function moveRecord(memory: Memory, prefix: string, tier: Tier): Promise<MovedRecord> {
  const { paths, snapshot, ledger, env } = memory;
  const { excerpt, trust, record } = readFull(memory, resolveId(await readRecordSet(memory), prefix));
  const name = tier === 'shared' ? 'share' : 'unshare';
  if (excerpt.tier === tier) throw new RepomemError('usage', `${name} ${excerpt.id}: it is ${tier} already`);
  if (trust === 'foreign')
    throw new RepomemError('untrusted', `${excerpt.id}: came from elsewhere and is not reviewed; not moved`, {
      hint: `repomem show ${excerpt.id} --foreign shows it; repomem trust ${excerpt.id} accepts it`,
    });
  const old = isAbsolute(excerpt.path) ? excerpt.path : join(paths.root, excerpt.path);
  const bytes = readFileSync(old);
  if (tier === 'shared') refuseSecrets(memory, excerpt.id, bytes.toString('utf8'));
  else ensureLocalDir(paths);
  if (tier === 'local' && isOnOthers(memory, excerpt)) return copyAside(memory, { excerpt, record });
  const file = recordFilePath(paths, record, tier);
  if (exists(file)) throw new RepomemError('usage', `${file}: stands in the way; expected no such file`);
  if (!ledger.byBlob.has(excerpt.blob)) appendLedger(paths, [entryOf(memory, excerpt, env.now().toISOString())]);
  writeFileAtomic(file, bytes, {
    within: tier === 'local' ? dirname(dirname(paths.localDir)) : paths.root,
    ...(tier === 'local' && { dirMode: 0o700 }),
  });
  rmSync(old, { force: true });
  const below = relative(paths.root, file);
  return {
    id: excerpt.id,
    title: excerpt.title,
    from: pathFrom(paths.root, excerpt.path),
    to: below.startsWith('..') ? file : below,
    isTracked: excerpt.tier === 'shared' && snapshot.index.has(repositoryPath(excerpt, snapshot)),
  };
}

/**
 * `git commit -a` includes deletions, which may conflict between branches. So a record that others have is forgotten, as `forget`
 * does it, and kept under a new id in a local copy.
 */
async function copyAside(
  memory: Memory,
  { excerpt, record }: Pick<FullRecord, 'excerpt' | 'record'>,
): Promise<MovedRecord> {
  const { paths, snapshot, env } = memory;
  const { id } = emptyRecord(memory, 'session');
  const to = writeRecord(memory, { ...record, id }, 'local');
  // The original belonged to the default branch, so its copy does too, whatever branch is checked out.
  const { branch, defaultBranch } = snapshot;
  if (defaultBranch !== undefined && branch !== defaultBranch) {
    const blob = blobId(readFileSync(isAbsolute(to) ? to : join(paths.root, to)), snapshot.objectFormat);
    appendLedger(paths, [{ id, blob, at: env.now().toISOString(), onDefault: false, adopted: [defaultBranch] }]);
  }
  const { tombstone } = await forget(memory, excerpt.id, 'kept on one machine alone');
  return { id, title: excerpt.title, from: excerpt.path, to, isTracked: true, keptAs: { id: excerpt.id, tombstone } };
}

/** A local file may have been edited by hand after redaction. */
function refuseSecrets(memory: Memory, id: string, text: string): void {
  const redactor = makeRedactor(memory);
  redactor.redact(text);
  if (redactor.count() === 0) return;
  throw new RepomemError('private', `${id}: holds ${redactor.count()} secret or private passages; not shared`, {
    hint: `repomem show ${id} --raw | repomem redact shows which`,
  });
}
