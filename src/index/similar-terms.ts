// Terms that begin or end like a word, are parts of it, or differ from it by a typing error.
import { editDistance } from './edit-distance.ts';
import { placeOf } from './sorted.ts';

const prefixMinChars = 3;
const maxSimilar = 40;
const stemMinChars = 4;
/** Of English words, as stemming takes them off. */
const endings = ['ing', 'ment', 'ation', 'ication', 'ness'];

/**
 * Of sorted terms, those that begin like this one or are it with a typing error; nearest lengths first. `likeness`: above 0 and below 1,
 * nearer is more.
 */
export function similarTerms(
  terms: readonly string[],
  term: string,
  isMissing: boolean,
): { term: string; likeness: number }[] {
  const found = new Map<string, number>();
  if (term.length >= prefixMinChars)
    for (let at = placeOf(terms, term); at < terms.length && terms[at]!.startsWith(term); at++) {
      const { length } = terms[at]!;
      found.set(terms[at]!, (0.4 * length) / (length + 0.3 * (length - term.length)));
    }
  const max = typingErrors(term, isMissing);
  if (max > 0)
    for (const other of terms) {
      const distance = found.has(other) ? Number.POSITIVE_INFINITY : editDistance(term, other, max);
      if (distance <= max) found.set(other, (0.45 * other.length) / (other.length + distance));
    }
  // With the error in its ending a word keeps what the index takes off: "deploymnt", "cachign".
  if (isMissing)
    for (let at = term.length - 2; at >= stemMinChars; at--) {
      const stem = term.slice(0, at);
      if (terms[placeOf(terms, stem)] === stem && endings.some((end) => editDistance(term.slice(at), end, 1) === 1))
        found.set(stem, (0.45 * at) / (at + 1));
    }
  found.delete(term);
  const far = (other: string): number => Math.abs(other.length - term.length);
  return [...found]
    .map(([other, likeness]) => ({ term: other, likeness }))
    .sort((a, b) => far(a.term) - far(b.term) || (a.term < b.term ? -1 : 1))
    .slice(0, maxSimilar);
}

/**
 * Letters that may differ: none in the shortest words, where every neighbour is another word, nor in numbers. A word of four letters that some
 * record holds is what it is.
 */
function typingErrors(term: string, isMissing: boolean): number {
  if (/\d/.test(term) || term.length < (isMissing ? 4 : 5)) return 0;
  return term.length < 9 ? 1 : 2;
}

const partMinChars = 4;
const latin = /^[a-z]+$/;

/** Compounds that end in this word, "…verbindung". What begins with it similarTerms finds. */
export function compoundsWith(terms: readonly string[], term: string): string[] {
  if (term.length < partMinChars + 1 || !latin.test(term)) return [];
  return terms
    .filter((other) => other.length >= term.length + partMinChars && other.endsWith(term))
    .slice(0, maxSimilar);
}

/** The two words that a compound is made of, where records hold both: "Datenbankverbindung", "typecheck". */
export function partsOf(terms: readonly string[], term: string): string[] {
  if (!latin.test(term)) return [];
  const holds = (part: string): boolean => part.length >= partMinChars && terms[placeOf(terms, part)] === part;
  for (let at = term.length - partMinChars; at >= partMinChars; at--) {
    const tail = term.slice(at);
    if (!holds(tail)) continue;
    const joined = term.slice(0, at);
    // What German joins them with, and what stands at the end of the first by itself.
    for (const end of ['', 's', 'n', 'en', 'er', 'e']) {
      const head = joined.slice(0, joined.length - end.length);
      if (joined.endsWith(end) && holds(head)) return [head, tail];
    }
  }
  return [];
}
