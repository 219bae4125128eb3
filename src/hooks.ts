// What the host calls: always exit 0, print nothing but the host's JSON. The agent waits for this process.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HookCall, Moment } from './agents/agent.ts';
import { claudeCode } from './agents/claude-code/host.ts';
import { claimAnswer } from './capture/answered.ts';
import { appendLog } from './capture/log.ts';
import { noteNotKept } from './capture/not-kept.ts';
import { orphanSpools, putSpool } from './capture/spool.ts';
import { noteHead } from './capture/worktree-head.ts';
import type { Env } from './domain/env.ts';
import type { MemoryPaths } from './domain/memory-paths.ts';
import { readInput } from './hooks/standard-input.ts';
import { findMemory, sessionFolders } from './store/locate.ts';
import { writeAll } from './store/write-all.ts';

const inputLimits = { maxBytes: 64 * 1024 * 1024, maxMs: 4000 };

export async function runHook(env: Env, argv: readonly string[]): Promise<void> {
  let paths: MemoryPaths | undefined;
  process.exitCode = 0;
  try {
    if (env.vars['REPOMEM_CHILD']) return;
    const bytes = await readInput(inputLimits);
    const payload = parseJson(bytes);
    const call = claudeCode.readCall(payload ?? { hook_event_name: argv[0] });
    paths = findMemory(sessionFolders([env.cwd, call.cwd], env.vars), env.home);
    if (paths) await handle(env, paths, call, payload, bytes);
    else if (call.moment === 'start') await welcome(env, call);
  } catch (error) {
    if (paths)
      appendLog(paths, 'hook', env.now(), error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

const spooled: ReadonlySet<Moment> = new Set(['start', 'prompt', 'turn-end', 'before-compaction', 'compaction', 'end']);
const compressing: ReadonlySet<Moment> = new Set(['turn-end', 'before-compaction', 'end']);
const answered: ReadonlySet<Moment> = new Set(['start', 'prompt', 'before-tool', 'subagent-start']);

async function handle(
  env: Env,
  paths: MemoryPaths,
  call: HookCall,
  payload: unknown,
  bytes: Uint8Array,
): Promise<void> {
  if (payload === undefined) appendLog(paths, 'hook', env.now(), `the payload is not JSON (${bytes.length} bytes)`);
  const isCompressing = compressing.has(call.moment) || (call.moment === 'start' && hasLeftovers(paths));
  if (spooled.has(call.moment) && bytes.length > 0) keepEvent(env, paths, call, bytes);
  noteHead(paths);
  if (call.moment === 'start') forgetFailure(paths);
  if (isCompressing) startCompressor(env, paths);
  if (!answered.has(call.moment)) return;
  const source = call.toolUseId || call.promptId || call.source || call.subagent;
  if (!claimAnswer(paths, call.session, `${call.event}-${source}`, env.now())) return;
  const { answerCall } = await import('./recall/answer.ts');
  const answer = await answerCall(env, paths, call);
  if (answer) print(call, answer);
}

/** A disk that takes nothing is no reason to tell nothing. */
function keepEvent(env: Env, paths: MemoryPaths, call: HookCall, bytes: Uint8Array): void {
  try {
    putSpool(paths, bytes, call.moment === 'start' ? startSuffix : undefined);
  } catch (error) {
    noteNotKept(env, paths);
    appendLog(paths, 'hook', env.now(), `an event was not kept: ${error instanceof Error ? error.message : ''}`);
  }
}

/** The shell guard's note that Node did not start; here it did. */
function forgetFailure({ privateDir }: MemoryPaths): void {
  try {
    rmSync(join(privateDir, 'node-failed'), { force: true });
  } catch {
    // Read-only.
  }
}

function print(call: HookCall, answer: { context?: string; message?: string }): void {
  const text = claudeCode.formatAnswer(call.event, answer);
  if (text) writeAll(1, text);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** That a session began is nothing to compress: alone it starts no compressor. */
const startSuffix = '.start.json';

/** Events or claims of a session that ended without its compressor, here or in a worktree that is gone. */
function hasLeftovers(paths: MemoryPaths): boolean {
  const spools = [paths, ...orphanSpools(paths)].map(({ spoolDir }) => spoolDir);
  return spools
    .flatMap((spool) => ['new', 'tmp', 'claims'].map((name) => join(spool, name)))
    .some((folder) => {
      try {
        return readdirSync(folder).some((name) => !name.endsWith(startSuffix));
      } catch {
        return false;
      }
    });
}

/** Detached, with nothing inherited: the host waits for every open pipe, and kills what stays in its group. */
function startCompressor(env: Env, paths: MemoryPaths): void {
  makeFolder(paths.privateDir);
  const program = join(env.packageDir, 'bin/repomem.js');
  const child = spawn(process.execPath, [program, 'compress', '--detached', '--root', paths.root], {
    // Not in the worktree: it may be removed while we work.
    cwd: paths.privateDir,
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    env: compressorVariables(env),
  });
  child.on('error', (error) =>
    appendLog(paths, 'hook', env.now(), `the compressor could not be started: ${error.message}`),
  );
  child.unref();
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // Read-only: spawn says so, and the compressor would have nothing to write to.
  }
}

/** The guard keeps NODE_OPTIONS from hooks. What concerns the network or the memory is the compressor's too; a loader or a debugger is not. */
function compressorVariables({ vars }: Env): Record<string, string | undefined> {
  const { REPOMEM_NODE_OPTIONS: options = '', NODE_OPTIONS: _hooks, ...rest } = vars;
  const kept = options.match(/--(?:use-|dns-|tls-|max-|network-|openssl-)\S+/g) ?? [];
  return { ...rest, ...(kept.length > 0 && { NODE_OPTIONS: kept.join(' ') }) };
}

/** A repository without a memory: make one where the user wants one everywhere, else tell the user once how to start. */
async function welcome(env: Env, call: HookCall): Promise<void> {
  const { welcomeUser } = await import('./setup/welcome.ts');
  const message = await welcomeUser(env, call.cwd);
  if (message) print(call, { message });
}
