// Writes records given directly by a person or an agent, and forgets records. Same redaction and layout as the compressor.
import { existsSync, rmSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { DraftCite } from '../domain/draft.ts';
import { RepomemError } from '../domain/errors.ts';
import { isTrusted, type Excerpt, type Tier } from '../domain/excerpt.ts';
import { idFromBytes } from '../domain/id.ts';
import { blankRecord, matchesKey, titleMaxChars, type MemoryRecord } from '../domain/record.ts';
import { isDurable, isObservationType, observationTypes, type ObservationType } from '../domain/types.ts';
import { makeCites } from '../git/cites/cites.ts';
import { appendLedger } from '../git/state/ledger.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { blobId } from '../store/blob.ts';
import { formatRecord } from '../format/frontmatter.ts';
import { recordFilePath } from '../store/layout.ts';
import { ensureLocalDir } from '../store/scaffold.ts';
import { treePath } from '../store/tree-path.ts';
import { judgeKnown } from '../compress/plan/known.ts';
import { jaccard, sketchOf, wordsOf } from '../compress/plan/similarity.ts';
import { findSimilar } from '../memory/find.ts';
import type { Memory } from '../memory/open.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { readRecordSet, type RecordSet } from '../memory/records.ts';

export interface NewRecord {
  title: string;
  type?: string;
  description?: string;
  body?: string;
  facts?: readonly string[];
  concepts?: readonly string[];
  aliases?: readonly string[];
  /** `path`, `path:12` or `path:12-30`, relative to the working directory or the top of the working tree. */
  files?: readonly string[];
  supersedes?: readonly string[];
  tier?: Tier;
  session?: string;
  agent?: string;
  confidence?: number;
  source?: 'external';
}

export interface Written {
  id: string;
  /** Relative to the folder that holds `.claude-mem`, if it lies below it. */
  path: string;
  tier: Tier;
  /** Files that could not be cited: missing, ignored or outside. */
  uncited: string[];
  redactions: number;
  /** Similar records, the most similar first. */
  similar: { id: string; title: string }[];
}

/** Writes one record. Throws RepomemError `usage` for input that is not a valid record, and for a duplicate. */
export async function remember(
  memory: Memory,
  input: NewRecord,
  options: { allowDuplicate?: boolean; requireFiles?: boolean } = {},
): Promise<Written> {
  const type = input.type ?? 'discovery';
  if (!isObservationType(type))
    throw new RepomemError('usage', `type: expected one of ${Object.keys(observationTypes).join(', ')}; got '${type}'`);
  const recordSet = await readRecordSet(memory);
  const redactor = makeRedactor(memory);
  const clean = (text: string): string => redactor.redact(text.trim());
  const wanted = (input.files ?? []).map((file) => parseFile(memory, file));
  if (options.requireFiles) for (const { path } of wanted) requireFile(memory, path);
  const cites = makeCites(memory.paths, wanted);
  const record: MemoryRecord = {
    ...emptyRecord(memory, type),
    title: clean(input.title).replace(/\s+/g, ' '),
    description: clean(input.description ?? ''),
    body: clean(input.body ?? ''),
    facts: (input.facts ?? []).map(clean).filter(Boolean),
    concepts: (input.concepts ?? []).map(clean).filter(Boolean),
    aliases: (input.aliases ?? []).map(clean).filter(Boolean),
    cites,
    supersedes: (input.supersedes ?? []).map((id) => resolveId(recordSet, id).excerpt.id),
    confidence: input.confidence ?? 0.8,
    ...(input.session && { session: input.session }),
    ...(input.agent && { agent: input.agent }),
    ...(input.source && { source: input.source }),
  };
  checkTitle(record.title);
  const near = await findNear(memory, recordSet, record);
  if (!options.allowDuplicate) refuseKnown(memory, recordSet, record, near);
  const tier = input.tier ?? (isDurable(type) ? 'shared' : 'local');
  const path = writeRecord(memory, record, tier);
  const cited = new Set(cites.map((cite) => cite.path));
  return {
    id: record.id,
    path,
    tier,
    uncited: wanted.map((cite) => cite.path).filter((file) => !cited.has(file)),
    redactions: redactor.count(),
    similar: near
      .filter((other) => !record.supersedes.includes(other.id) && isLike(record, other))
      .slice(0, 3)
      .map(({ id, title }) => ({ id, title })),
  };
}

/** Rejects a missing file, which is probably a typo. */
function requireFile({ paths }: Memory, path: string): void {
  const top = paths.worktree ?? paths.root;
  if (existsSync(resolve(top, path))) return;
  throw new RepomemError('usage', `${path}: there is no such file to cite`, {
    hint: `paths go from the working directory or from ${top}; nothing was written`,
  });
}

export interface Forgotten {
  id: string;
  title: string;
  /** Path of its tombstone. */
  tombstone: string;
  /** The record's own file stays until prune deletes it. */
  isKept: boolean;
}

/**
 * Writes a tombstone that suppresses relearning the record, and deletes its file (unstaged) if no other branch can have it. Throws
 * RepomemError `usage` when it is already forgotten.
 */
export async function forget(memory: Memory, prefix: string, reason: string): Promise<Forgotten> {
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
  if (!isKept) rmSync(isAbsolute(excerpt.path) ? excerpt.path : join(memory.paths.root, excerpt.path), { force: true });
  return { id: record.id, title: record.title, tombstone, isKept };
}

/**
 * Whether other branches have the file too. `git commit -a` includes every deletion; beside a similar new record git sees a rename,
 * and two branches that rename one file differently conflict. So such a record is hidden by its tombstone alone, on every branch
 * that has it, until prune deletes the file in a commit without additions. A default branch without a remote has no other copies.
 */
export function isOnOthers({ snapshot }: Pick<Memory, 'snapshot'>, excerpt: Pick<Excerpt, 'tier' | 'path'>): boolean {
  if (excerpt.tier !== 'shared' || !snapshot.reviewed.has(repositoryPath(excerpt, snapshot))) return false;
  return snapshot.hasRemote || snapshot.branch !== snapshot.defaultBranch;
}

/** Ledger first, then the file: a crash in between leaves an unused entry, never a file without an entry. */
export function writeRecord(memory: Memory, record: MemoryRecord, tier: Tier): string {
  const { paths, snapshot } = memory;
  const text = formatRecord(record);
  const file = recordFilePath(paths, record, tier);
  if (tier === 'local') ensureLocalDir(paths);
  appendLedger(paths, [
    {
      id: record.id,
      blob: blobId(Buffer.from(text), snapshot.objectFormat),
      at: record.created,
      ...(record.session && { session: record.session }),
      ...(snapshot.head && { commit: snapshot.head }),
      ...(snapshot.branch && { branch: snapshot.branch }),
      onDefault: snapshot.branch === undefined || snapshot.branch === snapshot.defaultBranch,
      worktree: paths.worktreeKey,
    },
  ]);
  // A committed link must not redirect the write.
  const within = tier === 'local' ? dirname(dirname(paths.localDir)) : paths.root;
  writeFileAtomic(file, text, { within });
  const below = relative(paths.root, file);
  return below.startsWith('..') ? file : below;
}

export function emptyRecord(memory: Memory, type: ObservationType | 'tombstone' | 'session'): MemoryRecord {
  const id = idFromBytes(memory.env.randomBytes(8));
  const created = `${memory.env.now().toISOString().slice(0, 19)}Z`;
  const { branch } = memory.snapshot;
  return { ...blankRecord(id, type, created), ...(branch && { branch }) };
}

async function findNear(memory: Memory, recordSet: RecordSet, record: MemoryRecord): Promise<MemoryRecord[]> {
  const similar = await findSimilar(memory, recordSet, record, 12);
  return similar.map((assessed) => readFull(memory, assessed).record);
}

/** Accepts two records on the same subject, but not two that only cite the same file. */
const likeShare = 0.3;

function isLike(record: MemoryRecord, other: MemoryRecord): boolean {
  return jaccard(wordsOf({ ...record, body: '' }), wordsOf({ ...other, body: '' })) >= likeShare;
}

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

export function checkTitle(title: string): void {
  if (title === '')
    throw new RepomemError('usage', 'title: expected a sentence that says what is to be known; got nothing');
  if (title.length > titleMaxChars)
    throw new RepomemError('usage', `title: expected at most ${titleMaxChars} characters; got ${title.length}`, {
      hint: 'the rest belongs into the description or the body',
    });
}

/** `path`, `path:12` or `path:12-30`, from the working directory or the top of the working tree. */
export function parseFile(memory: Memory, text: string): DraftCite {
  const match = /^(.*?)(?::(\d+)(?:-(\d+))?)?$/.exec(text);
  const name = match?.[1] ?? text;
  const top = memory.paths.worktree ?? memory.paths.root;
  const path = treePath(top, memory.env.cwd, name);
  const first = Number(match?.[2] ?? 0);
  return { path, ...(first > 0 && { lines: [first, Number(match?.[3] ?? first)] as [number, number] }) };
}
