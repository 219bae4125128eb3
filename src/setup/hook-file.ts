import { accessSync, chmodSync, constants, existsSync, lstatSync, readFileSync } from 'node:fs';
import { codeOf } from '../domain/errors.ts';
import { writeFileAtomic } from '../store/atomic.ts';

/** Undefined when the file does not exist. Read as latin1: a hook may be in any encoding, or a binary. */
export function readHook(file: string): string | undefined {
  try {
    if (lstatSync(file).isSymbolicLink() && !existsSync(file)) return undefined;
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function writeHook(file: string, text: string): void {
  const mode = existsSync(file) ? lstatSync(file).mode & 0o777 : 0o755;
  writeFileAtomic(file, Buffer.from(text, 'latin1'), { mode });
  chmodSync(file, mode | 0o100);
}

/** Git passes over a hook that is not. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
