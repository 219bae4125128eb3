// Files of other tools below a folder: found, read within limits, and when they came into git.
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hash } from 'node:crypto';
import { RepomemError } from '../domain/errors.ts';
import { runIn } from '../git/run/runner.ts';
import { below, type Ground } from './ground.ts';

const fileMaxBytes = 1024 * 1024;
const filesMax = 2_000;

export interface SourceFile {
  path: string;
  /** Relative to the folder that was searched, with forward slashes. */
  name: string;
  text: string;
  /** ISO 8601: of the file itself. */
  modified: string;
}

/** Regular files below `folder` whose relative name is wanted, by name; links are not followed. A file stands for itself. */
export function filesBelow(folder: string, isWanted: (name: string) => boolean): SourceFile[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isFile() === true)
    return readOne(folder, folder.slice(folder.lastIndexOf('/') + 1));
  const found: SourceFile[] = [];
  const walk = (at: string, depth: number): void => {
    for (const name of namesIn(at)) {
      const path = join(at, name);
      const stat = lstatSync(path, { throwIfNoEntry: false });
      const inside = relative(folder, path).replaceAll('\\', '/');
      if (found.length >= filesMax) return;
      if (stat?.isDirectory() === true && depth < 8 && name !== 'node_modules' && name !== '.git')
        walk(path, depth + 1);
      else if (stat?.isFile() === true && isWanted(inside)) found.push(...readOne(path, inside));
    }
  };
  walk(folder, 0);
  return found;
}

/** Sorted; none of a folder that is missing. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function readOne(path: string, name: string): SourceFile[] {
  try {
    const stat = statSync(path);
    if (stat.size > fileMaxBytes) return [];
    const text = readFileSync(path, 'utf8');
    return isText(text) ? [{ path, name, text, modified: stat.mtime.toISOString() }] : [];
  } catch {
    return [];
  }
}

/** A picture or a database read as a note would become a record of nonsense. Of another encoding than UTF-8 a few letters are lost. */
function isText(text: string): boolean {
  return !text.includes('\0') && text.split('\ufffd').length * 10 <= Math.max(20, text.length);
}

/** Throws RepomemError `bad-record`; `what` says whose JSON is expected. */
export function readJson(file: string, what: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    throw new RepomemError('bad-record', `${file}: expected JSON of ${what}; it cannot be read`, { cause: error });
  }
}

/** The objects of a list that an export holds. Throws RepomemError `bad-record`; `what` says whose export is expected. */
export function readExport(file: string, what: string, list: (value: unknown) => unknown): Record<string, unknown>[] {
  const found = list(readJson(file, what));
  if (!Array.isArray(found)) throw new RepomemError('bad-record', `${file}: expected ${what}; found no such list`);
  return found.filter(isFields);
}

/** Another tool's settings; none of a file that is missing or no JSON. */
export function settingsIn(file: string): Record<string, unknown> {
  try {
    return fieldsOf(readFileSync(file, 'utf8')) ?? {};
  } catch {
    return {};
  }
}

/** Of a line of JSON; undefined for anything else. */
export function fieldsOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Relative to the top where the file lies below it: then it can be cited. */
export function inRepository(ground: Ground, path: string): string | undefined {
  return below(path, ground.top);
}

/** When git first had the file; else when it was changed last. The same on every clone for what is in git. */
export function firstSeen(ground: Ground, file: SourceFile): string {
  const inside = inRepository(ground, file.path);
  if (inside !== undefined) {
    const { stdout } = runIn(ground.memory.paths, ['log', '--format=%ct', '--diff-filter=A', '--', inside]);
    const seconds = Number(stdout.trim().split('\n').at(-1));
    if (seconds > 0) return new Date(seconds * 1000).toISOString();
  }
  return file.modified;
}

/** A key of the file that names no folder of the user's. */
export function keyOf(source: string, name: string, words = ''): string {
  return `${source}:${name}${words === '' ? '' : `#${hash('sha256', words, 'hex').slice(0, 8)}`}`;
}

/** ISO 8601, or undefined for what is no date. */
export function dateOf(text: string): string | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined;
}
