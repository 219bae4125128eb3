import { spawn, spawnSync } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { filtersOff, hardConfig, hardFlags, hardVariables, literalFlag, mayDefineFilters } from './harden.ts';

export interface GitOptions {
  stdin?: string;
  /** Default 10,000. */
  timeoutMs?: number;
  /** Limit of output; default 64 MiB. More is a failure; output is never truncated. */
  maxBytes?: number;
  /** Variables to start from instead of this process's own. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Set inside one of git's own hooks: keeps GIT_INDEX_FILE and the like, which describe the current commit. */
  isInsideHook?: boolean;
  /** More `key=value` settings for this call. */
  config?: readonly string[];
}

export interface GitResult {
  ok: boolean;
  /** Git's exit code; -1 when it could not be started, was killed or exceeded the output limit. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface GitBytes extends Omit<GitResult, 'stdout'> {
  stdout: Buffer;
}

/**
 * Runs git, hardened and with a time limit. Never throws: a missing git or repository and dubious ownership show in `code` and
 * `stderr`.
 */
export function runGit(cwd: string, args: readonly string[], options: GitOptions = {}): GitResult {
  const result = runGitBytes(cwd, args, options);
  return { ...result, stdout: result.stdout.toString('utf8') };
}

/** As runGit, for binary output. */
export function runGitBytes(cwd: string, args: readonly string[], options: GitOptions = {}): GitBytes {
  // Node throws on a NUL in an argument, and git does not accept one.
  if (args.some((arg) => arg.includes('\0')))
    return { ok: false, code: -1, stdout: Buffer.alloc(0), stderr: 'an argument holds a NUL' };
  const child = spawnSync('git', fullArguments(args, options), {
    cwd,
    input: options.stdin ?? '',
    timeout: options.timeoutMs ?? defaultTimeoutMs,
    maxBuffer: options.maxBytes ?? defaultMaxBytes,
    killSignal: 'SIGKILL',
    env: variablesOf(options),
    windowsHide: true,
  });
  const stdout = child.stdout ?? Buffer.alloc(0);
  const stderr = child.stderr?.toString('utf8') ?? '';
  if (child.error || child.status === null)
    return { ok: false, code: -1, stdout, stderr: child.error?.message ?? `git was stopped by ${child.signal}` };
  return { ok: child.status === 0, code: child.status, stdout, stderr };
}

/** As runIn, but asynchronous and without stdin. */
export async function startIn(
  paths: MemoryPaths,
  args: readonly string[],
  options: Omit<GitOptions, 'stdin'> = {},
): Promise<GitResult> {
  if (paths.worktree === undefined) return fail('not a git working tree');
  const config = [...(options.config ?? []), ...ownFiltersOff(paths, options)];
  const { maxBytes = defaultMaxBytes, timeoutMs = defaultTimeoutMs } = options;
  try {
    return await new Promise<GitResult>((resolve, reject) => {
      const child = spawn('git', fullArguments(args, { config }), {
        cwd: paths.worktree,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: variablesOf(options),
        windowsHide: true,
      });
      // Not a single timer: while we read 100,000 files it would run out, and git only waits for us to read what it says.
      let turns = 10;
      const timer = setInterval(() => --turns > 0 || child.kill('SIGKILL'), timeoutMs / turns);
      const end = (): void => clearInterval(timer);
      child.on('error', (error) => (end(), reject(error)));
      const collect = (stream: Readable): Buffer[] => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        stream.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes > maxBytes) child.kill('SIGKILL');
        });
        return chunks;
      };
      const [out, err] = [collect(child.stdout), collect(child.stderr)];
      child.on('close', (code, signal) => {
        end();
        if (code === null) return resolve(fail(`git was stopped by ${signal}`));
        const [stdout, stderr] = [out, err].map((chunks) => Buffer.concat(chunks).toString('utf8')) as [string, string];
        resolve({ ok: code === 0, code, stdout, stderr });
      });
    });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function fail(reason: string): GitResult {
  return { ok: false, code: -1, stdout: '', stderr: reason };
}

const defaultTimeoutMs = 10_000;
const defaultMaxBytes = 64 * 1024 * 1024;

function fullArguments(args: readonly string[], { config = [] }: GitOptions): string[] {
  const settings = [...hardConfig, ...config].flatMap((setting) => ['-c', setting]);
  return [...hardFlags, ...(args[0] === 'check-ignore' ? [] : [literalFlag]), ...settings, ...args];
}

/** The only code outside main.ts that reads the process's variables: passes them to git, minus those that redirect it. */
export function variablesOf(options: Pick<GitOptions, 'env' | 'isInsideHook'>): Record<string, string> {
  return hardVariables(options.env ?? process.env, options.isInsideHook);
}

/** Runs git at the top of the working tree with the repository's own filters disabled. Fails without git. */
export function runIn(paths: MemoryPaths, args: readonly string[], options: GitOptions = {}): GitResult {
  const result = runBytesIn(paths, args, options);
  return { ...result, stdout: result.stdout.toString('utf8') };
}

export function runBytesIn(paths: MemoryPaths, args: readonly string[], options: GitOptions = {}): GitBytes {
  if (paths.worktree === undefined)
    return { ok: false, code: -1, stdout: Buffer.alloc(0), stderr: 'not a git working tree' };
  const config = [...(options.config ?? []), ...ownFiltersOff(paths, options)];
  return runGitBytes(paths.worktree, args, { ...options, config });
}

/** Settings that disable filters defined by the repository's own configuration; one more process only where filters may exist. */
export function ownFiltersOff(paths: MemoryPaths, options: Pick<GitOptions, 'env'> = {}): string[] {
  if (paths.worktree === undefined || paths.commonDir === undefined || paths.gitDir === undefined) return [];
  if (!mayDefineFilters(paths.commonDir, paths.gitDir)) return [];
  const args = ['config', '--show-scope', '--name-only', '-z', '--get-regexp', '^filter\\.'];
  return filtersOff(runGit(paths.worktree, args, options).stdout);
}
