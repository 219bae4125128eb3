// Which known records speak of the same things. Many questions are asked of one list of records: its words are read once.
import type { Event } from '../domain/event.ts';
import type { Excerpt } from '../domain/excerpt.ts';
import { stemmedWords } from '../search/words.ts';
import { remembered } from './extractive/words.ts';

const similarMin = 0.12;
const citeBonus = 0.5;

interface Postings {
  /** Places in the list of the records that hold a word, or cite a path. */
  byWord: ReadonlyMap<string, readonly number[]>;
  byPath: ReadonlyMap<string, readonly number[]>;
  /** How many words each record has. */
  sizes: readonly number[];
}

function put(postings: Map<string, number[]>, key: string, place: number): void {
  const places = postings.get(key);
  if (places === undefined) postings.set(key, [place]);
  else places.push(place);
}

/** Superseded ones, summaries and tombstones are no company. */
const postingsOf = remembered((excerpts: readonly Excerpt[]): Postings => {
  const byWord = new Map<string, number[]>();
  const byPath = new Map<string, number[]>();
  const sizes = excerpts.map((excerpt, place) => {
    if (excerpt.type === 'session' || excerpt.type === 'tombstone') return 0;
    const words = new Set(stemmedWords([excerpt.title, excerpt.description, ...excerpt.aliases].join('\n')));
    for (const word of words) put(byWord, word, place);
    for (const path of new Set(excerpt.cites.map((cite) => cite.path))) put(byPath, path, place);
    return words.size;
  });
  return { byWord, byPath, sizes };
});

function textOf(event: Event): string {
  return Object.values(event)
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
  for (const word of words) for (const place of byWord.get(word) ?? []) shared.set(place, (shared.get(place) ?? 0) + 1);
  for (const [place, count] of shared) scores.set(place, count / sizes[place]!);
  const cited = new Set(events.flatMap((event) => ('path' in event ? (byPath.get(event.path) ?? []) : [])));
  for (const place of cited) scores.set(place, (scores.get(place) ?? 0) + citeBonus);
  return [...scores]
    .filter(([, score]) => score >= similarMin)
    .sort(([a], [b]) => a - b)
    .map(([place, score]) => ({ excerpt: excerpts[place]!, score }))
    .filter(({ excerpt }) => isWanted(excerpt))
    .sort((a, b) => b.score - a.score || (a.excerpt.created < b.excerpt.created ? 1 : -1))
    .slice(0, max)
    .map(({ excerpt }) => excerpt);
}
