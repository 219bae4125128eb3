// Turns the cites of drafts into cites of records: existing lines, with blob id and text hash from the working tree.
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { hash } from 'node:crypto';
import { attempt } from '../../domain/errors.ts';
import { type Cite, foldWhitespace } from '../../domain/cite.ts';
import type { DraftCite } from '../../domain/draft.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { blobId } from '../../store/blob.ts';
import { guessFormat } from '../run/object-format.ts';
import { runGit, runIn } from '../run/runner.ts';

/** Larger files are treated as data: lines in them are not cited. */
export const citedMaxBytes = 2 * 1024 * 1024;
const blobDigits = 10;

/**
 * Cites of the files' current content. Drops files that are missing, ignored by git, outside the working tree, behind a link, binary
 * or over 2 MB; clips lines to the file; merges duplicates. One git process for all files.
 */
export function makeCites(paths: MemoryPaths, drafts: readonly DraftCite[]): Cite[] {
  const top = topOf(paths);
  const wanted = drafts.map(({ path, lines }) => ({ path: safePath(path, top) ?? '', lines }));
  const filePaths = [...new Set(wanted.map(({ path }) => path))].filter((path) => path !== '');
  const ignored = isIgnored(paths, filePaths);
  const algorithm = guessFormat(paths);
  const files = new Map<string, { blob: string; lines: string[] }>();
  for (const path of filePaths) {
    const bytes = ignored.has(path) ? undefined : readWorkFile(top, path);
    if (bytes) files.set(path, { blob: blobId(bytes, algorithm).slice(0, blobDigits), lines: splitLines(bytes) });
  }
  const cites = wanted.flatMap(({ path, lines }) => {
    const file = files.get(path);
    return file ? [citeOf(path, file, lines)] : [];
  });
  return [...new Map(cites.map((cite) => [`${cite.path}:${String(cite.lines)}`, cite])).values()];
}

/**
 * Those of `paths` (relative to the top) that git ignores and does not track, and those that git refuses: behind a link or outside.
 * Paths in a submodule are checked by its own rules. Empty without git.
 */
export function isIgnored(paths: MemoryPaths, filePaths: readonly string[]): Set<string> {
  const asked = filePaths.filter((path) => path !== '' && !path.includes('\0'));
  if (asked.length === 0 || paths.worktree === undefined) return new Set();
  // After `./` a leading colon is not pathspec magic.
  const stdin = asked.map((path) => `./${path}\0`).join('');
  const { code, stdout } = runIn(paths, ['check-ignore', '-z', '--stdin'], { stdin });
  // 0: some are ignored, 1: none. Otherwise git refused one path and answered for none: split the list.
  if (code === 0 || code === 1)
    return new Set(stdout.split('\0').flatMap((path) => (path === '' ? [] : [path.slice(2)])));
  if (asked.length === 1) return isIgnoredBelow(paths, asked[0] ?? '') ? new Set(asked) : new Set();
  const half = asked.length >> 1;
  return new Set([...isIgnored(paths, asked.slice(0, half)), ...isIgnored(paths, asked.slice(half))]);
}

/** For a path that git refuses: asks the nested repository that holds it, unless a link leads there. */
function isIgnoredBelow(paths: MemoryPaths, path: string): boolean {
  const top = topOf(paths);
  if (safePath(path, top) !== path) return true;
  for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
    if (lstatSync(join(top, folder, '.git'), { throwIfNoEntry: false }) === undefined) continue;
    if (!isPlainFolder(top, folder, new Map())) return true;
    const stdin = `./${path.slice(folder.length + 1)}\0`;
    return runGit(join(top, folder), ['check-ignore', '-z', '--stdin'], { stdin }).code !== 1;
  }
  return true;
}

/** 8 hex digits: the hash of the lines with white space folded, as format.md defines. */
export function hashLines(lines: readonly string[]): string {
  return hash('sha256', foldWhitespace(lines), 'hex').slice(0, 8);
}

/** Lines without line ends; a final newline does not start another line. */
export function splitLines(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Bytes of a regular text file below `top`, with no link in its path; undefined for anything else. `plain` caches folder checks. */
export function readWorkFile(top: string, path: string, plain = new Map<string, boolean>()): Buffer | undefined {
  const isBelow = safePath(path, top) === path && isPlainFolder(top, posix.dirname(path), plain);
  return isBelow ? readTextFile(join(top, path)) : undefined;
}

/** Undefined for links, binary files, files over 2 MB and anything that is not a regular file. */
export function readTextFile(absolute: string): Buffer | undefined {
  const bytes = attempt(() => readRegularFile(absolute, citedMaxBytes))?.bytes;
  return bytes && !isBinary(bytes) ? bytes : undefined;
}

/** A file's size and, up to `maxBytes`, its bytes; undefined for anything else than a file. Follows no link. Throws system errors. */
export function readRegularFile(absolute: string, maxBytes: number): { size: number; bytes?: Buffer } | undefined {
  const handle = openSync(absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) return undefined;
    return { size: stat.size, ...(stat.size <= maxBytes && { bytes: readFileSync(handle) }) };
  } finally {
    closeSync(handle);
  }
}

/** The same test as git's: a NUL in the first 8,000 bytes makes it binary. */
export function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, 8000).includes(0);
}

/** Whether a folder below the top is reached through real folders only. */
function isPlainFolder(top: string, folder: string, plain: Map<string, boolean>): boolean {
  if (folder === '.') return true;
  const known = plain.get(folder);
  if (known !== undefined) return known;
  const stat = lstatSync(join(top, folder), { throwIfNoEntry: false });
  const isPlain = stat?.isDirectory() === true && isPlainFolder(top, posix.dirname(folder), plain);
  plain.set(folder, isPlain);
  return isPlain;
}

export function topOf(paths: MemoryPaths): string {
  return paths.worktree ?? paths.root;
}

/** Without lines when the range is invalid or no part of it is in the file. */
function citeOf(path: string, file: { blob: string; lines: string[] }, lines: DraftCite['lines']): Cite {
  const [first, last] = [Math.max(1, lines?.[0] ?? 0), Math.min(lines?.[1] ?? 0, file.lines.length)];
  const isRange = lines?.every(Number.isInteger) === true && lines[0] <= lines[1] && first <= last;
  if (!isRange) return { path, blob: file.blob };
  return { path, lines: [first, last], blob: file.blob, text: hashLines(file.lines.slice(first - 1, last)) };
}

/** Path relative to the top, with forward slashes; undefined for paths outside of it or in git's own folder. */
export function safePath(path: string, top: string): string | undefined {
  if (path === '' || path.includes('\0')) return undefined;
  const inside = isAbsolute(path) ? relative(top, path) : path;
  const normal = posix.normalize(sep === '/' ? inside : inside.split(sep).join('/'));
  const isOut =
    normal === '.' || normal === '..' || normal.startsWith('../') || isAbsolute(normal) || normal.endsWith('/');
  return isOut || normal.split('/').some((part) => part.toLowerCase() === '.git') ? undefined : normal;
}

/**
 * The path from `top`, with `/`, of a file that a person names from the working directory or from `top`, through links and in either form of
 * Unicode: the one that is there, the working directory's first. Begins with `../` where all lie outside.
 */
export function treePath(top: string, cwd: string, name: string): string {
  const from = (base: string, written = name): string => relative(top, resolve(base, written)).split(sep).join('/');
  const real = isAbsolute(name) ? attempt(() => realpathSync(dirname(name))) : undefined;
  const names = [name, name.normalize('NFC'), name.normalize('NFD'), real && join(real, basename(name))];
  const inside = [...new Set(names)]
    .flatMap((one) => (one === undefined ? [] : [from(cwd || top, one), from(top, one)]))
    .filter((path) => !path.startsWith('../'));
  return inside.find((path) => existsSync(join(top, path))) ?? inside[0] ?? from(top);
}
