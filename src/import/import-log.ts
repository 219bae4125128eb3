// What was imported, by source: `<privateDir>/imports/SOURCE.jsonl`. By it a second run skips, and a run is taken back.
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Tier } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { tierDir } from '../compress/plan/session-files.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { fieldsOf, namesIn } from './files.ts';

export interface ImportEntry {
  /** ItemBase.from. */
  from: string;
  /** '' where nothing came of it. */
  id: string;
  run: string;
  /** ISO 8601: when the run began. */
  at: string;
  tier?: Tier;
  /** Below the tier's folder, with forward slashes. */
  path?: string;
  /** Of the file as written. */
  hash?: string;
  /** Full id of an imported session: its state goes with the run. */
  session?: string;
  /** Of the source's own words: other ones are a changed entry. */
  words?: string;
  /** Its file is about to be written. The same entry follows without this; where it does not, the run was stopped meanwhile. */
  isPending?: true;
}

const folderOf = (paths: MemoryPaths): string => join(paths.privateDir, 'imports');
const fileOf = (paths: MemoryPaths, source: string): string => join(folderOf(paths), `${source}.jsonl`);

export function readImports(paths: MemoryPaths, source: string): ImportEntry[] {
  let text: string;
  try {
    text = readFileSync(fileOf(paths, source), 'utf8');
  } catch {
    return [];
  }
  const entries = text
    .split('\n')
    .map(fieldsOf)
    .filter((value) => isEntry(value));
  return [...new Map(entries.map((entry) => [`${entry.from} ${entry.id}`, entry])).values()];
}

/** Without those that a stopped run left behind before their file was there. */
export function finishedImports(paths: MemoryPaths, source: string): ImportEntry[] {
  return readImports(paths, source).filter((entry) => entry.isPending !== true || isUnchanged(paths, entry));
}

export function pendingOf(entries: readonly ImportEntry[]): ImportEntry[] {
  return entries.filter(({ id }) => id !== '').map((entry) => ({ ...entry, isPending: true }));
}

export function fileOfEntry(paths: MemoryPaths, { tier, path }: ImportEntry): string | undefined {
  return tier === undefined || path === undefined ? undefined : join(tierDir(paths, tier), path);
}

/** Its file is there as it was written. */
export function isUnchanged(paths: MemoryPaths, entry: ImportEntry): boolean {
  const file = fileOfEntry(paths, entry);
  try {
    return file !== undefined && hashOfText(readFileSync(file, 'utf8')) === entry.hash;
  } catch {
    return false;
  }
}

function isEntry(value: Record<string, unknown> | undefined): value is Record<string, unknown> & ImportEntry {
  const { from, id, run } = value ?? {};
  return typeof from === 'string' && typeof id === 'string' && typeof run === 'string';
}

/** Each begins with a newline, so that what an interrupted append left behind harms only itself. */
export function appendImports(paths: MemoryPaths, source: string, entries: readonly ImportEntry[]): void {
  if (entries.length === 0) return;
  mkdirSync(folderOf(paths), { recursive: true, mode: 0o700 });
  const text = entries.map((entry) => `\n${JSON.stringify(entry)}`).join('');
  appendFileSync(fileOf(paths, source), text, { mode: 0o600 });
}

/** Throws what the file system throws. */
export function rewriteImports(paths: MemoryPaths, source: string, entries: readonly ImportEntry[]): void {
  if (entries.length === 0) return rmSync(fileOf(paths, source), { force: true });
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  writeFileAtomic(fileOf(paths, source), text, { mode: 0o600, dirMode: 0o700 });
}

/** Sources that anything was imported from. */
export function importedSources(paths: MemoryPaths): string[] {
  return namesIn(folderOf(paths)).flatMap((name) => (name.endsWith('.jsonl') ? name.slice(0, -'.jsonl'.length) : []));
}

export function hashOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
