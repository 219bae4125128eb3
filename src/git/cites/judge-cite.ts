// Judges one cite. Pure: compares the file's blob id, then the text of the cited lines where the blob differs.
import { hash } from 'node:crypto';
import { isStale, type Cite, type Freshness } from '../../domain/cite.ts';

/** The file's current content in the working tree. */
export interface FileNow {
  /** Full blob id. */
  blob: string;
  /**
   * As findText, in the file's content; the first cited line when the content is not available. Asked only where the blob differs, as
   * it may read the file.
   */
  find(lines: readonly [number, number], text: string): number | undefined;
}

export interface CiteState {
  freshness: Freshness;
  /** Current path of the file; differs from the cited path when it was moved. */
  path: string;
  /** Current position of the cited lines, when they moved. */
  lines?: [number, number];
  /** Short id of the commit that changed or removed them; absent for uncommitted changes and when history was not queried. */
  commit?: string;
}

/** A file's lines with white space folded, as one string, so that a run of lines is a substring. */
export interface FoldedText {
  text: string;
  /** Start offset of each line, plus the offset after the last line. */
  starts: readonly number[];
}

/** Must fold like foldWhitespace in domain, which is the definition. */
export function foldText(lines: readonly string[]): FoldedText {
  const starts = [0];
  let at = 0;
  const folded = lines.map((line) => {
    const trimmed = line.trim();
    const one = /[^\S ]| {2}/.test(trimmed) ? trimmed.replace(/\s+/g, ' ') : trimmed;
    at += one.length + 1;
    starts.push(at);
    return one;
  });
  return { text: folded.join('\n'), starts };
}

/** `now` undefined: the file does not exist. `moved`: the file's new path and content, according to git. */
export function judgeCite(
  cite: Cite,
  now: FileNow | undefined,
  moved?: { path: string; now: FileNow | undefined },
): CiteState {
  const here = judgeIn(cite, now, cite.path);
  if (moved === undefined || !isStale(here.freshness)) return here;
  // A new file may exist at the old path.
  const there = judgeIn(cite, moved.now, moved.path);
  if (there.freshness === 'gone') return here;
  if (there.freshness === 'changed') return here.freshness === 'gone' ? there : here;
  const lines = there.lines ?? cite.lines;
  return { freshness: 'moved', path: there.path, ...(lines && { lines }) };
}

function judgeIn(cite: Cite, now: FileNow | undefined, path: string): CiteState {
  if (now === undefined) return { freshness: 'gone', path };
  if (cite.blob !== undefined && now.blob.startsWith(cite.blob)) return { freshness: 'fresh', path };
  const { lines, text } = cite;
  // Without a text hash, compare the blob; without a blob, only check that the file exists.
  if (!lines || text === undefined) return { freshness: cite.blob === undefined ? 'fresh' : 'changed', path };
  const first = now.find(lines, text);
  if (first === undefined) return { freshness: 'changed', path };
  if (first === lines[0]) return { freshness: 'fresh', path };
  return { freshness: 'shifted', path, lines: [first, first + lines[1] - lines[0]] };
}

/** First line of the match nearest to the cited position; undefined when there is none. */
export function findText(
  { text: all, starts }: FoldedText,
  [start, end]: readonly [number, number],
  text: string,
): number | undefined {
  const count = end - start + 1;
  const last = starts.length - count;
  if (count < 1 || last < 1 || start < 1) return undefined;
  const stands = (first: number): boolean =>
    hash('sha256', all.slice(starts[first - 1], (starts[first - 1 + count] ?? 0) - 1), 'hex').startsWith(text);
  const middle = Math.min(start, last);
  for (let low = middle, high = middle + 1; low >= 1 || high <= last; low--, high++) {
    const isLowNearer = start - low <= high - start;
    const order = isLowNearer ? [low, high] : [high, low];
    for (const first of order) if (first >= 1 && first <= last && stands(first)) return first;
  }
  return undefined;
}
