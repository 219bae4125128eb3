// Cites of files as they stood at a moment of the past: freshness lives by cited text, so what was said then cites what stood then.
import type { Cite } from '../domain/cite.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { citedMaxBytes, hashLines, safePath, splitLines, topOf } from '../git/cites/cites.ts';
import { readBlobs } from '../git/state/blobs.ts';
import { runIn } from '../git/run/runner.ts';
import type { ItemFile } from './item.ts';

const blobDigits = 10;
const batch = 25;
/**
 * More paths than these are not named to git, which looks each of them up at each commit; the whole history is read at once. Of 39,490 commits
 * 10 paths take 0.7 s, 60 take 4.7 s, all 1.2 s.
 */
const namedMax = 12;
/** Of more commits the whole history is read for no fewer paths than these: its text takes a kilobyte a commit. */
const [longHistory, namedMaxOfLong] = [50_000, 400];
/** An edit that is committed within this time after it was made is that commit's. */
const committedWithinMs = 14 * 86_400_000;
/** A commit that came so shortly before holds the edit already. */
const justCommittedMs = 2 * 3_600_000;
const historyLimits = { timeoutMs: 60_000, maxBytes: 512 * 1024 * 1024 };

interface Version {
  /** Milliseconds: when it came into the history of HEAD. */
  atMs: number;
  commit: string;
  /** '' when the file went. */
  blob: string;
}

/** The versions of files in the history of HEAD, oldest first. */
export interface PastFiles {
  versions(path: string): readonly Version[];
}

export interface PastMoment {
  /** ISO 8601. */
  at: string;
  commit?: string;
}

/** One git process for all paths. Without git, or before the first commit, no file has a version. */
export function readPastFiles(paths: MemoryPaths, wanted: readonly string[]): PastFiles {
  const top = topOf(paths);
  const named = [...new Set(wanted)].filter((path) => safePath(path, top) === path);
  const byPath = new Map<string, Version[]>();
  if (named.length > 0) {
    const args = ['log', '--first-parent', '--diff-merges=first-parent', '--raw', '-z', '--no-abbrev', '--no-renames'];
    const limit = named.length > namedMax && named.length > namedMaxIn(paths) ? [] : named;
    const { stdout } = runIn(paths, [...args, '--format=%x01%H %ct%x02', 'HEAD', '--', ...limit], historyLimits);
    const isWanted = new Set(named);
    for (const entry of stdout.split('\x01').slice(1)) addVersions(entry, isWanted, byPath);
    for (const versions of byPath.values()) versions.reverse();
  }
  return { versions: (path) => byPath.get(path) ?? [] };
}

function namedMaxIn(paths: MemoryPaths): number {
  const { stdout } = runIn(paths, ['rev-list', '--count', '--first-parent', 'HEAD'], historyLimits);
  return Number(stdout) > longHistory ? namedMaxOfLong : namedMax;
}

/** `COMMIT SECONDS\x02` and the raw lines: `:MODE MODE ID ID STATUS\0PATH\0`. */
function addVersions(entry: string, isWanted: ReadonlySet<string>, byPath: Map<string, Version[]>): void {
  const [head = '', changes = ''] = entry.split('\x02');
  const [commit = '', seconds = '0'] = head.split(' ');
  for (const match of changes.matchAll(/:\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*\0([^\0]+)\0/g)) {
    const [, mode = '', blob = '', path = ''] = match;
    if (!isWanted.has(path) || mode.startsWith('16') || mode.startsWith('12')) continue;
    const version = { atMs: Number(seconds) * 1000, commit, blob: /^0+$/.test(blob) ? '' : blob };
    const known = byPath.get(path);
    if (known === undefined) byPath.set(path, [version]);
    else known.push(version);
  }
}

/** What one statement cites. */
export interface PastWish {
  files: readonly ItemFile[];
  moment: PastMoment;
  /** Tells of an edited file which version holds the edit: lines that it added. */
  seenText?(path: string): readonly string[];
}

/** Cites of many statements, in their order. Files that the history never held are dropped. The texts of a few statements are read at once: one may cite megabytes. */
export function pastCites(paths: MemoryPaths, past: PastFiles, wishes: readonly PastWish[]): Cite[][] {
  const cites: Cite[][] = [];
  for (let from = 0; from < wishes.length; from += batch) {
    const wanted = wishes.slice(from, from + batch).map((wish) => ({
      wish,
      places: wish.files.flatMap((file) => {
        const candidates = candidatesOf(past.versions(file.path), wish.moment, file.isEdited === true);
        return candidates.length === 0 ? [] : [{ file, candidates }];
      }),
    }));
    const needed = wanted.flatMap(({ places }) => places.filter(({ file }) => file.lines !== undefined));
    const blobs = readBlobs(paths, [...new Set(needed.flatMap(({ candidates }) => candidates))], historyLimits);
    for (const { wish, places } of wanted) {
      const own = places.flatMap(
        ({ file, candidates }) => citeOf(file, candidates, blobs, wish.seenText?.(file.path) ?? []) ?? [],
      );
      cites.push([...new Map(own.map((cite) => [`${cite.path}:${String(cite.lines)}`, cite])).values()]);
    }
  }
  return cites;
}

/** Blobs that may be what was meant, the likeliest first. */
function candidatesOf(versions: readonly Version[], { at, commit }: PastMoment, isEdited: boolean): string[] {
  if (commit !== undefined) {
    const exact = versions.find((version) => version.commit === commit);
    if (exact !== undefined) return exact.blob === '' ? [] : [exact.blob];
  }
  const atMs = Date.parse(at);
  const before = versions.findLast((version) => version.atMs <= atMs);
  const after = versions.find((version) => version.atMs > atMs && version.blob !== '');
  const isSoon = after !== undefined && after.atMs - atMs <= committedWithinMs;
  const older = before === undefined || before.blob === '' ? [] : [before.blob];
  const newer = isSoon ? [after.blob] : [];
  const isJust = before !== undefined && atMs - before.atMs <= justCommittedMs;
  const order = isEdited && !isJust ? [...newer, ...older] : [...older, ...newer];
  if (order.length > 0) return order;
  // It was there, and went before that time or came long after: the version that is nearest.
  const nearest = versions.findLast((version) => version.blob !== '' && version.atMs <= atMs);
  return nearest === undefined ? [] : [nearest.blob];
}

function citeOf(
  { path, lines }: ItemFile,
  candidates: readonly string[],
  blobs: ReadonlyMap<string, Buffer>,
  seen: readonly string[],
): Cite | undefined {
  const [first = ''] = candidates;
  if (lines === undefined) return { path, blob: first.slice(0, blobDigits) };
  for (const blob of candidates) {
    const bytes = blobs.get(blob);
    if (bytes === undefined || bytes.length > citedMaxBytes || bytes.subarray(0, 8000).includes(0)) continue;
    const text = splitLines(bytes);
    if (seen.length > 0 && !seen.every((line) => text.some((one) => one.trim() === line.trim()))) continue;
    const [from, to] = [Math.max(1, lines[0]), Math.min(lines[1], text.length)];
    if (from > to) continue;
    return { path, lines: [from, to], blob: blob.slice(0, blobDigits), text: hashLines(text.slice(from - 1, to)) };
  }
  // What was seen is in no version: the file alone.
  return { path };
}
