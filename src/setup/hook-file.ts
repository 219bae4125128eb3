// A hook's file: reading, writing, and which program manages it.
import { chmodSync, existsSync, lstatSync, readFileSync } from 'node:fs';
import { codeOf } from '../domain/errors.ts';
import { writeFileAtomic } from '../store/atomic.ts';

/** Undefined when the file does not exist. Read as latin1: a hook may be in any encoding, or a binary. */
export function readHook(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    // Also of a link that leads nowhere.
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function writeHook(file: string, text: string): void {
  const mode = existsSync(file) ? lstatSync(file).mode & 0o777 : 0o755;
  writeFileAtomic(file, Buffer.from(text, 'latin1'), { mode });
  chmodSync(file, mode | 0o100);
}

interface HookManager {
  name: string;
  /**
   * `legacy`: the manager runs `<hook>.legacy` first and never changes it. `inside`: our lines are added to its file, which it
   * rewrites when its configuration changes.
   */
  way: 'legacy' | 'inside';
}

const managers: readonly (HookManager & { mark: RegExp })[] = [
  // This id is in every hook written by pre-commit since 1.0.
  { name: 'pre-commit', way: 'legacy', mark: /^# ID: 138fd403/m },
  { name: 'lefthook', way: 'inside', mark: /\bLEFTHOOK\b|call_lefthook/ },
  { name: 'husky', way: 'inside', mark: /^\. "\$\(dirname "\$0"\)\/h"/m },
  { name: 'simple-git-hooks', way: 'inside', mark: /SKIP_SIMPLE_GIT_HOOKS/ },
];

/** The program that wrote a hook; undefined for other texts. */
export function managerOf(text: string): HookManager | undefined {
  return managers.find(({ mark }) => mark.test(text));
}
