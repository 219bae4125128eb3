// Reading and writing that never throws: what is missing or unreadable counts as empty, what the disk refuses is left out.
import { accessSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { attempt } from '../domain/errors.ts';

export function readTextOrEmpty(file: string): string {
  return attempt(() => readFileSync(file, 'utf8')) ?? '';
}

/** Names in a folder, below it with `recursive` (with `/`). */
export function namesIn(folder: string, recursive = false): string[] {
  const names = attempt(() => readdirSync(folder, { recursive, encoding: 'utf8' })) ?? [];
  return recursive ? names.map((name) => name.replaceAll('\\', '/')) : names;
}

/** The value of a JSON file; undefined for one that cannot be read or parsed. */
export function readJson(file: string): unknown {
  return attempt((): unknown => JSON.parse(readFileSync(file, 'utf8')));
}

/** The values of a file of JSON lines. Lines that are no JSON, such as one that a crash cut off, are skipped. */
export function readJsonLines(file: string, read = readTextOrEmpty): unknown[] {
  return read(file)
    .split('\n')
    .map((line) => attempt((): unknown => JSON.parse(line)))
    .filter((value) => value !== undefined);
}

/** Returns and removes the lines of a file of JSON lines, the last of each `path`. */
export function takeJsonLines<T extends { path: string }>(file: string): T[] {
  const lines = readJsonLines(file, takeText) as T[];
  return [...new Map(lines.map((line) => [line.path, line])).values()];
}

/** Returns and removes the text of a file. What is added meanwhile stays for the next call. */
export function takeText(file: string): string {
  const taken = `${file}.${process.pid}`;
  attempt(() => renameSync(file, taken));
  const text = readTextOrEmpty(taken);
  attempt(() => rmSync(taken, { force: true }));
  return text;
}

/** Makes an empty file; true when this call made it, false when it is there already or cannot be written. */
export function makeMark(file: string): boolean {
  return writePrivate(file, '', 'wx');
}

/** Appends to a file that its owner alone may read, and makes its folder. False when the disk is full or read-only. */
export function appendPrivate(file: string, text: string): boolean {
  return writePrivate(file, text, 'a');
}

/** Writes a file that its owner alone may read, and makes its folder. False when the disk refuses it. */
export function writePrivate(file: string, text: string, flag = 'w'): boolean {
  return succeeds(() => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { flag, mode: 0o600 });
  });
}

/** `mode`: of fs.constants, such as X_OK. */
export function isAccessible(path: string, mode: number): boolean {
  return succeeds(() => accessSync(path, mode));
}

function succeeds(work: () => void): boolean {
  return attempt(() => [work()]) !== undefined;
}

/** Removes the files and folders in a folder that nothing wrote for `days`. Another process may do the same at once. */
export function removeOld(folder: string, days: number, now: Date): void {
  for (const name of namesIn(folder))
    attempt(() => {
      const path = join(folder, name);
      if (now.getTime() - statSync(path).mtimeMs > days * 86_400_000) rmSync(path, { recursive: true, force: true });
    });
}
