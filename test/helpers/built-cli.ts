import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';
import { gitVars } from './temp-repo.ts';

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd: string;
  /** Nothing is inherited but the PATH and what keeps git quiet; HOME is this folder, or one that does not exist. */
  home?: string;
  env?: Record<string, string>;
  input?: string | Uint8Array;
  /** Another user, for tests of what may not be written; root only. */
  uid?: number;
}

/** The package as users get it, built once for the whole run. */
export function builtPackage(): string {
  const { folder, problem } = inject('builtPackage');
  if (problem) throw new Error(`the package does not build: ${problem}`);
  return folder;
}

export function builtCli(): string {
  return join(builtPackage(), 'bin/repomem.js');
}

/** `repomem ARGS…` as a process of its own. */
export function runCli(args: readonly string[], options: RunOptions): Promise<Run> {
  return runProcess(process.execPath, [builtCli(), ...args], options);
}

/** Many command lines that change nothing, one after the other in one process: for tables of mistakes and of pages. */
export async function runCliBatch(lines: readonly (readonly string[])[], options: RunOptions): Promise<Run[]> {
  const batch = join(import.meta.dirname, '../tools/cli-batch.mjs');
  const run = await runProcess(process.execPath, [batch, join(builtPackage(), 'dist/main.js')], {
    ...options,
    input: JSON.stringify(lines),
  });
  if (run.code !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Run[];
}

/** One hook as the plugin names it, with a payload on standard input. */
export function runHook(event: string, payload: unknown, options: RunOptions): Promise<Run> {
  const script = /^(?:PostToolUse|PostToolUseFailure|SubagentStop)$/.test(event)
    ? 'repomem-capture.sh'
    : 'repomem-hook.sh';
  const input =
    typeof payload === 'string' || payload instanceof Uint8Array
      ? payload
      : JSON.stringify({ hook_event_name: event, cwd: options.cwd, ...(payload as object) });
  return runProcess('sh', [join(builtPackage(), 'bin', script), event], { ...options, input });
}

export function runProcess(program: string, args: readonly string[], options: RunOptions): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
      env: {
        PATH: process.env['PATH'],
        LANG: 'C.UTF-8',
        ...gitVars,
        HOME: options.home ?? join(options.cwd, '.no-home'),
        // install leaves a command in npm's global folder, where it may.
        npm_config_prefix: join(options.home ?? options.cwd, '.npm-global'),
        ...options.env,
      },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => {});
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({
        code: code ?? (signal ? 128 : -1),
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
      }),
    );
    child.stdin.end(options.input ?? '');
  });
}
