// Edits a record: the user's own uncommitted one is rewritten, any other is superseded by the edited version.
import { readFileSync } from 'node:fs';
import { appendLedger } from '../../../git/state/ledger.ts';
import { repositoryPath } from '../../../git/state/judge-trust.ts';
import { formatRecord } from '../../../format/frontmatter.ts';
import { absolutePath } from '../../../store/layout.ts';
import type { Memory } from '../../../memory/open.ts';
import { makeRedactor } from '../../../memory/redactor.ts';
import type { AssessedRecord } from '../../../memory/records.ts';
import { blobOf, entryOf, writeBytes } from '../../../curate/record-file.ts';
import { emptyRecord, findActive, redactFields, writeRecord, type RecordFields } from '../../../curate/write.ts';

/** True for a record that only this machine can have: not committed, not staged, made here. */
export function isRewritable(
  { snapshot }: Pick<Memory, 'snapshot'>,
  { excerpt, trust, isActive }: AssessedRecord,
): boolean {
  if (trust === 'foreign' || !isActive) return false;
  if (excerpt.tier === 'local') return true;
  return trust === 'own' && !snapshot.index.has(repositoryPath(excerpt, snapshot));
}

/** Absent fields are kept. Throws RepomemError `usage` for an edit that gives no valid record, `untrusted` for a foreign record. */
export async function editRecord(memory: Memory, prefix: string, edit: RecordFields) {
  const found = await findActive(memory, prefix, 'not edited');
  const { record, excerpt } = found;
  const redactor = makeRedactor(memory);
  const next = { ...record, ...redactFields(edit, redactor) };
  if (!isRewritable(memory, found)) {
    const { id, created, branch } = emptyRecord(memory, 'discovery');
    const { session: _session, agent: _agent, generated: _generated, ...kept } = next;
    const superseding = { ...kept, id, created, supersedes: [record.id], ...(branch && { branch }) };
    const path = writeRecord(memory, superseding, excerpt.tier);
    return { id, path, supersedes: record.id, redactions: redactor.count() };
  }
  const file = absolutePath(memory.paths, excerpt.path);
  const text = formatRecord(next);
  const known = memory.ledger.byBlob.get(blobOf(memory, readFileSync(file)));
  const entry = known ?? entryOf(memory, excerpt, memory.env.now().toISOString());
  appendLedger(memory.paths, [{ ...entry, id: record.id, blob: blobOf(memory, text) }]);
  writeBytes(memory, file, text, excerpt.tier);
  return { id: record.id, path: excerpt.path, redactions: redactor.count() };
}
