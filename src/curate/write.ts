// Writes records given directly by a person or an agent, and forgets records. Same redaction and layout as the compressor.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Cite } from '../domain/cite.ts';
import type { DraftCite } from '../domain/draft.ts';
import { RepomemError } from '../domain/errors.ts';
import { isTrusted, type Tier } from '../domain/excerpt.ts';
import { idFromBytes } from '../domain/id.ts';
import { blankRecord, matchesKey, type MemoryRecord, titleMaxChars } from '../domain/record.ts';
import { isDurable, isObservationType, type ObservationType, observationTypes } from '../domain/types.ts';
import { formatRecord } from '../format/frontmatter.ts';
import { makeCites, topOf, treePath } from '../git/cites/cites.ts';
import { appendLedger, type LedgerEntry } from '../git/state/ledger.ts';
import { recordFilePath } from '../store/layout.ts';
import { judgeKnown } from '../compress/plan/known.ts';
import { jaccard, sketchOf, wordsOf } from '../compress/plan/similarity.ts';
import { findAlike } from '../memory/find.ts';
import type { Memory } from '../memory/open.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { type FullRecord, readRecordSet, type RecordSet } from '../memory/records.ts';
import { makeRedactor, type Redactor } from '../memory/redactor.ts';
import { blobOf, entryOf, isOnOthers, refuseForeign, removeFile, writeBytes } from './record-file.ts';

type Texts = 'title' | 'description' | 'body';
type Lists = 'facts' | 'concepts' | 'aliases';

/** Fields that are given as text. */
export type RecordFields = { type?: string } & { [K in Texts]?: string } & { [K in Lists]?: readonly string[] };

export type NewRecord = RecordFields &
  Partial<Pick<MemoryRecord, 'session' | 'agent' | 'confidence' | 'source'>> & {
    title: string;
    /** `path`, `path:12` or `path:12-30`, relative to the working directory or the top of the working tree. */
    files?: readonly string[];
    supersedes?: readonly string[];
    tier?: Tier;
  };

export type Written = Awaited<ReturnType<typeof remember>>;

/** Writes one record. Throws RepomemError `usage` for input that is not a valid record, and for a duplicate. */
export async function remember(
  memory: Memory,
  input: NewRecord,
  options: { allowDuplicate?: boolean; requireFiles?: boolean } = {},
) {
  const type = typeOf(input.type ?? 'discovery');
  const recordSet = await readRecordSet(memory);
  const redactor = makeRedactor(memory);
  const wanted = (input.files ?? []).map((file) => parseFile(memory, file));
  if (options.requireFiles) for (const { path } of wanted) requireFile(memory, path);
  const cites = makeCites(memory.paths, wanted);
  if (options.requireFiles) requireLines(wanted, cites);
  const record: MemoryRecord = {
    ...emptyRecord(memory, type),
    ...redactFields(input, redactor),
    cites,
    supersedes: (input.supersedes ?? []).map((id) => resolveId(recordSet, id).excerpt.id),
    confidence: input.confidence ?? 0.8,
    ...(input.session && { session: input.session }),
    ...(input.agent && { agent: input.agent }),
    ...(input.source && { source: input.source }),
  };
  const similar = await findAlike(memory, recordSet, `${record.title} ${record.description}`, 12);
  const near = similar.map((assessed) => readFull(memory, assessed).record);
  if (!options.allowDuplicate) refuseKnown(memory, recordSet, record, near);
  const tier = input.tier ?? (isDurable(type) ? 'shared' : 'local');
  const path = writeRecord(memory, record, tier);
  const cited = new Set(cites.map((cite) => cite.path));
  const words = wordsOf({ ...record, body: '' });
  return {
    id: record.id,
    path,
    tier,
    /** Files that could not be cited: missing, ignored or outside. */
    uncited: wanted.map((cite) => cite.path).filter((file) => !cited.has(file)),
    redactions: redactor.count(),
    /** The most similar first. */
    similar: near
      .filter(
        (other) =>
          !record.supersedes.includes(other.id) && jaccard(words, wordsOf({ ...other, body: '' })) >= likeShare,
      )
      .slice(0, 3)
      .map(({ id, title }) => ({ id, title })),
  };
}

/** Rejects a missing file, which is probably a typo. */
function requireFile({ paths }: Memory, path: string): void {
  const top = topOf(paths);
  if (existsSync(resolve(top, path))) return;
  throw new RepomemError('usage', `${path}: there is no such file to cite`, {
    hint: `paths go from the working directory or from ${top}; nothing was written`,
  });
}

/** Rejects lines that the file does not have: without them the record would cite the whole of it. */
function requireLines(wanted: readonly DraftCite[], cites: readonly Cite[]): void {
  const lost = wanted.find(({ path, lines }) => {
    const ofFile = cites.filter((cite) => cite.path === path);
    return lines && ofFile.length > 0 && !ofFile.some((cite) => cite.lines?.[0] === Math.max(1, lines[0]));
  });
  if (lost !== undefined)
    throw new RepomemError('usage', `${lost.path}:${lost.lines!.join('-')}: the file has no such lines`, {
      hint: 'nothing was written; PATH alone cites the whole file',
    });
}

/**
 * Writes a tombstone that suppresses relearning the record, and deletes its file (unstaged) if no other branch can have it. Throws
 * RepomemError `usage` when it is already forgotten.
 */
export async function forget(memory: Memory, prefix: string, reason: string) {
  const recordSet = await readRecordSet(memory);
  const assessed = resolveId(recordSet, prefix);
  const { record, excerpt } = readFull(memory, assessed);
  const before = recordSet.assessed.find(
    (one) => one.isHere && isTrusted(one.trust) && one.excerpt.forgets.includes(record.id),
  );
  if (before)
    throw new RepomemError('usage', `${record.id}: forgotten already`, {
      hint: `its tombstone is ${before.excerpt.path}; deleting that takes it back`,
    });
  const draft: MemoryRecord = {
    ...emptyRecord(memory, 'tombstone'),
    title: `Forgotten: ${record.id}`,
    forgets: [record.id],
    body: makeRedactor(memory).redact(reason.trim()),
    extra: { [matchesKey]: sketchOf(record) },
  };
  const tombstone = writeRecord(memory, draft, excerpt.tier);
  const isKept = isOnOthers(memory, excerpt);
  if (!isKept) removeFile(memory, excerpt);
  // `tombstone`: its path; `isKept`: the record's own file stays until prune deletes it.
  return { id: record.id, title: record.title, tombstone, isKept };
}

/** The active record whose id begins with `prefix`. Throws as resolveId and refuseForeign, `usage` for one that is not active. */
export async function findActive(memory: Memory, prefix: string, undone: string): Promise<FullRecord> {
  const assessed = resolveId(await readRecordSet(memory), prefix);
  refuseForeign(assessed, undone);
  if (!assessed.isActive)
    throw new RepomemError('usage', `${assessed.excerpt.id}: superseded or forgotten; expected a record that stands`);
  return readFull(memory, assessed);
}

/**
 * Writes a new record and returns its path, as writeBytes does. Ledger first, then the file: a crash in between leaves an unused
 * entry, never a file without an entry. `made`: where it counts as made, if not here and now.
 */
export function writeRecord(
  memory: Memory,
  record: MemoryRecord,
  tier: Tier,
  made?: Partial<LedgerEntry> & Pick<LedgerEntry, 'onDefault'>,
): string {
  const text = formatRecord(record);
  const { id, session, created: at } = record;
  const blob = blobOf(memory, text);
  const entry = made ? { ...made, id, blob, at } : entryOf(memory, { id, blob, ...(session && { session }) }, at);
  appendLedger(memory.paths, [entry]);
  return writeBytes(memory, recordFilePath(memory.paths, record, tier), text, tier);
}

export function emptyRecord(memory: Memory, type: ObservationType | 'tombstone' | 'session'): MemoryRecord {
  const id = idFromBytes(memory.env.randomBytes(8));
  const created = `${memory.env.now().toISOString().slice(0, 19)}Z`;
  const { branch } = memory.snapshot;
  return { ...blankRecord(id, type, created), ...(branch && { branch }) };
}

/** Accepts two records on the same subject, but not two that only cite the same file. */
const likeShare = 0.3;

/** Throws RepomemError `usage` naming the duplicate record, or the tombstone that suppresses it. */
function refuseKnown(memory: Memory, recordSet: RecordSet, record: MemoryRecord, near: readonly MemoryRecord[]): void {
  const others = near.filter(({ id }) => !record.supersedes.includes(id));
  const tombstones = recordSet.assessed
    .filter(({ excerpt, trust }) => excerpt.type === 'tombstone' && isTrusted(trust))
    .map((assessed) => readFull(memory, assessed).record);
  const verdict = judgeKnown(record, others, tombstones);
  if (verdict.kind === 'known')
    throw new RepomemError('usage', `this is known already (${verdict.reason})`, {
      hint: verdict.tombstone
        ? `repomem show ${verdict.tombstone.forgets[0] ?? ''} tells who forgot it; to write it all the same: --force`
        : 'to replace a record, name it as superseded (--supersedes ID); to write it all the same: --force',
    });
  record.supersedes = [...new Set([...record.supersedes, ...verdict.supersedes])];
  record.contradicts = verdict.contradicts;
}

/** The given fields, redacted. Throws RepomemError `usage` for a title or type that no record has. */
export function redactFields(given: RecordFields, redactor: Redactor): Partial<MemoryRecord> {
  const clean = (text: string): string => redactor.redact(text.trim());
  const line = (text: string): string => clean(text).replace(/\s+/g, ' ');
  const list = (items: readonly string[]): string[] => items.map(clean).filter(Boolean);
  const { type, title, description, body, facts, concepts, aliases } = given;
  return {
    ...(type !== undefined && { type: typeOf(type) }),
    ...(title !== undefined && { title: checkTitle(line(title)) }),
    ...(description !== undefined && { description: line(description) }),
    ...(body !== undefined && { body: clean(body) }),
    ...(facts !== undefined && { facts: list(facts) }),
    ...(concepts !== undefined && { concepts: list(concepts) }),
    ...(aliases !== undefined && { aliases: list(aliases) }),
  };
}

function typeOf(type: string): ObservationType {
  if (isObservationType(type)) return type;
  throw new RepomemError('usage', `type: expected one of ${Object.keys(observationTypes).join(', ')}; got '${type}'`);
}

function checkTitle(title: string): string {
  if (title === '')
    throw new RepomemError('usage', 'title: expected a sentence that says what is to be known; got nothing');
  if (title.length > titleMaxChars)
    throw new RepomemError('usage', `title: expected at most ${titleMaxChars} characters; got ${title.length}`, {
      hint: 'the rest belongs into the description or the body',
    });
  return title;
}

/** `path`, `path:12` or `path:12-30`, from the working directory or the top of the working tree. */
export function parseFile(memory: Memory, text: string): DraftCite {
  const match = /^(.*?)(?::(\d+)(?:-(\d+))?)?$/.exec(text);
  const path = treePath(topOf(memory.paths), memory.env.cwd, match?.[1] ?? text);
  const first = match?.[2];
  return { path, ...(first !== undefined && { lines: [Number(first), Number(match?.[3] ?? first)] }) };
}
