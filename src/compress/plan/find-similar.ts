// Finds known records on the same subjects.
import type { Event } from '../../domain/event.ts';
import type { Excerpt } from '../../domain/excerpt.ts';
import { stemmedWords } from '../../index/words.ts';
import { containment } from './similarity.ts';

const similarMin = 0.12;
const citeBonus = 0.5;

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

/** Without repetition. A list of excerpts serves many subjects, so the words of each are read once. */
const wordsByExcerpt = new WeakMap<Excerpt, readonly string[]>();

function wordsOf(excerpt: Excerpt): readonly string[] {
  const known = wordsByExcerpt.get(excerpt);
  if (known !== undefined) return known;
  const text = [excerpt.title, excerpt.description, ...excerpt.aliases].join('\n');
  const words = [...new Set(stemmedWords(text))];
  wordsByExcerpt.set(excerpt, words);
  return words;
}

/** Records on the subject, the most similar first; only those accepted by `isWanted`. Summaries and tombstones are left out. */
export function findSimilar(
  subject: Subject,
  excerpts: readonly Excerpt[],
  max: number,
  isWanted: (excerpt: Excerpt) => boolean = () => true,
): Excerpt[] {
  const asked = new Set(subject.texts.flatMap((text) => stemmedWords(text)));
  const paths = new Set(subject.cites.map(({ path }) => path));
  const scored = excerpts.map((excerpt) => {
    if (excerpt.type === 'session' || excerpt.type === 'tombstone') return { excerpt, score: 0 };
    const bonus = excerpt.cites.some(({ path }) => paths.has(path)) ? citeBonus : 0;
    return { excerpt, score: containment(wordsOf(excerpt), asked) + bonus };
  });
  return scored
    .filter(({ excerpt, score }) => score >= similarMin && isWanted(excerpt))
    .sort((a, b) => b.score - a.score || (a.excerpt.created < b.excerpt.created ? 1 : -1))
    .slice(0, max)
    .map(({ excerpt }) => excerpt);
}
