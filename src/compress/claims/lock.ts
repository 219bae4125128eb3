// A lock file that survives a crash of its owner: it identifies the process exactly, and its mtime is a heartbeat.
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readlinkSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, codeOf } from '../../domain/errors.ts';
import { readJson, readTextOrEmpty } from '../../store/lenient-files.ts';

interface Owner {
  token: string;
  pid: number;
  /** Host, boot and pid namespace: a pid is only meaningful within them. */
  machine: string;
  /** Start time of the process in clock ticks; '' without /proc. */
  started: string;
}

export interface Lock {
  /** False when another process considered the lock stale and took it, for example after the machine slept. */
  isHeld(): boolean;
  release(): void;
}

const heartbeatMs = 5_000;
/** Age at which a heartbeat counts as dead: of an owner on another machine, and on this one (a stopped process). */
const foreignStaleMs = 60_000;
const localStaleMs = 600_000;
const breakerStaleMs = 5_000;

/** Without /proc, host and boot must suffice. */
function machineName(): string {
  const namespace = attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '';
  return [hostname(), readTextOrEmpty('/proc/sys/kernel/random/boot_id').trim(), namespace].join(' ');
}

function startTime(pid: number): string {
  const stat = readTextOrEmpty(`/proc/${pid}/stat`);
  // The command's name, in parentheses, may contain anything; field 22 is counted from its end.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const now = startTime(pid);
  return now === '' || started === '' || now === started;
}

/** `nowMs` is the file system's time, because clocks of two machines differ. A missing file is 0 ms old. */
function ageOf(file: string, nowMs: number): number {
  return nowMs - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? nowMs);
}

function isStale(file: string, nowMs: number): boolean {
  const ageMs = ageOf(file, nowMs);
  const owner = readJson(file) as Owner | undefined;
  if (owner?.machine !== machineName()) return ageMs > foreignStaleMs;
  return !isAlive(owner) || ageMs > localStaleMs;
}

/** Removes a stale lock. False when it is not stale, or another process is removing it. */
function breakStale(file: string, mine: string, nowMs: number): boolean {
  if (!isStale(file, nowMs)) return false;
  const breaker = `${file}.break`;
  if (ageOf(breaker, nowMs) > breakerStaleMs) remove(breaker);
  if (!tryLink(mine, breaker)) return false;
  // Checked again: only one process at a time gets here.
  if (isStale(file, nowMs)) remove(file);
  remove(breaker);
  return true;
}

const remove = (file: string): void => attempt(() => unlinkSync(file));

/** False when `to` exists. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined while another process holds it. `token` is random and unique; throws other errors of the file system. */
export function tryLock(file: string, token: string): Lock | undefined {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const owner: Owner = { token, pid: process.pid, machine: machineName(), started: startTime(process.pid) };
  const text = `${JSON.stringify(owner)}\n`;
  const mine = `${file}.${token}`;
  try {
    writeFileSync(mine, text, { mode: 0o600 });
    const nowMs = statSync(mine).mtimeMs;
    const isMine = tryLink(mine, file) || (breakStale(file, mine, nowMs) && tryLink(mine, file));
    return isMine ? holdLock(file, token, text) : undefined;
  } finally {
    remove(mine);
  }
}

function holdLock(file: string, token: string, text: string): Lock {
  // The heartbeat writes through the descriptor: it only touches our own inode, and gets the file system's time.
  const fd = openSync(file, 'r+');
  // A full disk must not stop work that needs no disk.
  const beat = setInterval(() => attempt(() => writeSync(fd, text, 0)), heartbeatMs);
  beat.unref();
  let isReleased = false;
  const isHeld = (): boolean => !isReleased && (readJson(file) as Owner | undefined)?.token === token;
  return {
    isHeld,
    release() {
      if (isReleased) return;
      clearInterval(beat);
      if (isHeld()) remove(file);
      isReleased = true;
      closeSync(fd);
    },
  };
}

/** Whether a live process holds a lock, such as the compressor's (`<spoolDir>/lock`). A few file reads; never throws. */
export function isLocked(file: string, nowMs: number): boolean {
  return existsSync(file) && !isStale(file, nowMs);
}

/** Waits for the lock; undefined when `isWanted` returns false first. */
export async function waitForLock(
  file: string,
  newToken: () => string,
  isWanted = (): boolean => true,
): Promise<Lock | undefined> {
  for (;;) {
    const lock = tryLock(file, newToken());
    if (lock !== undefined || !isWanted()) return lock;
    await sleep(100);
  }
}
