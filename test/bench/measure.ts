import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Process {
  program: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  input?: string;
}

/** Milliseconds of the whole process, from spawn to exit, by a stopwatch that is a process of its own. Throws when it fails: a failure is fast, and no figure. */
export function timeProcess(task: Process): number {
  const input = JSON.stringify(task);
  const run = spawnSync(process.execPath, [join(import.meta.dirname, 'stopwatch.mjs')], { input, encoding: 'utf8' });
  if (run.status !== 0) throw run.error ?? new Error(`stopwatch: ${run.status} ${run.stderr}`);
  const { ms, failure } = JSON.parse(run.stdout) as { ms: number; failure?: string };
  if (failure !== undefined) throw new Error(`${task.program} ${task.args.join(' ')}: ${failure}`);
  return ms;
}

export function runOnce({ program, args, cwd, env, input }: Process): SpawnSyncReturns<string> {
  return spawnSync(program, [...args], { cwd, env, input: input ?? '', encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** Peak megabytes of a hook's Node process: its shell guard finds a `node` first on the PATH that reports them; NODE_OPTIONS it drops. */
export function peakMegabytes(task: Process): number {
  const folder = mkdtempSync(join(tmpdir(), 'repomem-peak-'));
  try {
    const reporter = join(folder, 'report.cjs');
    writeFileSync(
      reporter,
      `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(folder)} + '/' + process.pid + '.peak', String(process.resourceUsage().maxRSS)));`,
    );
    writeFileSync(join(folder, 'node'), `#!/bin/sh\nexec '${process.execPath}' --require='${reporter}' "$@"\n`, {
      mode: 0o755,
    });
    timeProcess({
      ...task,
      env: { ...task.env, PATH: `${folder}:${task.env?.['PATH'] ?? process.env['PATH'] ?? ''}` },
    });
    const peaks = peaksIn(folder);
    if (peaks.length === 0)
      throw new Error(`${task.program}: expected a Node process that reports its peak; found none`);
    return Math.max(...peaks) / 1024;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function peaksIn(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.peak'))
    .map((name) => Number(readFileSync(join(folder, name), 'utf8')));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
