// Entry point of host hooks: always exits 0 and prints only the host's JSON. The agent waits for this process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from './domain/errors.ts';
import type { HookCall, Host, Moment } from './agents/agent.ts';
import { findHost, isHostName, loadHost } from './agents/hosts.ts';
import { claimAnswer } from './capture/session-marks.ts';
import { appendLog } from './capture/error-log.ts';
import { noteNotKept } from './capture/notices.ts';
import { orphanSpools, putSpool } from './capture/spool.ts';
import { hasSilentSession } from './capture/waiting.ts';
import { noteHead } from './capture/worktree-head.ts';
import type { Env } from './domain/env.ts';
import type { MemoryPaths } from './domain/memory-paths.ts';
import { namesIn } from './store/lenient-files.ts';
import { findMemory, sessionFolders } from './store/locate.ts';
import { writeAll } from './store/atomic.ts';

const inputMaxBytes = 64 * 1024 * 1024;
/** A host that never closes the pipe must not keep us longer than this. */
const inputMaxMs = 4000;

export async function runHook(env: Env, argv: readonly string[]): Promise<void> {
  let paths: MemoryPaths | undefined;
  process.exitCode = 0;
  try {
    if (env.vars['REPOMEM_CHILD']) return;
    const bytes = await readInput();
    const payload = attempt((): unknown => JSON.parse(bytes.toString('utf8')));
    const named = agentOf(argv) || env.vars['REPOMEM_AGENT'] || '';
    const host = await loadHost(findHost(named, payload, env.vars));
    const call = host.readCall(payload ?? { hook_event_name: argv[0] });
    paths = findMemory(sessionFolders([env.cwd, call.cwd], env.vars), env.home);
    if (paths && named !== '' && !isHostName(named))
      appendLog(paths, 'hook', env.now(), `--agent ${named}: no such agent; its events are read by their shape`);
    if (paths) await handle(env, paths, { host, call, payload, bytes });
    else if (call.moment === 'start') {
      const { welcomeUser } = await import('./setup/init.ts');
      const message = welcomeUser(env, call.cwd);
      if (message) print(host, call, { message });
    }
  } catch (error) {
    if (paths)
      appendLog(paths, 'hook', env.now(), error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

/** Standard input, whole; what came by then when it takes too long or is too much, or when that is whole JSON. Empty when it cannot be read. */
async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  const { stdin } = process;
  const timer = setTimeout(() => stdin.destroy(), inputMaxMs);
  try {
    for await (const chunk of stdin as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      total += chunk.length;
      // As a rule nothing follows a part that ends an object.
      const isWhole = chunk.includes('}', -2) && attempt(() => JSON.parse(String(Buffer.concat(chunks)))) !== undefined;
      if (total > inputMaxBytes || isWhole) break;
    }
  } catch {
    // Too late, or it cannot be read.
  }
  clearTimeout(timer);
  return Buffer.concat(chunks);
}

/** `EVENT --agent NAME` or `EVENT --agent=NAME`; '' without an agent. */
function agentOf(argv: readonly string[]): string {
  const at = argv.findIndex((word) => word === '--agent' || word.startsWith('--agent='));
  if (at < 0) return '';
  return argv[at]?.slice('--agent='.length) || argv[at + 1] || '';
}

interface Delivery {
  host: Host;
  call: HookCall;
  /** Undefined when it is not valid JSON. */
  payload: unknown;
  bytes: Uint8Array;
}

const passing: ReadonlySet<Moment> = new Set(['before-tool', 'subagent-start', 'other']);
const compressing: ReadonlySet<Moment> = new Set(['turn-end', 'before-compaction', 'end']);
const answered: ReadonlySet<Moment> = new Set(['start', 'prompt', 'before-tool', 'subagent-start']);

async function handle(env: Env, paths: MemoryPaths, delivery: Delivery): Promise<void> {
  const { host, call, payload, bytes } = delivery;
  if (payload === undefined) appendLog(paths, 'hook', env.now(), `the payload is not JSON (${bytes.length} bytes)`);
  const isCompressing =
    compressing.has(call.moment) || (call.moment === 'start' && hasLeftovers(paths, env.now().getTime()));
  if (!passing.has(call.moment) && bytes.length > 0) keepEvent(env, paths, delivery);
  noteHead(paths);
  // The shell guard's note that Node did not start. On a read-only disk the hook still answers.
  if (call.moment === 'start') attempt(() => rmSync(join(paths.privateDir, 'node-failed'), { force: true }));
  if (isCompressing) await startCompressor(env, paths);
  if (!answered.has(call.moment)) return;
  if (!claimAnswer(paths, call.session, `${call.moment}-${sourceOf(call)}`, env.now())) return;
  const { answerCall } = await import('./recall/hook-answer.ts');
  const answer = await answerCall(env, paths, call);
  if (answer) print(host, call, answer);
}

/** If the event cannot be stored, the hook still answers. */
function keepEvent(env: Env, paths: MemoryPaths, { host, call, bytes }: Delivery): void {
  try {
    putSpool(paths, bytes, `.${host.name}${call.moment === 'start' ? startSuffix : '.json'}`);
  } catch (error) {
    noteNotKept(env, paths);
    appendLog(paths, 'hook', env.now(), `an event was not kept: ${error instanceof Error ? error.message : ''}`);
  }
}

/** Distinguishes events of the same kind in a session: by an id where the host gives one. */
function sourceOf(call: HookCall): string {
  const { toolUseId, promptId, source, subagent, prompt, toolPath, toolCommand } = call;
  // A start after a compaction has the prompt of the start before it.
  if (call.moment === 'start') return source;
  return toolUseId || promptId || subagent || prompt || toolPath || toolCommand;
}

function print(host: Host, call: HookCall, answer: { context?: string; message?: string }): void {
  const text = host.formatAnswer(call.event, answer);
  if (text) writeAll(1, text);
}

/** A session start alone leaves nothing to compress, so it starts no compressor. */
const startSuffix = '.start.json';

/** Whether a session ended without its compressor (events or claims left, here or in a removed worktree), or waits for a model. */
function hasLeftovers(paths: MemoryPaths, nowMs: number): boolean {
  if (hasSilentSession(paths, nowMs)) return true;
  const spools = [paths, ...orphanSpools(paths)].map(({ spoolDir }) => spoolDir);
  return spools
    .flatMap((spool) => ['new', 'tmp', 'claims'].map((name) => join(spool, name)))
    .some((folder) => namesIn(folder).some((name) => !name.endsWith(startSuffix)));
}

/** With REPOMEM_WAIT a hook waits for the compressor, just below the hosts' limit for hooks (10 seconds): CI machines are deleted afterwards. */
const compressorWaitMs = 9000;

/** Starts the compressor detached, with no inherited handles: the host waits for every open pipe and kills its process group. */
async function startCompressor(env: Env, paths: MemoryPaths): Promise<void> {
  attempt(() => mkdirSync(paths.privateDir, { recursive: true, mode: 0o700 }));
  const program = join(env.packageDir, 'bin/repomem.js');
  const child = spawn(process.execPath, [program, 'compress', '--detached', '--root', paths.root], {
    // Not in the worktree: it may be removed meanwhile.
    cwd: paths.privateDir,
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    env: compressorVariables(env),
  });
  child.on('error', (error) =>
    appendLog(paths, 'hook', env.now(), `the compressor could not be started: ${error.message}`),
  );
  if (/^(?:1|true|yes|on)$/i.test(env.vars['REPOMEM_WAIT'] ?? ''))
    await once(child, 'close', { signal: AbortSignal.timeout(compressorWaitMs) }).catch(() => undefined);
  child.unref();
}

/** The guard keeps NODE_OPTIONS from hooks. The compressor gets its network and memory options back, but no loader or debugger. */
function compressorVariables({ vars }: Env): Record<string, string | undefined> {
  const { REPOMEM_NODE_OPTIONS: options = '', NODE_OPTIONS: _hooks, ...rest } = vars;
  const kept = options.match(/--(?:use-|dns-|tls-|max-|network-|openssl-)\S+/g) ?? [];
  return { ...rest, ...(kept.length > 0 && { NODE_OPTIONS: kept.join(' ') }) };
}
