// Shared by tests of cached records: reads of a memory as a command makes them, and a git that answers what a test wants.
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Env } from '../../src/domain/env.ts';
import { findHere } from '../../src/memory/find-everywhere.ts';
import { findMemoryHere } from '../../src/memory/open.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { envAt } from './memory-at.ts';

/** Longer than a tick of the file system's clock: what is younger is not kept. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 40));

/** As envAt, with the clock of now. */
export const envNow = ({ dir }: TempRepo): Env => ({ ...envAt(dir), now: () => new Date() });

export const cacheOf = ({ dir }: TempRepo): string => join(dir, '.git/repomem/cache');

/** What a search finds, with all that is said of it but the times of files: those of the cache stay where git vouches for the bytes. */
export async function find(repo: TempRepo, text: string): Promise<unknown[]> {
  const { found } = await findHere(envNow(repo), findMemoryHere(envNow(repo)), { text });
  return found.map(({ excerpt: { mtimeMs: _mtimeMs, ...excerpt }, trust, isHere, isActive, hit, state }) => ({
    excerpt,
    trust,
    isHere,
    isActive,
    hit: { ...hit, excerpt },
    freshness: state?.freshness,
  }));
}

/** The same without a cache, the truth that a kept judgement must equal; the cache stays as it is for the next look. */
export async function findAnew(repo: TempRepo, text: string): Promise<unknown[]> {
  const cache = cacheOf(repo);
  const isThere = existsSync(cache);
  if (isThere) renameSync(cache, `${cache}-aside`);
  const truth = await find(repo, text);
  rmSync(cache, { recursive: true, force: true });
  if (isThere) renameSync(`${cache}-aside`, cache);
  return truth;
}

/** A PATH with a git of this shell script before the real one, which the script may call: `$real "$@"`. */
export function pathWithGit(repo: TempRepo, script: string): string {
  const path = process.env['PATH'] ?? '';
  const real = path.split(':').find((folder) => existsSync(join(folder, 'git')));
  const git = repo.write('.git/no-git/git', `#!/bin/sh\nreal=${real}/git\n${script}\n`);
  chmodSync(git, 0o755);
  return `${dirname(git)}:${path}`;
}

/** Of pathWithGit: a git that fails at one command. */
export const failAt = (command: string): string => `case " $* " in *" ${command} "*) exit 1;; esac\nexec "$real" "$@"`;
