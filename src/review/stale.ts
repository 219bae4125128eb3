// Records that a range of commits makes stale: their cited text exists at its start and not at its end. Judged from git's objects at
// both revisions, not from the working tree.
import { isStale, type Cite, type Freshness } from '../domain/cite.ts';
import { citedMaxBytes, splitLines } from '../git/cites/cites.ts';
import { foldText, judgeCite, type CiteState, type FileNow, type FoldedText } from '../git/cites/judge-cite.ts';
import { readSized } from '../git/history/memory-tree.ts';
import type { FileChange } from '../git/history/range-diff.ts';
import type { Memory } from '../memory/open.ts';
import type { Known } from './two-revisions.ts';

export interface StaleCite {
  path: string;
  lines?: [number, number];
  freshness: Extract<Freshness, 'changed' | 'gone'>;
  /** The file's new name, if the range renamed it. */
  movedTo?: string;
}

export interface MadeStale {
  known: Known;
  cites: StaleCite[];
}

export function findMadeStale(
  { paths, env }: Memory,
  active: readonly Known[],
  changes: readonly FileChange[],
): MadeStale[] {
  const byPath = new Map(changes.filter(({ status }) => status !== 'A').map((change) => [change.from, change]));
  const touched = active.flatMap((known) => {
    const cites = known.record.cites.filter(({ path }) => byPath.has(path));
    return cites.length > 0 ? [{ known, cites }] : [];
  });
  const filePaths = new Set(touched.flatMap(({ cites }) => cites.map(({ path }) => path)));
  const blobs = [...filePaths].flatMap((path) => {
    const change = byPath.get(path);
    return [change?.before ?? [], change?.after ?? []].flat();
  });
  const { bytes } = readSized(paths, blobs, citedMaxBytes, { env: env.vars });
  const folded = new Map<string, FoldedText>();
  const fileOf = (blob: string): FileNow => {
    const content = bytes.get(blob);
    // The same test as git's: a NUL near the beginning makes it binary.
    if (content && !folded.has(blob) && !content.subarray(0, 8000).includes(0))
      folded.set(blob, foldText(splitLines(content)));
    return { blob, content: folded.get(blob) };
  };
  return touched.flatMap(({ known, cites }) => {
    const stale = cites.flatMap((cite) => {
      const change = byPath.get(cite.path);
      return change ? (judgeChange(cite, change, fileOf) ?? []) : [];
    });
    return stale.length > 0 ? [{ known, cites: stale }] : [];
  });
}

function judgeChange(cite: Cite, change: FileChange, fileOf: (blob: string) => FileNow): StaleCite | undefined {
  // Already stale before this range.
  if (change.before === undefined || isStale(judgeCite(cite, fileOf(change.before)).freshness)) return undefined;
  const after = judgeAfter(cite, change, fileOf);
  if (after.freshness !== 'changed' && after.freshness !== 'gone') return undefined;
  return {
    path: cite.path,
    ...(cite.lines && { lines: cite.lines }),
    freshness: after.freshness,
    ...(change.status === 'R' && { movedTo: change.path }),
  };
}

function judgeAfter(cite: Cite, change: FileChange, fileOf: (blob: string) => FileNow): CiteState {
  const now = change.after === undefined ? undefined : fileOf(change.after);
  if (change.status !== 'R') return judgeCite(cite, now);
  return judgeCite(cite, undefined, now && { path: change.path, now });
}
