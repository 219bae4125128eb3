// Work that takes seconds on a large memory (history, past revisions, reviews): the command itself in a process of its own, so that the page
// shows what `--json` prints, nothing here waits, and leaving the page ends it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Env } from '../../domain/env.ts';
import { RepomemError, type ErrorCode } from '../../domain/errors.ts';

export interface Jobs {
  /**
   * What `repomem ARGS…` prints as JSON, in `cwd`. `state`: while it is the same, the answer is taken from the last run. `onProgress` is told how
   * far it is, in words.
   */
  run(cwd: string, args: readonly string[], asker: Asker): Promise<unknown>;
  close(): void;
}

export interface Asker {
  state: string;
  /** The asker is gone: without another one the command is ended. */
  signal?: AbortSignal;
  onProgress?(text: string): void;
}

interface Job {
  answer: Promise<unknown>;
  waiting: Set<Asker>;
  cancel(): void;
}

const atOnce = 2;
/** Between two words of a job about how far it is. */
const progressMs = 200;
const keptAnswers = 8;
const outputMaxBytes = 64 * 1024 * 1024;

export function makeJobs(env: Env): Jobs {
  const answers = new Map<string, unknown>();
  const running = new Map<string, Job>();
  const queue: (() => void)[] = [];
  let active = 0;
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      if (active < atOnce) {
        active++;
        resolve();
      } else queue.push(resolve);
    });
  const leave = (): void => {
    const next = queue.shift();
    if (next) next();
    else active--;
  };
  const start = (key: string, cwd: string, args: readonly string[]): Job => {
    const waiting = new Set<Asker>();
    let end = (): void => {};
    let isCancelled = false;
    const answer = turn()
      .then(() => {
        if (isCancelled) throw new RepomemError('busy', 'cancelled');
        return runProgram(env, cwd, args, {
          onStart: (kill) => (end = kill),
          onProgress: (text) => waiting.forEach((asker) => asker.onProgress?.(text)),
        });
      })
      .then((value) => {
        answers.set(key, value);
        if (answers.size > keptAnswers) answers.delete(answers.keys().next().value ?? '');
        return value;
      })
      .finally(() => {
        leave();
        if (running.get(key)?.answer === answer) running.delete(key);
      });
    answer.catch(() => {});
    return {
      answer,
      waiting,
      cancel: () => {
        isCancelled = true;
        end();
      },
    };
  };
  return {
    async run(cwd, args, asker) {
      const { signal } = asker;
      const key = JSON.stringify([cwd, asker.state, ...args]);
      if (answers.has(key)) return answers.get(key);
      const job = running.get(key) ?? start(key, cwd, args);
      running.set(key, job);
      job.waiting.add(asker);
      const onGone = (): void => {
        job.waiting.delete(asker);
        if (job.waiting.size > 0) return;
        job.cancel();
        running.delete(key);
      };
      signal?.addEventListener('abort', onGone, { once: true });
      try {
        return await job.answer;
      } finally {
        signal?.removeEventListener('abort', onGone);
      }
    },
    close: () => {
      for (const job of running.values()) job.cancel();
    },
  };
}

function runProgram(
  env: Env,
  cwd: string,
  args: readonly string[],
  told: { onStart(kill: () => void): void; onProgress(text: string): void },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const program = join(env.packageDir, 'bin/repomem.js');
    const child = spawn(process.execPath, [program, ...args], {
      cwd,
      env: { ...env.vars },
      // The fourth: a command that is asked by another program says there how far it is.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      windowsHide: true,
    });
    told.onStart(() => child.kill());
    let last = 0;
    child.on('message', (text) => {
      const now = env.now().getTime();
      if (now - last < progressMs || typeof text !== 'string') return;
      last = now;
      told.onProgress(text);
    });
    const out: Buffer[] = [];
    let size = 0;
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > outputMaxBytes) child.kill();
      else out.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-4000)));
    child.on('error', reject);
    child.on('close', () => {
      const answer = parseAnswer(Buffer.concat(out).toString('utf8'));
      if (answer === undefined) reject(new RepomemError('usage', said.trim() || 'it was ended before it answered'));
      else if (isFailure(answer)) {
        const { code, message, hint } = answer.error;
        reject(new RepomemError(code, message, { ...(hint && { hint }) }));
      } else resolve(answer);
    });
  });
}

/** Undefined for output that is no JSON: the command was killed. */
function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Errors as `--json` prints them. */
function isFailure(answer: unknown): answer is { error: { code: ErrorCode; message: string; hint: string } } {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
}
