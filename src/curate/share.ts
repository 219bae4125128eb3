// Moves a record between the two tiers: the same bytes in the other folder, the old file removed, unstaged.
import { existsSync, readFileSync } from 'node:fs';
import { RepomemError } from '../domain/errors.ts';
import type { Tier } from '../domain/excerpt.ts';
import { appendLedger } from '../git/state/ledger.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import { absolutePath, recordFilePath } from '../store/layout.ts';
import type { Memory } from '../memory/open.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { type FullRecord, readRecordSet } from '../memory/records.ts';
import { pathFrom } from '../memory/record-line.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { entryOf, isOnOthers, refuseForeign, removeFile, writeBytes } from './record-file.ts';
import { emptyRecord, forget, writeRecord } from './write.ts';

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
  const found = readFull(memory, resolveId(await readRecordSet(memory), prefix));
  const { excerpt, record } = found;
  const name = tier === 'shared' ? 'share' : 'unshare';
  if (excerpt.tier === tier) throw new RepomemError('usage', `${name} ${excerpt.id}: it is ${tier} already`);
  refuseForeign(found, 'not moved');
  const bytes = readFileSync(absolutePath(paths, excerpt.path));
  if (tier === 'shared') refuseSecrets(memory, excerpt.id, bytes.toString('utf8'));
  else if (isOnOthers(memory, excerpt)) return copyAside(memory, found);
  const file = recordFilePath(paths, record, tier);
  if (existsSync(file)) throw new RepomemError('usage', `${file}: stands in the way; expected no such file`);
  if (!ledger.byBlob.has(excerpt.blob)) appendLedger(paths, [entryOf(memory, excerpt, env.now().toISOString())]);
  const to = writeBytes(memory, file, bytes, tier);
  removeFile(memory, excerpt);
  return {
    id: excerpt.id,
    title: excerpt.title,
    from: pathFrom(paths.root, excerpt.path),
    to,
    isTracked: excerpt.tier === 'shared' && snapshot.index.has(repositoryPath(excerpt, snapshot)),
  };
}

/**
 * `git commit -a` includes deletions, which may conflict between branches. So a record that others have is forgotten, as `forget`
 * does it, and kept under a new id in a local copy.
 */
async function copyAside(memory: Memory, { excerpt, record }: FullRecord): Promise<MovedRecord> {
  const { id } = emptyRecord(memory, 'session');
  // The original belonged to the default branch, so its copy does too, whatever branch is checked out.
  const { branch, defaultBranch } = memory.snapshot;
  const isElsewhere = defaultBranch !== undefined && branch !== defaultBranch;
  const adopted = isElsewhere ? { adopted: [defaultBranch] } : {};
  const made = { ...entryOf(memory, excerpt, memory.env.now().toISOString()), ...adopted };
  const to = writeRecord(memory, { ...record, id }, 'local', made);
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
