import { execFile, type ExecFileException, spawnSync } from 'node:child_process';
import { messageOf, RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { filtersOff, hardConfig, hardFlags, hardVariables, literalFlag, mayDefineFilters } from './harden.ts';
import { once } from '../../domain/once.ts';

export interface GitOptions {
  stdin?: string;
  /** Default 10,000. */
  timeoutMs?: number;
  /** Limit of output; default 64 MiB. More is a failure; output is never truncated. */
  maxBytes?: number;
  /** Variables to start from instead of this process's own. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Set inside one of git's own hooks: keeps GIT_INDEX_FILE, the index of the current commit. */
  isInsideHook?: boolean;
}

export interface GitResult {
  ok: boolean;
  /** Git's exit code; -1 when it could not be started, was killed or exceeded the output limit. */
  code: number;
  /** Standard output as bytes and, decoded on demand, as text. */
  bytes: Buffer;
  readonly stdout: string;
  stderr: string;
}

/** Runs git, hardened and with a time limit. Never throws: a missing git or repository and dubious ownership show in `code` and `stderr`. */
export function runGit(
  cwd: string,
  args: readonly string[],
  options: GitOptions = {},
  config: readonly string[] = [],
): GitResult {
  if (hasNul(args)) return fail(nulReason);
  const child = spawnSync('git', fullArguments(args, config), {
    ...processOptions(cwd, options),
    input: options.stdin ?? '',
    timeout: options.timeoutMs ?? defaultTimeoutMs,
  });
  const code = child.error === undefined ? child.status : null;
  const reason = child.error?.message ?? `git was stopped by ${child.signal}`;
  return resultOf(code, child.stdout ?? Buffer.alloc(0), child.stderr ?? Buffer.alloc(0), reason);
}

/** Runs git at the top of the working tree with the repository's own filters disabled. Fails without git. */
export function runIn(paths: MemoryPaths, args: readonly string[], options: GitOptions = {}): GitResult {
  if (paths.worktree === undefined) return fail('not a git working tree');
  return runGit(paths.worktree, args, options, ownFiltersOff(paths, options));
}

/** As runIn, but asynchronous and without stdin. */
export async function startIn(
  paths: MemoryPaths,
  args: readonly string[],
  options: Omit<GitOptions, 'stdin'> = {},
): Promise<GitResult> {
  const { worktree } = paths;
  if (worktree === undefined) return fail('not a git working tree');
  if (hasNul(args)) return fail(nulReason);
  const command = fullArguments(args, ownFiltersOff(paths, options));
  return new Promise<GitResult>((resolve) => {
    const end = (error: ExecFileException | null, stdout: Buffer, stderr: Buffer): void => {
      clearInterval(timer);
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve(resultOf(code, stdout, stderr, error?.signal ? `git was stopped by ${error.signal}` : error?.message));
    };
    const shape = { ...processOptions(worktree, options), encoding: 'buffer' as const };
    const child = execFile('git', command, shape, end);
    child.stdin?.end();
    // Not a single timer: while we read 100,000 files it would run out, and git only waits for us to read its output.
    let turns = 10;
    const timer = setInterval(
      () => --turns > 0 || child.kill('SIGKILL'),
      (options.timeoutMs ?? defaultTimeoutMs) / turns,
    );
  }).catch((error: Error) => fail(error.message));
}

const defaultTimeoutMs = 10_000;

function processOptions(cwd: string, options: GitOptions) {
  const { maxBytes: maxBuffer = 64 * 1024 * 1024 } = options;
  return { cwd, maxBuffer, killSignal: 'SIGKILL' as const, env: variablesOf(options), windowsHide: true };
}

/** Node throws on a NUL in an argument, and git does not accept one. */
function hasNul(args: readonly string[]): boolean {
  return args.some((arg) => arg.includes('\0'));
}

const nulReason = 'an argument holds a NUL';

function fail(reason: string): GitResult {
  return resultOf(null, Buffer.alloc(0), Buffer.alloc(0), reason);
}

function resultOf(code: number | null, bytes: Buffer, stderr: Buffer, reason = ''): GitResult {
  const text = once(() => bytes.toString('utf8'));
  return {
    ok: code === 0,
    code: code ?? -1,
    bytes,
    get stdout() {
      return text();
    },
    stderr: code === null ? reason : stderr.toString('utf8'),
  };
}

/** `config`: more `key=value` settings for this call. */
function fullArguments(args: readonly string[], config: readonly string[]): string[] {
  const settings = [...hardConfig, ...config].flatMap((setting) => ['-c', setting]);
  return [...hardFlags, ...(args[0] === 'check-ignore' ? [] : [literalFlag]), ...settings, ...args];
}

/** The only code outside main.ts that reads the process's variables: passes them to git, minus those that redirect it. */
export function variablesOf(options: Pick<GitOptions, 'env' | 'isInsideHook'> = {}): Record<string, string> {
  return hardVariables(options.env ?? process.env, options.isInsideHook);
}

/** Settings that disable filters defined by the repository's own configuration; one more process only where filters may exist. */
export function ownFiltersOff(paths: MemoryPaths, options: Pick<GitOptions, 'env'> = {}): string[] {
  if (paths.worktree === undefined || paths.commonDir === undefined || paths.gitDir === undefined) return [];
  if (!mayDefineFilters(paths.commonDir, paths.gitDir)) return [];
  const args = ['config', '--show-scope', '--name-only', '-z', '--get-regexp', '^filter\\.'];
  return filtersOff(runGit(paths.worktree, args, { ...(options.env && { env: options.env }) }).stdout);
}

const timeoutMs = 30_000;

/** Output of one git command. Throws RepomemError `no-repository` without git, `git` with the first line of git's message. */
export async function askGit(paths: MemoryPaths, args: readonly string[]): Promise<string> {
  requireWorktree(paths);
  const { ok, stdout, stderr } = await startIn(paths, args, { timeoutMs });
  if (!ok) throw gitError(args, stderr);
  return stdout;
}

/** As askGit. Callers pass fixed arguments, and paths only after `--`. */
export async function runCommand(paths: MemoryPaths, args: readonly string[]): Promise<string> {
  const baseDir = requireWorktree(paths);
  const { simpleGit } = await import('simple-git');
  const variables = { ...variablesOf(), GIT_LITERAL_PATHSPECS: '1', GIT_OPTIONAL_LOCKS: '0' };
  const git = simpleGit({
    baseDir,
    maxConcurrentProcesses: 1,
    config: [...hardConfig, ...ownFiltersOff(paths)],
    timeout: { block: timeoutMs },
    unsafe: allowed,
    allowEnvironment: Object.keys(variables),
  });
  try {
    return await git.env(variables).raw([...args]);
  } catch (error) {
    throw gitError(args, messageOf(error), error);
  }
}

/** simple-git treats our settings as unsafe because they could run code; each of ours switches such a feature off. */
const allowed = Object.fromEntries(
  'FsMonitor HooksPath Pager SshCommand AskPass CredentialHelper ProtocolOverride DiffExternal Filter ConfigPaths'
    .split(' ')
    .map((name) => [`allowUnsafe${name}`, true]),
);

function requireWorktree({ root, worktree }: MemoryPaths): string {
  if (worktree !== undefined) return worktree;
  throw new RepomemError('no-repository', `${root}: expected a git repository; found none`);
}

function gitError(args: readonly string[], message: string, cause?: unknown): RepomemError {
  return new RepomemError('git', `git ${args[0] ?? ''}: ${message.trim().split('\n')[0] ?? ''}`, { cause });
}
