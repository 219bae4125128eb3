// Lists the record files. Runs in hooks: names and stats only, opens no file and loads nothing third-party.
import { lstatSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { codeOf } from '../domain/errors.ts';
import type { Tier } from '../domain/excerpt.ts';
import { idOfName } from '../domain/id.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { fileMaxBytes, type Problem } from '../domain/record.ts';
import { isRecordName, recordFolders } from './layout.ts';

/** A regular file with a record's name; size and time are not read yet. */
export interface RecordName {
  /** Relative to the folder that holds `.claude-mem` (shared), absolute (local), with forward slashes. */
  path: string;
  absolute: string;
  tier: Tier;
}

export interface RecordFile extends RecordName {
  bytes: number;
  mtimeMs: number;
}

export interface RecordNames {
  /** Shared before local, each by path. */
  names: RecordName[];
  problems: Problem[];
  /** Absolute. A record may come to stand in them, of which the time of no other folder tells. */
  emptyFolders: string[];
}

/** YYYY/MM needs two levels; a much deeper tree is a mistake or an attack. */
const maxDepth = 8;

/** All record files of both tiers with size and time; see listRecordNames. A file over the size limit is a problem. */
export function listRecordFiles(paths: MemoryPaths): { files: RecordFile[]; problems: Problem[] } {
  const { names, problems } = listRecordNames(paths);
  const files: RecordFile[] = [];
  for (const name of names) {
    const file = statRecordFile(name);
    if (file === undefined) continue;
    if ('problem' in file) problems.push(file.problem);
    else files.push(file);
  }
  return { files, problems };
}

/** Whether the regular file at an absolute path still has this time and size. */
export function isUntouched(absolute: string, mtimeMs: number, bytes: number): boolean {
  const stat = lstatSync(absolute, { throwIfNoEntry: false });
  return stat !== undefined && stat.mtimeMs === mtimeMs && stat.size === bytes && stat.isFile();
}

/** Undefined when the file no longer exists. */
export function statRecordFile(name: RecordName): RecordFile | { problem: Problem } | undefined {
  const stat = lstatSync(name.absolute, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const { path, absolute, tier } = name;
  if (!stat.isFile()) return { problem: linkProblem(path, stat.isSymbolicLink()) };
  if (stat.size <= fileMaxBytes) return { path, absolute, tier, bytes: stat.size, mtimeMs: stat.mtimeMs };
  const reason = `${stat.size} bytes; expected at most ${fileMaxBytes}; split it or cut it`;
  return { problem: { path, code: 'too-big', reason } };
}

/**
 * Names of all record files of both tiers. Links are never followed: links and unreadable folders are problems. Two files with the
 * same id are both listed, and reported as a problem: neither may hide the other.
 */
export function listRecordNames(paths: MemoryPaths): RecordNames {
  const found: RecordNames = { names: [], problems: [], emptyFolders: [] };
  for (const [tier, base] of [
    ['shared', paths.memoryDir],
    ['local', paths.localDir],
  ] as const) {
    const toPath = (absolute: string): string => {
      const path = tier === 'shared' ? relative(paths.root, absolute) : absolute;
      return sep === '/' ? path : path.split(sep).join('/');
    };
    const isFolder = (path: string): boolean => {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (stat !== undefined && !stat.isDirectory())
        found.problems.push(linkProblem(toPath(path), stat.isSymbolicLink()));
      return stat?.isDirectory() === true;
    };
    if (!isFolder(base)) continue;
    const first = found.names.length;
    for (const folder of recordFolders.map((name) => join(base, name)))
      if (isFolder(folder)) walk(folder, 0, tier, toPath, found);
    const names = found.names.splice(first).sort((a, b) => (a.path < b.path ? -1 : 1));
    found.names = first === 0 ? names : found.names.concat(names);
  }
  found.problems.push(...findDuplicates(found.names));
  return found;
}

function walk(folder: string, depth: number, tier: Tier, toPath: (path: string) => string, found: RecordNames): void {
  const problem = (path: string, code: string, reason: string): void => {
    found.problems.push({ path: toPath(path), code, reason });
  };
  if (depth > maxDepth) return problem(folder, 'too-deep', `folders nest more than ${maxDepth} levels; not read`);
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return problem(folder, 'unreadable', `the folder cannot be listed (${codeOf(error) ?? 'error'})`);
  }
  const prefix = `${toPath(folder)}/`;
  const before = found.names.length;
  // Sorted per folder, so that the final sort gets nearly sorted input.
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const { name } = entry;
    if (name.startsWith('.')) continue;
    const absolute = `${folder}${sep}${name}`;
    if (entry.isFile()) {
      if (!isRecordName(name)) continue;
      const original = originalOf(name, (other) => entries.some((one) => one.name === other));
      if (original !== undefined)
        problem(absolute, 'copy', `a copy of ${original} that a cloud drive made; compare the two and keep one`);
      else found.names.push({ path: prefix + name, absolute, tier });
    } else if (entry.isDirectory()) walk(absolute, depth + 1, tier, toPath, found);
    else if (entry.isSymbolicLink() || isRecordName(name))
      found.problems.push(linkProblem(prefix + name, entry.isSymbolicLink()));
  }
  if (found.names.length === before) found.emptyFolders.push(folder);
}

/** What cloud drives and file managers put before or behind a name without an id. */
const copyMark =
  /^(.+?)(?: \d{1,3}| ?\(\d{1,3}\)| ?\([^()]*conflict[^()]*\)|(?: -)? copy(?: \d+| \(\d+\))?|[._ -](?:sync-)?conflict(?:ed)?\b[^/]*)$/i;
const copyOf = /^\p{L}[\p{L} ]{2,20} (?:of|von|de|di|van|av|af) /u;

/**
 * Name of the original of a copy: the name of another file around which something was written, such as `Copy of …`, `… 2`,
 * `… (Dev's conflicted copy 2026-11-29)`, `….sync-conflict-…`, `… - Kopie`, `….orig`.
 */
function originalOf(name: string, exists: (name: string) => boolean): string | undefined {
  const stem = name.slice(0, -'.md'.length);
  if (idOfName(stem) !== stem && /^[\da-z-]*$/i.test(stem)) return undefined;
  const bare = stem.replace(copyOf, '');
  const ends = Array.from(bare.matchAll(/-[0-9a-z]{8}(?![0-9a-z])/g), ({ index }) => index + 9);
  const stems = [...ends.map((end) => bare.slice(0, end)), copyMark.exec(bare)?.[1]];
  return stems.map((one) => `${one}.md`).find((other) => other !== name && exists(other));
}

function linkProblem(path: string, isLink: boolean): Problem {
  return isLink
    ? { path, code: 'link', reason: 'a symbolic link; expected a regular file or folder; links are not followed' }
    : { path, code: 'not-a-file', reason: 'expected a regular file or folder' };
}

function findDuplicates(files: readonly RecordName[]): Problem[] {
  const seen = new Map<string, string>();
  return files.flatMap(({ path }) => {
    const id = idOfName(path.slice(path.lastIndexOf('/') + 1));
    const other = seen.get(id);
    if (other === undefined) seen.set(id, path);
    return other === undefined
      ? []
      : [{ path, code: 'duplicate-id', reason: `the id ${id} is also that of ${other}; rename one of them` }];
  });
}
