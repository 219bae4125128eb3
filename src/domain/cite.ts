/** What an observation speaks of, as it stood when it was observed. */
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

/** How a cite stands now; see src/git for the judgement. */
export type Freshness = 'fresh' | 'shifted' | 'moved' | 'changed' | 'gone';

export function isStale(freshness: Freshness): boolean {
  return freshness === 'changed' || freshness === 'gone';
}

/**
 * Lines as they are compared: runs of white space become one space, blank ends go. Both sides of every comparison use this.
 */
export function foldWhitespace(lines: readonly string[]): string {
  return lines.map((line) => line.trim().replace(/\s+/g, ' ')).join('\n');
}
