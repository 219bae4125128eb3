// How a cite stands now: pure, from the file's blob and lines. By blob first, by the text of the cited lines where the blob differs.
import { hash } from 'node:crypto';
import { isStale, type Cite, type Freshness } from '../domain/cite.ts';

/** The file as it stands in the working tree. */
export interface FileNow {
  /** Full blob id. */
  blob: string;
  /** Asked for only where the blob differs; undefined when the content cannot be had. */
  lines?: readonly string[] | undefined;
}

export interface CiteState {
  freshness: Freshness;
  /** Where the file stands now: another path when it was moved. */
  path: string;
  /** Where the cited lines stand now, when they are found elsewhere. */
  lines?: [number, number];
  /** Short id of the commit that changed or removed them; absent for uncommitted changes and where history was not asked. */
  commit?: string;
}

/** White space folded line by line, ready to be joined: what foldWhitespace does, kept apart so that windows share the work. */
export function foldLines(lines: readonly string[]): string[] {
  return lines.map((line) => line.trim().replace(/\s+/g, ' '));
}

/** `now` undefined: no such file. `moved`: the file that git says it was renamed to. */
export function judgeCite(cite: Cite, now: FileNow | undefined, moved?: { path: string; now: FileNow }): CiteState {
  const here: CiteState = now ? judgeIn(cite, now, cite.path) : { freshness: 'gone', path: cite.path };
  return moved ? joinMoved(cite, here, judgeIn(cite, moved.now, moved.path)) : here;
}

/** Judgements at the cited path and at the one that it was renamed to. A file of the old name may be there too: a new one that took it. */
export function joinMoved(cite: Cite, here: CiteState, there: CiteState): CiteState {
  if (!isStale(here.freshness) || there.freshness === 'gone') return here;
  if (there.freshness === 'changed')
    return here.freshness === 'gone' ? { freshness: 'changed', path: there.path } : here;
  const lines = there.lines ?? cite.lines;
  return { freshness: 'moved', path: there.path, ...(lines && { lines }) };
}

function judgeIn(cite: Cite, now: FileNow, path: string): CiteState {
  if (cite.blob !== undefined && now.blob.startsWith(cite.blob)) return { freshness: 'fresh', path };
  const { lines, text } = cite;
  // Without a text there is only the blob to go by; without both, only that the file is there.
  if (!lines || text === undefined) return { freshness: cite.blob === undefined ? 'fresh' : 'changed', path };
  if (now.lines === undefined) return { freshness: 'fresh', path };
  const first = findText(foldLines(now.lines), lines, text);
  if (first === undefined) return { freshness: 'changed', path };
  if (first === lines[0]) return { freshness: 'fresh', path };
  return { freshness: 'shifted', path, lines: [first, first + lines[1] - lines[0]] };
}

/** First line of the run of folded lines with the cited text that is nearest to where it stood; undefined when there is none. */
export function findText(
  folded: readonly string[],
  [start, end]: readonly [number, number],
  text: string,
): number | undefined {
  const count = end - start + 1;
  const last = folded.length - count + 1;
  const stands = (first: number): boolean =>
    first >= 1 && first <= last && hashFolded(folded.slice(first - 1, first - 1 + count)) === text;
  if (stands(start)) return start;
  const reach = Math.max(start - 1, last - start);
  for (let away = 1; away <= reach; away++) {
    if (stands(start - away)) return start - away;
    if (stands(start + away)) return start + away;
  }
  return undefined;
}

/** 8 hex digits over lines that are folded already. */
export function hashFolded(folded: readonly string[]): string {
  return hash('sha256', folded.join('\n'), 'hex').slice(0, 8);
}
