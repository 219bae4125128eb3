// Which known records speak of the same things. Many questions are asked of one list of records: its words are read once.
import type { Event } from '../../domain/event.ts';
import type { Excerpt } from '../../domain/excerpt.ts';
import { stemmedWords } from '../../index/words.ts';

const similarMin = 0.12;
const citeBonus = 0.5;

interface Postings {
  /** Places in the list of the records that hold a word, or cite a path. */
  byWord: ReadonlyMap<string, readonly number[]>;
  byPath: ReadonlyMap<string, readonly number[]>;
  /** How many words each record has. */
  sizes: readonly number[];
}

function put(postings: Map<string, number[]>, key: string, paths: number): void {
  const places = postings.get(key);
  if (places === undefined) postings.set(key, [paths]);
  else places.push(paths);
}

/** Superseded ones, summaries and tombstones are no company. */
function readPostings(excerpts: readonly Excerpt[]): Postings {
  const byWord = new Map<string, number[]>();
  const byPath = new Map<string, number[]>();
  const sizes = excerpts.map((excerpt, paths) => {
    if (excerpt.type === 'session' || excerpt.type === 'tombstone') return 0;
    const words = new Set(stemmedWords([excerpt.title, excerpt.description, ...excerpt.aliases].join('\n')));
    for (const word of words) put(byWord, word, paths);
    for (const path of new Set(excerpt.cites.map((cite) => cite.path))) put(byPath, path, paths);
    return words.size;
  });
  return { byWord, byPath, sizes };
}

const known = new WeakMap<readonly Excerpt[], Postings>();

function postingsOf(excerpts: readonly Excerpt[]): Postings {
  const postings = known.get(excerpts) ?? readPostings(excerpts);
  known.set(excerpts, postings);
  return postings;
}

function textOf(event: Event): string {
  const message = event.kind === 'command' ? event.commit?.message : undefined;
  return [message, ...Object.values(event)]
    .filter((value) => typeof value === 'string')
    .join('\n')
    .slice(0, 4_000);
}

/** Records that speak of what the events speak of, the most similar first; only those that `isWanted`. */
export function findSimilar(
  events: readonly Event[],
  excerpts: readonly Excerpt[],
  max: number,
  isWanted: (excerpt: Excerpt) => boolean = () => true,
): Excerpt[] {
  const words = new Set(events.flatMap((event) => stemmedWords(textOf(event))));
  if (words.size === 0) return [];
  const { byWord, byPath, sizes } = postingsOf(excerpts);
  const scores = new Map<number, number>();
  const shared = new Map<number, number>();
  for (const word of words) for (const paths of byWord.get(word) ?? []) shared.set(paths, (shared.get(paths) ?? 0) + 1);
  for (const [paths, count] of shared) scores.set(paths, count / sizes[paths]!);
  const cited = new Set(events.flatMap((event) => ('path' in event ? (byPath.get(event.path) ?? []) : [])));
  for (const paths of cited) scores.set(paths, (scores.get(paths) ?? 0) + citeBonus);
  return [...scores]
    .filter(([, score]) => score >= similarMin)
    .sort(([a], [b]) => a - b)
    .map(([paths, score]) => ({ excerpt: excerpts[paths]!, score }))
    .filter(({ excerpt }) => isWanted(excerpt))
    .sort((a, b) => b.score - a.score || (a.excerpt.created < b.excerpt.created ? 1 : -1))
    .slice(0, max)
    .map(({ excerpt }) => excerpt);
}
