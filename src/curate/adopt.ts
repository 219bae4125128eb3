// Moves records from the branch they were made on to the current branch.
import { RepomemError } from '../domain/errors.ts';
import { adoptEntry, appendLedger } from '../git/state/ledger.ts';
import { entryOf, refuseForeign } from './record-file.ts';
import { requireRepository, type Memory } from '../memory/open.ts';
import { resolveId } from '../memory/read.ts';
import { readRecordSet, type AssessedRecord, type RecordSet } from '../memory/records.ts';

/** Records that belong to another branch, without sessions. */
export function listElsewhere(recordSet: RecordSet): AssessedRecord[] {
  return recordSet.assessed.filter(
    ({ excerpt, trust, isHere }) => !isHere && trust !== 'foreign' && excerpt.type !== 'session',
  );
}

/** `ids`, or all records of other branches. Throws RepomemError `untrusted` for a foreign record, `usage` when HEAD is detached. */
export async function adoptRecords(memory: Memory, ids: readonly string[] | 'all') {
  requireRepository(memory);
  const { paths, snapshot, ledger, env } = memory;
  const { branch } = snapshot;
  if (branch === undefined)
    throw new RepomemError('usage', 'adopt: expected a branch to be checked out; HEAD is detached', {
      hint: 'git switch BRANCH, then adopt',
    });
  const recordSet = await readRecordSet(memory);
  const chosen = ids === 'all' ? listElsewhere(recordSet) : ids.map((id) => resolveId(recordSet, id));
  const at = env.now().toISOString();
  for (const one of chosen) refuseForeign(one, 'not adopted');
  const entries = chosen.flatMap(({ excerpt, isHere }) => {
    if (isHere) return [];
    // For a hand-written record only the file names its branch.
    const { branch: from } = excerpt;
    const written = { ...entryOf(memory, excerpt, at), onDefault: false, ...(from !== undefined && { branch: from }) };
    return [adoptEntry(ledger.byBlob.get(excerpt.blob) ?? written, branch, at)];
  });
  appendLedger(paths, entries);
  return { branch, records: chosen.map(({ excerpt: { id, title, path, tier } }) => ({ id, title, path, tier })) };
}
