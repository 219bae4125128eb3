// Lists the record files. Runs in hooks: names and stats only, opens no file and loads nothing third-party.
import { lstatSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { codeOf } from '../domain/errors.ts';
import type { Tier } from '../domain/excerpt.ts';
import { idOfName, idOfPath } from '../domain/id.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { Problem } from '../domain/record.ts';
import { isRecordName, recordFolders } from './layout.ts';

/** A regular file with a record's name. */
export interface RecordFile {
  /** Relative to the folder that holds `.claude-mem` (shared), absolute (local), with forward slashes. */
  path: string;
  absolute: string;
  tier: Tier;
}

export interface ListedFiles {
  /** Shared before local, each by path. */
  files: RecordFile[];
  problems: Problem[];
  /** Absolute: those that hold records or may come to hold some. Their times tell of files that come and go. */
  folders: string[];
}

/** YYYY/MM needs two levels; a much deeper tree is a mistake or an attack. */
const maxDepth = 8;

/** Whether the regular file at an absolute path still has this time and size. */
export function isUntouched(absolute: string, mtimeMs: number, bytes: number): boolean {
  const stat = lstatSync(absolute, { throwIfNoEntry: false });
  return stat !== undefined && stat.mtimeMs === mtimeMs && stat.size === bytes && stat.isFile();
}

/**
 * All record files of both tiers. Links are never followed: links and unreadable folders are problems. Two files with the same id are both
 * listed, and reported as a problem: neither may hide the other.
 */
export function listRecordFiles(paths: MemoryPaths): ListedFiles {
  const [shared, local] = [listTier('shared', paths.memoryDir, paths), listTier('local', paths.localDir, paths)];
  const files = shared.files.concat(local.files);
  const problems = [...shared.problems, ...local.problems, ...findDuplicates(files)];
  return { files, problems, folders: [...shared.folders, ...local.folders] };
}

function listTier(tier: Tier, base: string, { root }: MemoryPaths): ListedFiles {
  const found: ListedFiles = { files: [], problems: [], folders: [] };
  const toPath = (absolute: string): string => {
    const path = tier === 'shared' ? relative(root, absolute) : absolute;
    return sep === '/' ? path : path.split(sep).join('/');
  };
  const problem = (absolute: string, code: string, reason: string): void => {
    found.problems.push({ path: toPath(absolute), code, reason });
  };
  const refuse = (absolute: string, isLink: boolean): void =>
    isLink
      ? problem(absolute, 'link', 'a symbolic link; expected a regular file or folder; links are not followed')
      : problem(absolute, 'not-a-file', 'expected a regular file or folder');
  const isFolder = (path: string): boolean => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isDirectory()) refuse(path, stat.isSymbolicLink());
    return stat?.isDirectory() === true;
  };
  const walk = (folder: string, depth: number): void => {
    if (depth > maxDepth) return problem(folder, 'too-deep', `folders nest more than ${maxDepth} levels; not read`);
    found.folders.push(folder);
    let entries;
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      return problem(folder, 'unreadable', `the folder cannot be listed (${codeOf(error) ?? 'error'})`);
    }
    const prefix = `${toPath(folder)}/`;
    // Sorted per folder, so that the final sort gets nearly sorted input.
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const { name } = entry;
      if (name.startsWith('.')) continue;
      const absolute = `${folder}${sep}${name}`;
      if (entry.isDirectory()) walk(absolute, depth + 1);
      else if (entry.isFile()) {
        if (!isRecordName(name)) continue;
        const original = originalOf(name, (other) => entries.some((one) => one.name === other));
        if (original === undefined) found.files.push({ path: prefix + name, absolute, tier });
        else problem(absolute, 'copy', `a copy of ${original} that a cloud drive made; compare the two and keep one`);
      } else if (entry.isSymbolicLink() || isRecordName(name)) refuse(absolute, entry.isSymbolicLink());
    }
  };
  const isThere = isFolder(base);
  for (const folder of recordFolders.map((name) => join(base, name)))
    if (isThere && isFolder(folder)) walk(folder, 0);
    else found.folders.push(folder);
  found.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return found;
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

function findDuplicates(files: readonly RecordFile[]): Problem[] {
  const seen = new Map<string, string>();
  return files.flatMap(({ path }) => {
    const id = idOfPath(path);
    const other = seen.get(id);
    if (other === undefined) seen.set(id, path);
    return other === undefined
      ? []
      : [{ path, code: 'duplicate-id', reason: `the id ${id} is also that of ${other}; rename one of them` }];
  });
}
