// At session start in a repository without a memory: creates one if auto-init is on, else tells the user once how to start.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { absentMemories, findAbsentMemory } from '../git/state/absent-memory.ts';
import { userFolder } from '../settings/user-folder.ts';
import { makeMark } from '../store/lenient-files.ts';
import { findWorktree, placeFor, sessionFolders } from '../store/locate.ts';
import { initRepository } from './init.ts';
import { programName } from './machine.ts';

/** A line for the user, never for the model; undefined when there is nothing to say. */
export function welcomeUser(env: Env, cwd: string): string | undefined {
  const tops = sessionFolders([env.cwd, cwd], env.vars).map((start) => findWorktree(start, env.home));
  const top = tops.find((found) => found !== undefined);
  if (top === undefined) return undefined;
  const { commonDir, privateDir } = placeFor(top, env.home);
  if (commonDir === undefined) return undefined;
  const absent = findAbsentMemory(top);
  if (absent === undefined && existsSync(join(userFolder(env), 'auto-init'))) {
    const { written } = initRepository(env, top);
    const text = 'repomem: this repository now has a memory (.claude-mem/); repomem init --undo takes it away.';
    return written.length > 0 ? text : undefined;
  }
  // The mark first: never showing the hint is better than showing it twice.
  if (!makeMark(join(privateDir, 'hinted'))) return undefined;
  const what =
    absent === undefined
      ? `this repository has no memory yet. /repomem:init gives it one (or: ${programName(env)} init)`
      : `${absentMemories[absent].what}. ${absentMemories[absent].cure}`;
  return `repomem: ${what}. Said once.`;
}
