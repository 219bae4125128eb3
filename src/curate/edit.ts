// Edits a record: the user's own uncommitted one is rewritten, any other is superseded by the edited version.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { RepomemError } from '../domain/errors.ts';
import { isObservationType, observationTypes } from '../domain/types.ts';
import type { MemoryRecord } from '../domain/record.ts';
import { appendLedger } from '../git/state/ledger.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import { formatRecord } from '../format/frontmatter.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { blobId } from '../store/blob.ts';
import { absolutePath } from '../store/layout.ts';
import { entryOf } from './ledger-entry.ts';
import type { Memory } from '../memory/open.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { readRecordSet, type AssessedRecord } from '../memory/records.ts';
import { checkTitle, emptyRecord, writeRecord } from './write.ts';

/** Fields to change; absent fields are kept. */
export interface RecordEdit {
  type?: string;
  title?: string;
  description?: string;
  body?: string;
  facts?: readonly string[];
  concepts?: readonly string[];
}

export interface Edited {
  id: string;
  path: string;
  /** The record that the new one supersedes; absent when the file itself was rewritten. */
  supersedes?: string;
  redactions: number;
}

/** True for a record that only this machine can have: not committed, not staged, made here. */
export function isRewritable(
  { snapshot }: Pick<Memory, 'snapshot'>,
  { excerpt, trust, isActive }: AssessedRecord,
): boolean {
  if (trust === 'foreign' || !isActive) return false;
  if (excerpt.tier === 'local') return true;
  return trust === 'own' && !snapshot.index.has(repositoryPath(excerpt, snapshot));
}

/** Throws RepomemError `usage` for an edit that gives no valid record, `untrusted` for a foreign record. */
export async function editRecord(memory: Memory, prefix: string, edit: RecordEdit): Promise<Edited> {
  const assessed = resolveId(await readRecordSet(memory), prefix);
  const { excerpt, trust } = assessed;
  if (trust === 'foreign')
    throw new RepomemError('untrusted', `${excerpt.id}: came from elsewhere and is not reviewed; not edited`);
  if (!assessed.isActive)
    throw new RepomemError('usage', `${excerpt.id}: superseded or forgotten; expected a record that stands`);
  const { record } = readFull(memory, assessed);
  const redactor = makeRedactor(memory);
  const next = applyEdit(record, edit, (text) => redactor.redact(text.trim()));
  if (!isRewritable(memory, assessed)) {
    const fresh = emptyRecord(memory, 'discovery');
    const { session: _session, agent: _agent, generated: _generated, ...kept } = next;
    const superseding = { ...kept, id: fresh.id, created: fresh.created, supersedes: [record.id] };
    const path = writeRecord(memory, { ...superseding, ...(fresh.branch && { branch: fresh.branch }) }, excerpt.tier);
    return { id: fresh.id, path, supersedes: record.id, redactions: redactor.count() };
  }
  const { paths, snapshot, env, ledger } = memory;
  const file = absolutePath(paths, excerpt.path);
  const text = formatRecord(next);
  const blob = blobId(Buffer.from(text), snapshot.objectFormat);
  const known = ledger.byBlob.get(blobId(readFileSync(file), snapshot.objectFormat));
  appendLedger(paths, [{ ...(known ?? entryOf(memory, excerpt, env.now().toISOString())), id: record.id, blob }]);
  writeFileAtomic(file, text, {
    within: excerpt.tier === 'local' ? dirname(dirname(paths.localDir)) : paths.root,
  });
  return { id: record.id, path: excerpt.path, redactions: redactor.count() };
}

function applyEdit(record: MemoryRecord, edit: RecordEdit, clean: (text: string) => string): MemoryRecord {
  const { type } = edit;
  if (type !== undefined && !isObservationType(type))
    throw new RepomemError('usage', `type: expected one of ${Object.keys(observationTypes).join(', ')}; got '${type}'`);
  const list = (items: readonly string[]): string[] => items.map(clean).filter(Boolean);
  const title = edit.title === undefined ? record.title : clean(edit.title).replace(/\s+/g, ' ');
  checkTitle(title);
  return {
    ...record,
    title,
    ...(type !== undefined && { type }),
    ...(edit.description !== undefined && { description: clean(edit.description).replace(/\s+/g, ' ') }),
    ...(edit.body !== undefined && { body: clean(edit.body) }),
    ...(edit.facts !== undefined && { facts: list(edit.facts) }),
    ...(edit.concepts !== undefined && { concepts: list(edit.concepts) }),
  };
}
