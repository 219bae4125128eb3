/** A reference from an observation to a file, as the file was when it was observed. */
export interface Cite {
  /** Relative to the top of the working tree, with forward slashes. */
  path: string;
  /** First and last line, from 1, inclusive; absent when the whole file is meant. */
  lines?: [number, number];
  /** The first 7 or more hex digits of the git blob id. */
  blob?: string;
  /** 8 hex digits: hash of the observed lines with white space folded. */
  text?: string;
}

/** State of a cite in the working tree now; computed in src/git/cites. */
export type Freshness = 'fresh' | 'shifted' | 'moved' | 'changed' | 'gone';

export function isStale(freshness: Freshness): boolean {
  return freshness === 'changed' || freshness === 'gone';
}

/** Normalizes lines for comparison: trims them and collapses runs of white space. Both sides of every comparison use this. */
export function foldWhitespace(lines: readonly string[]): string {
  return lines.map((line) => line.trim().replace(/\s+/g, ' ')).join('\n');
}
