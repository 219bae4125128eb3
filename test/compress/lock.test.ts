import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLocked, tryLock, waitForLock } from '../../src/compress/claims/lock.ts';
import { tempDir } from '../helpers/temp-repo.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = tempDir();
  file = join(dir, 'lock');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The lock as another owner would have written it. */
function forge(change: Record<string, unknown>, ageMs = 0): void {
  const lock = tryLock(file, 'forged');
  const owner = JSON.parse(readFileSync(file, 'utf8'));
  lock?.release();
  writeFileSync(file, JSON.stringify({ ...owner, ...change }));
  const then = new Date(Date.now() - ageMs);
  utimesSync(file, then, then);
}

describe('tryLock', () => {
  it('gives the lock to one and frees it on release', () => {
    const first = tryLock(file, 'a');
    expect(first?.isHeld()).toBe(true);
    expect(tryLock(file, 'b')).toBeUndefined();
    expect(isLocked(file, Date.now())).toBe(true);
    first?.release();
    expect(first?.isHeld()).toBe(false);
    expect(isLocked(file, Date.now())).toBe(false);
    const second = tryLock(file, 'b');
    expect(second?.isHeld()).toBe(true);
    second?.release();
  });

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1 }, 0, true],
    ['another process with the same number', { started: '1' }, 0, true],
    ['a living process', {}, 0, false],
    ['a living process whose heart stopped for a long time', {}, 700_000, true],
    ['another machine whose heart beats', { machine: 'elsewhere' }, 5_000, false],
    ['another machine whose heart stopped', { machine: 'elsewhere' }, 61_000, true],
  ])('judges the lock of %s', (_what, change, ageMs, isTaken) => {
    forge(change, ageMs);
    const lock = tryLock(file, 'mine');
    expect(lock !== undefined).toBe(isTaken);
    lock?.release();
  });

  it('takes a lock that cannot be read for stale only after a minute', () => {
    writeFileSync(file, 'torn');
    expect(tryLock(file, 'a')).toBeUndefined();
    const then = new Date(Date.now() - 61_000);
    utimesSync(file, then, then);
    const lock = tryLock(file, 'a');
    expect(lock?.isHeld()).toBe(true);
    lock?.release();
  });

  it('notices that another process took it', () => {
    const lock = tryLock(file, 'a');
    rmSync(file);
    const other = tryLock(file, 'b');
    expect(lock?.isHeld()).toBe(false);
    lock?.release();
    expect(other?.isHeld()).toBe(true);
    other?.release();
  });

  it('leaves nothing but the lock behind', () => {
    forge({ pid: 2 ** 22 + 1 });
    tryLock(file, 'a')?.release();
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('waitForLock', () => {
  it('waits until it is free', async () => {
    const first = tryLock(file, 'a');
    setTimeout(() => first?.release(), 150);
    const second = await waitForLock(
      file,
      () => 'b',
      () => true,
    );
    expect(second?.isHeld()).toBe(true);
    second?.release();
  });

  it('stops waiting when the caller gives up', async () => {
    const first = tryLock(file, 'a');
    expect(
      await waitForLock(
        file,
        () => 'b',
        () => false,
      ),
    ).toBeUndefined();
    first?.release();
  });
});
