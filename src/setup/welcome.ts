// At session start in a repository without a memory: creates one if auto-init is on, else tells the user once how to start.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { findWorktree, placeFor, sessionFolders } from '../store/locate.ts';
import { initRepository } from './init.ts';
import { programName } from './program-name.ts';
import { absentMemories, findAbsentMemory } from '../git/state/absent-memory.ts';
import { userFolder } from '../settings/user-folder.ts';

/** A line for the user, never for the model; undefined when there is nothing to say. */
export async function welcomeUser(env: Env, cwd: string): Promise<string | undefined> {
  const top = sessionFolders([env.cwd, cwd], env.vars)
    .map((start) => findWorktree(start, env.home))
    .find((found) => found !== undefined);
  if (top === undefined) return undefined;
  const paths = placeFor(top, env.home);
  if (paths.commonDir === undefined) return undefined;
  const absent = findAbsentMemory(top);
  if (absent === undefined && existsSync(join(userFolder(env), 'auto-init'))) {
    const { written } = await initRepository(env, top);
    return written.length > 0
      ? `repomem: this repository now has a memory (.claude-mem/); repomem init --undo takes it away.`
      : undefined;
  }
  // Write the mark first: never showing the hint is better than showing it twice.
  mkdirSync(paths.privateDir, { recursive: true, mode: 0o700 });
  writeFileSync(join(paths.privateDir, 'hinted'), '', { flag: 'wx' });
  if (absent !== undefined)
    return `repomem: ${absentMemories[absent].what}. ${absentMemories[absent].cure}. Said once.`;
  return `repomem: this repository has no memory yet. /repomem:init gives it one (or: ${programName(env)} init). Said once.`;
}
