// The repositories that the figures are taken in: made once for a run, when the first line asks for one.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeSyntheticRecords } from '../helpers/synthetic-records.ts';
import { gitVars, removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';
import { runOnce, type Process } from './measure.ts';

export const project = dirname(dirname(import.meta.dirname));

/** Of thirty lines each, no two alike. */
export function codeFiles(count: number, inFolder = count): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `src/${count > inFolder ? `room-${Math.floor(index / inFolder)}/` : ''}part-${index}.ts`,
      Array.from({ length: 30 }, (__, line) => `export const value${index}x${line} = ${index * line};\n`).join(''),
    ]),
  );
}

export interface WorldOptions {
  /** Default: forty. */
  files?: Record<string, string>;
  /** How many of the files each record cites; default 1. */
  citesEach?: number;
}

export interface RecordSet {
  dir: string;
  /** Git's own folder in it. */
  gitDir: string;
  /** Ids of the records, newest first. */
  ids: string[];
  env: Record<string, string>;
  repomem(...args: string[]): Process;
  /** A hook's command as plugin.json names it, run by a shell as the host does. */
  hook(event: string, payload?: Record<string, unknown>): Process;
  /** Nothing waits: no compressor starts beside the next measurement. */
  emptySpool(): void;
  dropCaches(): void;
}

const made = new Map<string, RecordSet>();
const folder = tempDir('repomem-bench-');

export function removeWorlds(): void {
  removeFolder(folder);
}

/** A repository with `records` committed records, or without a memory: one for each purpose. Its caches are warm after the first hook. */
export function worldOf(records: number | 'no memory', purpose = 'warm', options: WorldOptions = {}): RecordSet {
  const { files = codeFiles(40), citesEach = 1 } = options;
  const name = `${records} ${purpose}`;
  const known = made.get(name);
  if (known) return known;
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  const repo = tempRepo(files, { at: join(folder, name.replaceAll(' ', '-')) });
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8', ...gitVars };
  let ids: string[] = [];
  if (records !== 'no memory') {
    execFileSync(process.execPath, [join(project, 'bin/repomem.js'), 'init', '--yes'], { cwd: repo.dir, env });
    ids = writeSyntheticRecords({ root: repo.dir, count: records, cited: Object.keys(files), citesEach });
    repo.git('add', '-A');
    repo.git('commit', '-qm', 'memory');
  }
  letRest(repo.dir, env);
  const gitDir = join(repo.dir, '.git');
  const recordSet = { dir: repo.dir, gitDir, ids, env, ...doings(repo.dir, gitDir, env) };
  made.set(name, recordSet);
  return recordSet;
}

/**
 * A repository is seldom asked in the second in which all its files were written. There git, which tells times by the second, reads file by
 * file whether it changed: now and then, by the clock's leave, that was half of what a line took.
 */
export function letRest(dir: string, env: Record<string, string>): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1100);
  execFileSync('git', ['status', '--porcelain'], { cwd: dir, env });
}

function doings(dir: string, gitDir: string, env: Record<string, string>) {
  const { hooks } = JSON.parse(readFileSync(join(project, 'hooks/hooks.json'), 'utf8')) as {
    hooks: Record<string, { hooks: { command: string }[] }[]>;
  };
  let session = 0;
  return {
    repomem: (...args: string[]): Process => ({
      program: process.execPath,
      args: [join(project, 'bin/repomem.js'), ...args],
      cwd: dir,
      env,
    }),
    hook: (event: string, payload: Record<string, unknown> = {}): Process => {
      const command = hooks[event]?.[0]?.hooks[0]?.command;
      if (command === undefined) throw new Error(`plugin.json has no hook for ${event}`);
      session += 1;
      return {
        program: 'sh',
        args: ['-c', command],
        cwd: dir,
        env: { ...env, CLAUDE_PLUGIN_ROOT: project, CLAUDE_PROJECT_DIR: dir },
        input: JSON.stringify({ session_id: `bench-${session}`, cwd: dir, hook_event_name: event, ...payload }),
      };
    },
    emptySpool: () => {
      const spool = join(gitDir, 'repomem/spool/main');
      for (const part of ['new', 'tmp', 'claims']) rmSync(join(spool, part), { recursive: true, force: true });
      for (const part of ['new', 'tmp']) mkdirSync(join(spool, part), { recursive: true });
    },
    dropCaches: () => {
      for (const name of namesIn(join(gitDir, 'repomem')))
        if (name !== 'ledger.jsonl' && name !== 'spool')
          rmSync(join(gitDir, 'repomem', name), { recursive: true, force: true });
    },
  };
}

/** Runs it once, unmeasured. */
export function warmUp(task: Process): void {
  const { status, stderr } = runOnce(task);
  if (status !== 0) throw new Error(`${task.args.join(' ')}: ${status} ${stderr}`);
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
