// What `repomem init --yes` leaves, made once for the whole run by the program itself and copied: most tests begin there and are about something else.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { gitVars, tempRepo, type TempRepo } from './temp-repo.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A home folder with the repository `repo`, which has a memory. */
    givenMemory: string;
  }
}

const registry = '.config/repomem/repositories.json';
const inRepo = ['.claude-mem', '.git/repomem'];

/** For the global setup, which makes it. */
export function makeGivenMemory(program: string, home: string): void {
  const { dir } = tempRepo({}, { at: join(home, 'repo') });
  const env = { PATH: process.env['PATH'], HOME: home, ...gitVars };
  execFileSync(process.execPath, [program, 'init', '--yes'], { cwd: dir, env, stdio: 'ignore' });
}

/** Gives the repository a memory, not committed, and the home its entry of it. */
export function giveMemory(repo: TempRepo, home: string): void {
  const from = inject('givenMemory');
  if (from === '') throw new Error('the package does not build, or its init failed');
  if (existsSync(join(home, registry))) throw new Error(`${home}: another repository has a memory: run init there`);
  for (const path of inRepo) cpSync(join(from, 'repo', path), join(repo.dir, path), { recursive: true });
  mkdirSync(join(home, '.config/repomem'), { recursive: true, mode: 0o700 });
  const text = readFileSync(join(from, registry), 'utf8').replace(join(from, 'repo'), repo.dir);
  writeFileSync(join(home, registry), text, { mode: 0o600 });
}

/** A repository below `home/work` whose files and memory are committed, each in a commit of its own. */
export function repoWithMemory(home: string, files: Record<string, string>): TempRepo {
  const repo = tempRepo(files, { at: join(home, 'work/repo') });
  giveMemory(repo, home);
  repo.git('add', '-A');
  repo.git('commit', '-qm', 'memory');
  return repo;
}
