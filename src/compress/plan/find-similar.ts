// Finds known records on the same subjects. One list of records serves many queries, so its words are indexed once.
import type { Event } from '../../domain/event.ts';
import type { Excerpt } from '../../domain/excerpt.ts';
import { stemmedWords } from '../../index/words.ts';

const similarMin = 0.12;
const citeBonus = 0.5;

interface Postings {
  /** Indexes of the records that contain a word, or cite a path. */
  byWord: ReadonlyMap<string, readonly number[]>;
  byPath: ReadonlyMap<string, readonly number[]>;
  /** Number of words per record. */
  sizes: readonly number[];
}

function put(postings: Map<string, number[]>, key: string, row: number): void {
  const rows = postings.get(key);
  if (rows === undefined) postings.set(key, [row]);
  else rows.push(row);
}

/** Summaries and tombstones are left out. */
function readPostings(excerpts: readonly Excerpt[]): Postings {
  const byWord = new Map<string, number[]>();
  const byPath = new Map<string, number[]>();
  const sizes = excerpts.map((excerpt, row) => {
    if (excerpt.type === 'session' || excerpt.type === 'tombstone') return 0;
    const words = new Set(stemmedWords([excerpt.title, excerpt.description, ...excerpt.aliases].join('\n')));
    for (const word of words) put(byWord, word, row);
    for (const path of new Set(excerpt.cites.map((cite) => cite.path))) put(byPath, path, row);
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

/** What records are looked for by: texts, and files that they may cite. */
export interface Subject {
  texts: readonly string[];
  cites: readonly { path: string }[];
}

export function subjectOf(events: readonly Event[]): Subject {
  const texts = events.map((event) => {
    const message = event.kind === 'command' ? event.commit?.message : undefined;
    const values = [message, ...Object.values(event)].filter((value) => typeof value === 'string');
    return values.join('\n').slice(0, 4_000);
  });
  return { texts, cites: events.filter((event) => 'path' in event) };
}

/** Records on the subject, the most similar first; only those accepted by `isWanted`. */
export function findSimilar(
  { texts, cites }: Subject,
  excerpts: readonly Excerpt[],
  max: number,
  isWanted: (excerpt: Excerpt) => boolean = () => true,
): Excerpt[] {
  const words = new Set(texts.flatMap((text) => stemmedWords(text)));
  if (words.size === 0) return [];
  const { byWord, byPath, sizes } = postingsOf(excerpts);
  const scores = new Map<number, number>();
  for (const word of words) for (const row of byWord.get(word) ?? []) scores.set(row, (scores.get(row) ?? 0) + 1);
  for (const [row, count] of scores) scores.set(row, count / sizes[row]!);
  const cited = new Set(cites.flatMap(({ path }) => byPath.get(path) ?? []));
  for (const row of cited) scores.set(row, (scores.get(row) ?? 0) + citeBonus);
  return [...scores]
    .filter(([, score]) => score >= similarMin)
    .sort(([a], [b]) => a - b)
    .map(([row, score]) => ({ excerpt: excerpts[row]!, score }))
    .filter(({ excerpt }) => isWanted(excerpt))
    .sort((a, b) => b.score - a.score || (a.excerpt.created < b.excerpt.created ? 1 : -1))
    .slice(0, max)
    .map(({ excerpt }) => excerpt);
}
