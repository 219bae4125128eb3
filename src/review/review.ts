// Reviews a branch's changes of the memory for a person, judged by the base's records only: records under review do not supersede,
// forget or suppress anything here.
import { isForgotten } from '../compress/plan/known.ts';
import { recordLine } from '../context/render-block.ts';
import { tokensOf } from '../domain/excerpt.ts';
import { RepomemError } from '../domain/errors.ts';
import { isObservationType, observationTypes } from '../domain/types.ts';
import type { RawChange } from '../git/cites/renames.ts';
import { findAdders, listChanges } from '../git/history/memory-history.ts';
import { memoryPrefixOf } from '../git/state/snapshot.ts';
import type { PastRecord } from '../history/at-revision.ts';
import { lintMemory } from '../lint/lint.ts';
import { requireRepository, type Memory } from '../memory/open.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { findLike } from './repeated-records.ts';
import { parseRange } from './range.ts';
import { compareRevisions, readRevision, type Revision } from './two-revisions.ts';
import { findMadeStale } from './stale.ts';
import { isRecordPath } from '../store/layout.ts';

/** A record as shown in lists. */
export interface Named {
  id: string;
  type: string;
  title: string;
}

export interface Pair {
  /** The record under review. */
  record: Named;
  other: Named;
  /** Stated in the record itself, or found by comparison. */
  how: 'named' | 'found';
  /** The other record is under review too. */
  isBothNew: boolean;
}

/** A review as a value, for rendering and for programs. */
export type Review = Awaited<ReturnType<typeof reviewRange>>;

/**
 * `words`: `BASE..HEAD`, `BASE`, or nothing: from where HEAD left the default branch to HEAD. Throws RepomemError `git` when a
 * shallow clone lacks that commit, `not-found` for an unknown commit.
 */
export async function reviewRange(memory: Memory, words?: string, progress: (text: string) => void = () => {}) {
  requireRepository(memory);
  const { paths } = memory;
  const { base, head } = endsOf(memory, words);
  progress('reading the records of both ends');
  const [before, after] = [readRevision(paths, base), readRevision(paths, head)];
  const moves = compareRevisions(before, after);
  const changes = await listChanges(paths, base, head);
  progress('looking for secrets and damaged files');
  const lint = await lintMemory(memory, { kind: 'range', base, head });
  const adders = await findAdders(paths, { revision: head, since: base });
  // A review comment must not spread a leak further than the diff does.
  const clean = makeRedactor(memory).redact;
  const nameOf: Namer = (known, id = known?.record.id ?? '') => ({
    id: clean(id),
    type: known?.record.type ?? '',
    title: clean(known?.record.title ?? ''),
  });
  const title = (id: string): Named => nameOf(before.byId.get(id) ?? after.byId.get(id), id);
  const news = moves.added.filter(({ record }) => record.type !== 'tombstone');
  const tombstones = moves.added.filter(({ record }) => record.type === 'tombstone');
  const barring = [...before.byId.values()].map(({ record }) => record).filter(({ type }) => type === 'tombstone');
  const replaced = new Map(news.flatMap(({ record }) => record.supersedes.map((id) => [id, record.id] as const)));
  const madeStale = findMadeStale(paths, before.active, changes);
  const staleIds = new Set(madeStale.map(({ known }) => known.record.id));
  const forgets = new Set(tombstones.flatMap(({ record }) => record.forgets));
  /** How the range itself handles a record that it makes stale; `by`: the record that supersedes it. */
  const answerTo = (id: string): { how: 'superseded' | 'edited' | 'removed'; by?: string } | undefined => {
    const by = replaced.get(id);
    if (by !== undefined) return { how: 'superseded', by };
    if (!after.byId.has(id)) return { how: 'removed' };
    return after.byId.get(id)?.excerpt.blob === before.byId.get(id)?.excerpt.blob ? undefined : { how: 'edited' };
  };
  const review = {
    /** Full ids; `base` is where the two histories part. */
    base,
    head,
    added: news.map((known) => {
      const { cites, description, body } = known.record;
      const { path, bytes, tokens } = known.excerpt;
      const by = adders.get(path)?.author;
      return {
        ...nameOf(known),
        path,
        bytes,
        tokens,
        cites: cites.length,
        ...(by && { by }),
        /** One sentence; '' when the record has none. */
        gist: clean(description),
        /** The body: why and how. */
        reason: clean(body),
        places: cites.map(({ path: place, lines }) => ({ path: clean(place), ...(lines && { lines }) })),
      };
    }),
    ...pairUp(before, news, moves.edited, { nameOf, title, progress }),
    /** Repeats what a reviewed tombstone suppresses. */
    suppressed: news.flatMap((known) => {
      const tombstone = barring.find((one) => isForgotten(known.record, one));
      return tombstone ? [{ record: nameOf(known), tombstone: tombstone.id }] : [];
    }),
    forgotten: tombstones.flatMap(({ record }) =>
      record.forgets.map((id) => ({ record: title(id), tombstone: record.id, reason: clean(record.body) })),
    ),
    /** Removed without a tombstone: it may be learned again. */
    removed: moves.removed
      .filter(({ record }) => !forgets.has(record.id))
      .map((known) => {
        const by = [...before.byId.values()].find(({ record }) => record.supersedes.includes(known.record.id));
        return { ...nameOf(known), ...(by && { supersededBy: by.record.id }) };
      }),
    edited: moves.edited.map((edit) => ({
      ...nameOf(edit.after),
      path: edit.after.excerpt.path,
      titleBefore: clean(edit.before.record.title),
    })),
    renamed: moves.renamed.map(({ from, after: to }) => ({ ...nameOf(to), path: to.excerpt.path, from })),
    /** Memory files that are not records: settings and modes take effect once they are merged. */
    otherFiles: listOthers(memory, changes),
    stale: madeStale.map(({ known, cites }) => {
      const answer = answerTo(known.record.id);
      return { record: nameOf(known), cites, ...(answer && { answer }) };
    }),
    files: listFiles(memory, before, changes, (known) => ({
      ...nameOf(known),
      gist: clean(known.record.description),
      isStale: staleIds.has(known.record.id),
    })),
    /** Number of new records beyond the first 400, which are not compared with others. */
    uncompared: Math.max(0, news.length - maxCompared),
    findings: lint.findings,
    allowed: lint.allowed,
    cost: costOf(memory, before, after, news),
  };
  const { added, forgotten, removed, edited, renamed, otherFiles, stale, findings } = review;
  const lists = [added, forgotten, removed, edited, renamed, otherFiles, stale, findings];
  // `isQuiet`: nothing here needs the reviewer's attention.
  return { ...review, isQuiet: lists.every((list) => list.length === 0) };
}

function endsOf(memory: Memory, words: string | undefined): { base: string; head: string } {
  const { head, defaultRef } = memory.snapshot;
  if (words === undefined && head === undefined)
    throw new RepomemError('not-found', 'review: expected a commit to review; there is none yet');
  if (words === undefined && defaultRef === undefined)
    throw new RepomemError('not-found', 'review: no default branch was found to compare with', {
      hint: 'name the range: repomem review BASE..HEAD',
    });
  const range = words ?? defaultRef ?? '';
  return parseRange(memory, range) ?? parseRange(memory, `${range}...HEAD`)!;
}

/** More records are not reviewed one by one, and comparing all pairs would take minutes. */
const maxCompared = 400;

type Duplicate = Pair & { saysMore: boolean };

type Namer = (known: PastRecord | undefined, id?: string) => Named;

/** Compares new and edited records with the base's active ones, and new records with earlier new ones. */
function pairUp(
  before: Revision,
  news: readonly PastRecord[],
  edited: readonly { after: PastRecord }[],
  { nameOf, title, progress }: { nameOf: Namer; title(id: string): Named; progress(text: string): void },
) {
  const pairs = { superseding: [] as Pair[], contradicting: [] as Pair[], duplicates: [] as Duplicate[] };
  const isNew = new Set(news.map(({ record }) => record.id));
  const pair = (known: PastRecord, id: string, how: Pair['how']): Pair => ({
    record: nameOf(known),
    other: title(id),
    how,
    isBothNew: isNew.has(id),
  });
  const known = before.active.map(({ record }) => record);
  const compare = (one: PastRecord, duplicates: Duplicate[]): void => {
    if (!isObservationType(one.record.type)) return;
    for (const { id, kind } of findLike(one.record, known))
      if (kind === 'contradicts') pairs.contradicting.push(pair(one, id, 'found'));
      else duplicates.push({ ...pair(one, id, 'found'), saysMore: kind === 'says-more' });
  };
  for (const { after } of edited) compare(after, []);
  const inOrder = news.toSorted(({ record: a }, { record: b }) =>
    a.created < b.created || (a.created === b.created && a.id < b.id) ? -1 : 1,
  );
  for (const [at, one] of inOrder.entries()) {
    for (const id of one.record.supersedes) pairs.superseding.push(pair(one, id, 'named'));
    for (const id of one.record.contradicts) pairs.contradicting.push(pair(one, id, 'named'));
    if (at >= maxCompared) continue;
    progress(`comparing new records: ${at + 1} of ${Math.min(maxCompared, inOrder.length)}`);
    compare(one, pairs.duplicates);
    if (isObservationType(one.record.type)) known.push(one.record);
  }
  return pairs;
}

/** Changed files of the memory that are not records. */
function listOthers({ paths }: Memory, changes: readonly RawChange[]): string[] {
  const prefix = memoryPrefixOf(paths);
  const changed = [...new Set(changes.flatMap(({ from, path }) => [from, path]))].filter((path) =>
    path.startsWith(prefix),
  );
  const names = changed.map((path) => `.claude-mem/${path.slice(prefix.length)}`);
  return names.filter((path) => !isRecordPath(path)).sort();
}

/** Changed files cited by records of the base, with those records. */
function listFiles<T>(
  { paths }: Memory,
  before: Revision,
  changes: readonly RawChange[],
  describe: (known: PastRecord) => T,
): { path: string; records: T[] }[] {
  const byPath = new Map<string, PastRecord[]>();
  for (const known of before.active)
    for (const path of new Set(known.record.cites.map((cite) => cite.path)))
      byPath.set(path, [...(byPath.get(path) ?? []), known]);
  const prefix = memoryPrefixOf(paths);
  return changes.flatMap(({ from }) => {
    const records = byPath.get(from) ?? [];
    if (records.length === 0 || from.startsWith(prefix)) return [];
    return [{ path: from, records: records.toSorted((a, b) => weightOf(b) - weightOf(a)).map(describe) }];
  });
}

function weightOf({ record }: PastRecord): number {
  return isObservationType(record.type) ? observationTypes[record.type].weight : 0;
}

function costOf({ settings }: Memory, before: Revision, after: Revision, news: readonly PastRecord[]) {
  return {
    records: { before: before.active.length, after: after.active.length },
    bytes: { before: before.bytes, after: after.bytes },
    /** Cost of the index lines of all active records; a session pays at most the budget. */
    indexTokens: { before: lineTokens(before), after: lineTokens(after), budget: settings.context.budgetTokens },
    /** Cost of reading the new records in full. */
    readTokens: news.reduce((sum, { excerpt }) => sum + excerpt.tokens, 0),
  };
}

function lineTokens({ active }: Revision): number {
  const lines = active.map(({ excerpt }) => recordLine({ excerpt, trust: 'reviewed', score: 0 }, false, 0));
  return lines.reduce((sum, line) => sum + tokensOf(`${line}\n`), 0);
}
