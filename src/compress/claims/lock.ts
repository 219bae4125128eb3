// A lock file that survives a crash of its owner: it identifies the process exactly, and its mtime is a heartbeat.
import {
  closeSync,
  existsSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../../domain/errors.ts';

interface Owner {
  token: string;
  pid: number;
  /** Host, boot and pid namespace: a pid is only meaningful within them. */
  machine: string;
  /** Start time of the process in clock ticks; '' without /proc. */
  started: string;
}

export interface Lock {
  readonly file: string;
  /** False when another process considered the lock stale and took it, for example after the machine slept. */
  isHeld(): boolean;
  release(): void;
}

const heartbeatMs = 5_000;
/** Age at which a heartbeat counts as dead: of an owner on another machine, and on this one (a stopped process). */
const foreignStaleMs = 60_000;
const localStaleMs = 600_000;
const breakerStaleMs = 5_000;

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function machineName(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // No /proc: host and boot must suffice.
  }
  return [hostname(), readText('/proc/sys/kernel/random/boot_id'), namespace].join(' ');
}

function startTime(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`);
  // The command's name, in parentheses, may contain anything; field 22 is counted from its end.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const started = startTime(owner.pid);
  return started === '' || owner.started === '' || started === owner.started;
}

function readOwner(file: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(readText(file));
    return typeof value === 'object' && value !== null && 'token' in value ? (value as Owner) : undefined;
  } catch {
    return undefined;
  }
}

/** `nowMs` is the file system's time, because clocks of two machines differ. */
function isStale(file: string, nowMs: number, machine: string): boolean {
  let age: number;
  try {
    age = nowMs - statSync(file).mtimeMs;
  } catch {
    return false;
  }
  const owner = readOwner(file);
  if (owner === undefined || owner.machine !== machine) return age > foreignStaleMs;
  return !isAlive(owner) || age > localStaleMs;
}

function breakStale(file: string, mine: string, token: string, nowMs: number, machine: string): void {
  const breaker = `${file}.break`;
  try {
    if (nowMs - statSync(breaker).mtimeMs > breakerStaleMs) unlinkSync(breaker);
  } catch {
    // No other process is breaking it.
  }
  try {
    linkSync(mine, breaker);
  } catch {
    return;
  }
  const aside = `${file}.stale-${token}`;
  try {
    // Check again: only one breaker at a time gets here.
    if (!isStale(file, nowMs, machine)) return;
    const assessed = readOwner(file)?.token;
    renameSync(file, aside);
    // A live lock was moved: put it back. Its owner retries before it accepts the loss.
    if (readOwner(aside)?.token !== assessed) linkSync(aside, file);
  } catch {
    // Another process was faster.
  } finally {
    for (const path of [aside, breaker]) removeQuietly(path);
  }
}

function removeQuietly(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // Already gone.
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Undefined while another process holds it. `token` is random and unique; throws other errors of the file system. */
export function tryLock(file: string, token: string): Lock | undefined {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const machine = machineName();
  const owner: Owner = { token, pid: process.pid, machine, started: startTime(process.pid) };
  const bytes = Buffer.from(`${JSON.stringify(owner)}\n`);
  const mine = `${file}.${token}`;
  try {
    writeFileSync(mine, bytes, { mode: 0o600 });
    const nowMs = statSync(mine).mtimeMs;
    for (let round = 0; round < 2; round++) {
      try {
        linkSync(mine, file);
        sweepBeside(file, nowMs);
        return holdLock(file, token, bytes);
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      if (round > 0 || !isStale(file, nowMs, machine)) return undefined;
      breakStale(file, mine, token, nowMs, machine);
    }
    return undefined;
  } finally {
    removeQuietly(mine);
  }
}

/** Removes files left by killed processes: the lock's name with a token appended. */
function sweepBeside(file: string, nowMs: number): void {
  for (const name of readdirSync(dirname(file))) {
    const path = join(dirname(file), name);
    const isOld = (): boolean => nowMs - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs) > foreignStaleMs;
    if (name.startsWith(`${basename(file)}.`) && isOld()) removeQuietly(path);
  }
}

function holdLock(file: string, token: string, bytes: Buffer): Lock {
  // The heartbeat writes through the descriptor: it only touches our own inode, and gets the file system's time.
  const fd = openSync(file, 'r+');
  const beat = setInterval(() => {
    try {
      writeSync(fd, bytes, 0, bytes.length, 0);
    } catch {
      // A full disk must not stop work that needs no disk.
    }
  }, heartbeatMs);
  beat.unref();
  let isOpen = true;
  const isHeld = (): boolean => {
    if (!isOpen) return false;
    for (const ms of [0, 50, 200]) {
      if (ms > 0) pause(ms);
      if (readOwner(file)?.token === token && fstatSync(fd).nlink > 0) return true;
    }
    return false;
  };
  return {
    file,
    isHeld,
    release() {
      if (!isOpen) return;
      clearInterval(beat);
      if (readOwner(file)?.token === token) removeQuietly(file);
      isOpen = false;
      closeSync(fd);
    },
  };
}

/** Whether a live process holds a lock, such as the compressor's (`<spoolDir>/lock`). A few file reads; never throws. */
export function isLocked(file: string, nowMs: number): boolean {
  return existsSync(file) && !isStale(file, nowMs, machineName());
}

/** Waits for the lock; undefined when `isWanted` returns false first. */
export async function waitForLock(
  file: string,
  newToken: () => string,
  isWanted: () => boolean,
): Promise<Lock | undefined> {
  for (;;) {
    const lock = tryLock(file, newToken());
    if (lock !== undefined) return lock;
    if (!isWanted()) return undefined;
    await sleep(100);
  }
}
