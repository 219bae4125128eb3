// Terms that begin like an unknown one or differ from it by a typing error.
import { lowerBound } from './cache.ts';

const prefixMinChars = 3;
const maxSimilar = 40;

/** Of sorted terms; nearest lengths first. */
export function similarTerms(terms: readonly string[], term: string): readonly string[] {
  const found = new Set<string>();
  if (hasPrefixes(term))
    for (let at = lowerBound(terms, term); at < terms.length && terms[at]!.startsWith(term); at++)
      found.add(terms[at]!);
  const max = typingErrors(term);
  if (max > 0) for (const other of terms) if (withinDistance(term, other, max)) found.add(other);
  found.delete(term);
  const distance = (other: string): number => Math.abs(other.length - term.length);
  return [...found].sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1)).slice(0, maxSimilar);
}

/** Letters that may differ: none in short words, where every neighbour is another word, nor in numbers. */
export function typingErrors(term: string): number {
  if (/\d/.test(term) || term.length < 5) return 0;
  return term.length < 9 ? 1 : 2;
}

export function hasPrefixes(term: string): boolean {
  return term.length >= prefixMinChars;
}

/** Whether two words differ by at most `max` letters put in, left out or changed. */
function withinDistance(a: string, b: string, max: number): boolean {
  if (Math.abs(a.length - b.length) > max) return false;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let best = row;
    for (let column = 1; column <= b.length; column++) {
      const change = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const value = Math.min(change, previous[column]! + 1, current[column - 1]! + 1);
      current.push(value);
      best = Math.min(best, value);
    }
    if (best > max) return false;
    previous = current;
  }
  return previous[b.length]! <= max;
}
