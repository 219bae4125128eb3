// Events from 8 writers at once, through the capture script, while compressors are killed at random: none is lost, torn or stored twice.
// REPOMEM_TEST_FULL=1: 10,000 events and 1,000 kills.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { listRecordFiles } from '../../src/store/list.ts';
import { recordsOf, simplePlace } from '../compress/simple-tools.ts';
import { bundleProgram } from '../helpers/bundle.ts';
import { builtPackage } from '../helpers/built-cli.ts';
import { tempDir } from '../helpers/temp-repo.ts';

const isFull = process.env['REPOMEM_TEST_FULL'] === '1';
const events = isFull ? 10_000 : 1000;
const kills = isFull ? 1000 : 40;
const writers = 8;

let bundles: string;
let compressor: string;
let paths: MemoryPaths;
beforeAll(() => {
  bundles = tempDir();
  compressor = bundleProgram(join(import.meta.dirname, '../compress/compressor-process.ts'), bundles);
  paths = simplePlace(tempDir());
  writeFileSync(join(paths.memoryDir, 'settings.yaml'), 'version: 1\n');
});
afterAll(() => {
  rmSync(bundles, { recursive: true, force: true });
  rmSync(paths.root, { recursive: true, force: true });
});

const ended = (child: ChildProcess): Promise<void> => new Promise((resolve) => child.on('close', () => resolve()));
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const waiting = (): number => readdirSync(join(paths.spoolDir, 'new')).length;

/** A shell that hands its events to the capture script, one process each, as a host does. What it was told is stored is acknowledged. */
function write(who: number, count: number): Promise<void> {
  const capture = join(builtPackage(), 'bin/repomem-capture.sh');
  const script = `n=0; while [ $n -lt ${count} ]; do
    printf '{"session":"s%s","events":[{"kind":"edit","key":"k${who}-%s","path":"a.ts","ok":true,"created":false,"hunks":[]}]}' $((n % 5)) $n | sh '${capture}'
    n=$((n + 1)); done`;
  return ended(
    spawn('sh', ['-c', script], {
      cwd: paths.root,
      stdio: 'ignore',
      env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
    }),
  );
}

it(
  `${events} events, ${kills} kills: each event once`,
  async () => {
    let isWritten = false;
    const written = Promise.all(Array.from({ length: writers }, (_, who) => write(who, events / writers))).then(
      () => (isWritten = true),
    );
    // Many events in a record: what is looked at is the spool, not how alike 10,000 records are.
    const command = [compressor, paths.root, '0', '10'];
    let done = 0;
    const kill = async (): Promise<void> => {
      while (done < kills) {
        done++;
        const child = spawn(process.execPath, [...command], { stdio: ['ignore', 'pipe', 'ignore'] });
        const closed = ended(child);
        await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), closed]);
        await wait(Math.random() * 60);
        // One in ten is only stopped for a while: another may have gone on with its work.
        if (Math.random() < 0.1) {
          child.kill('SIGSTOP');
          await wait(30);
          child.kill('SIGCONT');
          await wait(Math.random() * 30);
        }
        child.kill('SIGKILL');
        await closed;
      }
    };
    await Promise.all([kill(), kill()]);
    await written;
    expect(isWritten).toBe(true);
    const last = spawn(process.execPath, [...command], { stdio: 'ignore' });
    await ended(last);
    const keys = recordsOf(paths).flatMap((record) =>
      record.facts.map((fact) => Buffer.from(fact.replace('key=', ''), 'hex').toString()),
    );
    const expected = Array.from({ length: writers }, (_, who) =>
      Array.from({ length: events / writers }, (_unused, n) => `k${who}-${n}`),
    ).flat();
    expect(keys.length).toBe(expected.length);
    expect(new Set(keys)).toEqual(new Set(expected));
    expect(listRecordFiles(paths).problems).toEqual([]);
    expect(waiting()).toBe(0);
    for (const folder of ['claims', 'dead', 'tmp'])
      expect(existsSync(join(paths.spoolDir, folder)) ? readdirSync(join(paths.spoolDir, folder)) : []).toEqual([]);
    expect(existsSync(join(paths.spoolDir, 'lock'))).toBe(false);
  },
  isFull ? 3_600_000 : 120_000,
);
