// What a branch brings to the memory, for the person who decides: compared with the base's records, which alone judge. What is under
// review supersedes, forgets and bars nothing here.
import { recordLine } from '../context/render.ts';
import { tokensOf } from '../domain/excerpt.ts';
import { RepomemError } from '../domain/errors.ts';
import { isObservationType, observationTypes } from '../domain/types.ts';
import { resolveCommit } from '../git/commits.ts';
import { readMemoryLog } from '../git/memory-history.ts';
import { listMemoryTree } from '../git/memory-tree.ts';
import { listChanges, type FileChange } from '../git/range-diff.ts';
import { memoryPrefixOf } from '../git/snapshot.ts';
import { forkOf, lintMemory, parseRange } from './lint.ts';
import { isRecordPath, type AllowedPassage, type LintFinding } from './lint-finding.ts';
import type { Memory } from './open.ts';
import { findBar, makeMatcher } from './review-likeness.ts';
import { compareRevisions, readRevision, type Known, type Revision } from './review-records.ts';
import { findMadeStale, type StaleCite } from './review-stale.ts';

/** A record as a list names it. */
export interface Named {
  id: string;
  type: string;
  title: string;
}

export interface Pair {
  /** Under review. */
  record: Named;
  other: Named;
  /** The record says so itself, or it was found by comparing. */
  how: 'named' | 'found';
  /** The other one is under review too. */
  isBothNew: boolean;
}

export interface Review {
  /** Full ids; `base` is where the two histories part. */
  base: string;
  head: string;
  added: (Named & { path: string; bytes: number; tokens: number; by?: string; cites: number })[];
  superseding: Pair[];
  contradicting: Pair[];
  duplicates: (Pair & { saysMore: boolean })[];
  /** Says what a reviewed tombstone forbids. */
  barred: { record: Named; tombstone: string }[];
  forgotten: { record: Named; tombstone: string; reason: string }[];
  /** Without a tombstone: it may be learned again. */
  removed: (Named & { supersededBy?: string })[];
  edited: (Named & { path: string; titleBefore: string })[];
  renamed: (Named & { path: string; from: string })[];
  /** Files of the memory that are no records: settings and modes are obeyed once they are merged. */
  otherFiles: string[];
  stale: { record: Named; cites: StaleCite[]; answer?: StaleAnswer }[];
  files: { path: string; records: (Named & { gist: string; isStale: boolean })[] }[];
  findings: LintFinding[];
  allowed: AllowedPassage[];
  cost: Cost;
  /** Nothing that a reviewer must know of. */
  isQuiet: boolean;
}

/** What the range itself does about a record that it makes stale. */
export interface StaleAnswer {
  how: 'superseded' | 'edited' | 'removed';
  /** The record that supersedes it. */
  by?: string;
}

export interface Cost {
  records: { before: number; after: number };
  bytes: { before: number; after: number };
  /** What the lines of all standing records come to; a session pays at most the budget. */
  indexTokens: { before: number; after: number; budget: number };
  /** What reading the new records in full costs. */
  readTokens: number;
}

/**
 * `words`: `BASE..HEAD`, `BASE`, or nothing: where HEAD left the default branch, to HEAD. RepomemError `git` where a shallow clone hides
 * that, `not-found` for what is no commit.
 */
export async function reviewRange(memory: Memory, words?: string): Promise<Review> {
  const { base, head } = endsOf(memory, words);
  const options = { env: memory.env.vars };
  const before = readRevision(memory, base);
  const after = readRevision(memory, head);
  const moves = compareRevisions(before, after);
  const changes = await listChanges(memory.place, base, head, options);
  const lint = await lintMemory(memory, { kind: 'range', base, head });
  const authors = await readAuthors(memory, base, head);
  const title = (id: string): Named => nameOf(before.byId.get(id) ?? after.byId.get(id), id);
  const news = moves.added.filter(({ record }) => record.type !== 'tombstone');
  const stones = moves.added.filter(({ record }) => record.type === 'tombstone');
  const replaced = new Map(news.flatMap(({ record }) => record.supersedes.map((id) => [id, record.id] as const)));
  const madeStale = findMadeStale(memory, before.standing, changes);
  const staleIds = new Set(madeStale.map(({ known }) => known.record.id));
  const forgets = new Set(stones.flatMap(({ record }) => record.forgets));
  const answerTo = (id: string): StaleAnswer | undefined => {
    const by = replaced.get(id);
    if (by !== undefined) return { how: 'superseded', by };
    if (!after.byId.has(id)) return { how: 'removed' };
    return after.byId.get(id)?.excerpt.blob === before.byId.get(id)?.excerpt.blob ? undefined : { how: 'edited' };
  };
  const review: Omit<Review, 'isQuiet'> = {
    base,
    head,
    added: news.map(({ record, excerpt }) => {
      const by = authors.get(excerpt.path);
      const { path, bytes, tokens } = excerpt;
      return { ...nameOf({ record, excerpt }), path, bytes, tokens, cites: record.cites.length, ...(by && { by }) };
    }),
    ...pairUp(before, news, moves.edited, title),
    barred: findBarred(before, news),
    forgotten: stones.flatMap(({ record }) =>
      record.forgets.map((id) => ({ record: title(id), tombstone: record.id, reason: record.body })),
    ),
    removed: moves.removed
      .filter(({ record }) => !forgets.has(record.id))
      .map((known) => {
        const by = supersederOf(known.record.id, before);
        return { ...nameOf(known), ...(by !== undefined && { supersededBy: by }) };
      }),
    edited: moves.edited.map((edit) => ({
      ...nameOf(edit.after),
      path: edit.after.excerpt.path,
      titleBefore: edit.before.record.title,
    })),
    renamed: moves.renamed.map(({ from, after: to }) => ({ ...nameOf(to), path: to.excerpt.path, from })),
    otherFiles: listOthers(memory, base, head),
    stale: madeStale.map(({ known, cites }) => {
      const answer = answerTo(known.record.id);
      return { record: nameOf(known), cites, ...(answer && { answer }) };
    }),
    files: listFiles(memory, before, changes, staleIds),
    findings: lint.findings,
    allowed: lint.allowed,
    cost: costOf(memory, before, after, news),
  };
  return { ...review, isQuiet: isQuiet(review) };
}

function endsOf(memory: Memory, words: string | undefined): { base: string; head: string } {
  const { place, env, snapshot } = memory;
  const options = { env: env.vars };
  if (words !== undefined) {
    const range = parseRange(memory, words);
    if (range) return range;
    const head = resolveCommit(place, 'HEAD', options);
    return { base: forkOf(memory, resolveCommit(place, words, options), head), head };
  }
  if (snapshot.head === undefined)
    throw new RepomemError('not-found', 'review: expected a commit to review; there is none yet');
  if (snapshot.defaultRef === undefined)
    throw new RepomemError('not-found', 'review: no default branch was found to compare with', {
      hint: 'name the range: repomem review BASE..HEAD',
    });
  const base = resolveCommit(place, snapshot.defaultRef, options);
  return { base: forkOf(memory, base, snapshot.head), head: snapshot.head };
}

function nameOf(known: Known | undefined, id = known?.record.id ?? ''): Named {
  return { id, type: known?.record.type ?? '', title: known?.record.title ?? '' };
}

type Pairs = Pick<Review, 'superseding' | 'contradicting' | 'duplicates'>;

/** News and edited records against the base's standing ones, and news against earlier news. */
function pairUp(
  before: Revision,
  news: readonly Known[],
  edited: readonly { after: Known }[],
  title: (id: string) => Named,
): Pairs {
  const pairs: Pairs = { superseding: [], contradicting: [], duplicates: [] };
  const isNew = new Set(news.map(({ record }) => record.id));
  const pair = (known: Known, id: string, how: Pair['how']): Pair => ({
    record: nameOf(known),
    other: title(id),
    how,
    isBothNew: isNew.has(id),
  });
  const match = makeMatcher(before.standing.map(({ record }) => record));
  const inOrder = [...news].sort((a, b) => (a.record.created < b.record.created ? -1 : 1));
  inOrder.forEach((known, at) => {
    const { record } = known;
    for (const id of record.supersedes) pairs.superseding.push(pair(known, id, 'named'));
    for (const id of record.contradicts) pairs.contradicting.push(pair(known, id, 'named'));
    if (!isObservationType(record.type)) return;
    const earlier = inOrder.slice(0, at).map((one) => one.record);
    const others = earlier.filter(({ type, supersedes }) => isObservationType(type) && !supersedes.includes(record.id));
    for (const { id, kind } of [...match(record), ...makeMatcher(others)(record)])
      if (kind === 'contradicts') pairs.contradicting.push(pair(known, id, 'found'));
      else pairs.duplicates.push({ ...pair(known, id, 'found'), saysMore: kind === 'says-more' });
  });
  for (const { after } of edited)
    for (const { id, kind } of isObservationType(after.record.type) ? match(after.record) : [])
      if (kind === 'contradicts') pairs.contradicting.push(pair(after, id, 'found'));
  return pairs;
}

function findBarred(before: Revision, news: readonly Known[]): Review['barred'] {
  const stones = [...before.byId.values()].map(({ record }) => record).filter(({ type }) => type === 'tombstone');
  return news.flatMap((known) => {
    const bar = findBar(known.record, stones);
    return bar ? [{ record: nameOf(known), tombstone: bar.id }] : [];
  });
}

function supersederOf(id: string, { byId }: Revision): string | undefined {
  return [...byId.values()].find(({ record }) => record.supersedes.includes(id))?.record.id;
}

/** Path → author of the commit that added it in the range. */
async function readAuthors({ place, env }: Memory, base: string, head: string): Promise<Map<string, string>> {
  const authors = new Map<string, string>();
  const log = await readMemoryLog(place, { revision: head, since: base, env: env.vars });
  for (const { commit, changes } of log.reverse())
    for (const { status, path, from } of changes)
      if (status === 'A' || status === 'R') authors.set(path, authors.get(from ?? '') ?? commit.author);
  return authors;
}

function listOthers({ place, env }: Memory, base: string, head: string): string[] {
  const options = { env: env.vars };
  const [before, after] = [listMemoryTree(place, base, options), listMemoryTree(place, head, options)];
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter((path) => !isRecordPath(path));
  return paths.filter((path) => before.get(path)?.blob !== after.get(path)?.blob).sort();
}

/** Changed files that records of the base speak of, with what they say. */
function listFiles(
  { place }: Memory,
  before: Revision,
  changes: readonly FileChange[],
  staleIds: ReadonlySet<string>,
): Review['files'] {
  const byPath = new Map<string, Known[]>();
  for (const known of before.standing)
    for (const path of new Set(known.record.cites.map((cite) => cite.path)))
      byPath.set(path, [...(byPath.get(path) ?? []), known]);
  const prefix = memoryPrefixOf(place);
  const weight = ({ record }: Known): number =>
    isObservationType(record.type) ? observationTypes[record.type].weight : 0;
  return changes.flatMap(({ from }) => {
    const records = byPath.get(from) ?? [];
    if (records.length === 0 || from.startsWith(prefix)) return [];
    const best = records.toSorted((a, b) => weight(b) - weight(a));
    return [
      {
        path: from,
        records: best.map((known) => ({
          ...nameOf(known),
          gist: known.record.description,
          isStale: staleIds.has(known.record.id),
        })),
      },
    ];
  });
}

function costOf({ settings }: Memory, before: Revision, after: Revision, news: readonly Known[]): Cost {
  const lines = ({ standing }: Revision): number =>
    standing.reduce(
      (sum, { excerpt }) => sum + tokensOf(`${recordLine({ excerpt, trust: 'reviewed', score: 0 }, false)}\n`),
      0,
    );
  return {
    records: { before: before.standing.length, after: after.standing.length },
    bytes: { before: before.bytes, after: after.bytes },
    indexTokens: { before: lines(before), after: lines(after), budget: settings.context.budgetTokens },
    readTokens: news.reduce((sum, { excerpt }) => sum + excerpt.tokens, 0),
  };
}

function isQuiet(review: Omit<Review, 'isQuiet'>): boolean {
  const { added, forgotten, removed, edited, renamed, otherFiles, stale, findings } = review;
  return [added, forgotten, removed, edited, renamed, otherFiles, stale, findings].every((list) => list.length === 0);
}
