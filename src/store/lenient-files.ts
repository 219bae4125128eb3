// Reading and writing that never throws: what is missing or unreadable counts as empty, what the disk refuses is left out.
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export function readTextOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Names in a folder, below it with `recursive` (with `/`). */
export function namesIn(folder: string, recursive = false): string[] {
  try {
    const names = readdirSync(folder, { recursive, encoding: 'utf8' });
    return recursive ? names.map((name) => name.replaceAll('\\', '/')) : names;
  } catch {
    return [];
  }
}

/** The value of a JSON file; undefined for one that cannot be read or parsed. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The values of a file of JSON lines. Lines that are no JSON, such as one that a crash cut off, are skipped. */
export function readJsonLines(file: string): unknown[] {
  return readTextOrEmpty(file)
    .split('\n')
    .flatMap((line): unknown[] => {
      try {
        return line === '' ? [] : [JSON.parse(line)];
      } catch {
        return [];
      }
    });
}

/** Returns and removes the lines of a file of JSON lines, the last of each `path`. Lines added meanwhile stay for the next call. */
export function takeJsonLines<T extends { path: string }>(file: string): T[] {
  const taken = `${file}.${process.pid}`;
  try {
    renameSync(file, taken);
    const lines = readJsonLines(taken) as T[];
    rmSync(taken, { force: true });
    return [...new Map(lines.map((line) => [line.path, line])).values()];
  } catch {
    return [];
  }
}

/** Makes an empty file; true when this call made it, false when it is there already or cannot be written. */
export function makeMark(file: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/** Appends to a file that its owner alone may read, and makes its folder. False when the disk is full or read-only. */
export function appendPrivate(file: string, text: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, text, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/** Removes the files and folders in a folder that nothing wrote for `days`. Another process may do the same at once. */
export function removeOld(folder: string, days: number, now: Date): void {
  for (const name of namesIn(folder))
    try {
      const path = join(folder, name);
      if (now.getTime() - statSync(path).mtimeMs > days * 86_400_000) rmSync(path, { recursive: true, force: true });
    } catch {
      // Already removed, or the disk refuses.
    }
}
