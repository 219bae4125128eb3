// What the host calls: always exit 0, print nothing but the host's JSON. The agent waits for this process.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HookCall, Moment } from './agents/agent.ts';
import { claudeCode } from './agents/claude-code/host.ts';
import { claimAnswer } from './capture/answered.ts';
import { appendLog } from './capture/log.ts';
import { orphanSpools, putSpool } from './capture/spool.ts';
import { hasSilentSession } from './capture/waiting.ts';
import { noteHead } from './capture/worktree-head.ts';
import type { Env } from './domain/env.ts';
import type { MemoryPaths } from './domain/memory-paths.ts';
import { readInput } from './hooks/standard-input.ts';
import { findMemory, startFolders } from './store/locate.ts';
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
    paths = findMemory(startFolders(env.cwd, env.vars), env.home);
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
  const isCompressing =
    compressing.has(call.moment) || (call.moment === 'start' && hasLeftovers(paths, env.now().getTime()));
  if (spooled.has(call.moment) && bytes.length > 0)
    putSpool(paths, bytes, call.moment === 'start' ? startSuffix : undefined);
  noteHead(paths);
  if (isCompressing) startCompressor(env, paths);
  if (!answered.has(call.moment)) return;
  const source = call.toolUseId || call.promptId || call.source || call.subagent;
  if (!claimAnswer(paths, call.session, `${call.event}-${source}`, env.now())) return;
  const { answerCall } = await import('./recall/answer.ts');
  const answer = await answerCall(env, paths, call);
  if (answer) print(call, answer);
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

/** Events or claims of a session that ended without its compressor, here or in a worktree that is gone, or one that waits for a model. */
function hasLeftovers(paths: MemoryPaths, nowMs: number): boolean {
  if (hasSilentSession(paths, nowMs)) return true;
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
  mkdirSync(paths.privateDir, { recursive: true, mode: 0o700 });
  const program = join(env.packageDir, 'bin/repomem.js');
  const child = spawn(process.execPath, [program, 'compress', '--detached', '--root', paths.root], {
    // Not in the worktree: it may be removed while we work.
    cwd: paths.privateDir,
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
  });
  child.on('error', (error) =>
    appendLog(paths, 'hook', env.now(), `the compressor could not be started: ${error.message}`),
  );
  child.unref();
}

/** A repository without a memory: make one where the user wants one everywhere, else tell the user once how to start. */
async function welcome(env: Env, call: HookCall): Promise<void> {
  const { welcomeUser } = await import('./setup/welcome.ts');
  const message = await welcomeUser(env);
  if (message) print(call, { message });
}
