// Events from 8 writers at once, through the capture script and through the hook's own spool, while compressors are killed at random and
// the disk is full for a while: everything that was acknowledged is stored once.
// REPOMEM_TEST_FULL=1: 5,000 events and 500 kills.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { listRecordFiles } from '../../src/store/list-files.ts';
import { recordsOf, simplePlace } from '../compress/simple-tools.ts';
import { bundleProgram } from '../helpers/bundle.ts';
import { builtPackage } from '../helpers/built-cli.ts';
import { tempDir } from '../helpers/temp-repo.ts';

const isFull = process.env['REPOMEM_TEST_FULL'] === '1';
const events = isFull ? 5000 : 1000;
const kills = isFull ? 500 : 40;
const writers = 8;
const each = events / writers;

let bundles: string;
let compressor: string;
let writer: string;
let disk: string;
let isMounted: boolean;
let paths: MemoryPaths;
beforeAll(() => {
  bundles = tempDir();
  compressor = bundleProgram(join(import.meta.dirname, '../compress/compressor-process.ts'), bundles);
  writer = bundleProgram(join(import.meta.dirname, 'spool-process.ts'), join(bundles, 'writer'));
  disk = tempDir();
  isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', disk]).status === 0;
  if (!isMounted) console.log('mount is not allowed: the disk is never full');
  paths = simplePlace(join(disk, 'repo'));
  writeFileSync(join(paths.memoryDir, 'settings.yaml'), 'version: 1\n');
});
afterAll(() => {
  if (isMounted) spawnSync('umount', ['-l', disk]);
  for (const dir of [bundles, disk]) rmSync(dir, { recursive: true, force: true });
});

const ended = (child: ChildProcess): Promise<void> => new Promise((resolve) => child.on('close', () => resolve()));
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const waiting = (): number => readdirSync(join(paths.spoolDir, 'new')).length;
const hold = (): string => join(bundles, 'hold');

/** A shell that hands its events to the capture script, one process each, as a host does; pauses while the disk is full. */
async function writeByShell(who: number): Promise<string[]> {
  const capture = join(builtPackage(), 'bin/repomem-capture.sh');
  const script = `n=0; while [ $n -lt ${each} ]; do
    while [ -e '${hold()}' ]; do sleep 0.05; done
    printf '{"session":"s%s","events":[{"kind":"edit","key":"k${who}-%s","path":"a.ts","ok":true,"created":false,"hunks":[]}]}' $((n % 5)) $n | sh '${capture}'
    n=$((n + 1)); done`;
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent' };
  await ended(spawn('sh', ['-c', script], { cwd: paths.root, stdio: 'ignore', env }));
  return Array.from({ length: each }, (_, n) => `k${who}-${n}`);
}

/** Writes without a pause; returns the keys of those that were acknowledged. */
async function writeByNode(who: number): Promise<string[]> {
  const child = spawn(process.execPath, [writer, paths.spoolDir, String(who), String(each)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.on('data', (bytes: Buffer) => (told += bytes.toString()));
  await ended(child);
  return told.split('\n').filter(Boolean);
}

/** Fills the disk for a while, in the middle of everything. */
async function fillDisk(): Promise<void> {
  if (!isMounted) return;
  await wait(1500);
  writeFileSync(hold(), '');
  await wait(500);
  spawnSync('sh', ['-c', `cat /dev/zero >'${join(disk, 'rest')}'`]);
  await wait(1500);
  rmSync(join(disk, 'rest'));
  rmSync(hold());
}

it(
  `${events} events, ${kills} kills: each event once`,
  async () => {
    const written = Promise.all(
      Array.from({ length: writers }, (_, who) => (who % 2 === 0 ? writeByShell(who) : writeByNode(who))),
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
    await Promise.all([kill(), kill(), fillDisk()]);
    const expected = (await written).flat();
    if (isMounted) expect(expected.length).toBeLessThan(events);
    expect(expected.length).toBeGreaterThan(events / 2);
    const last = spawnSync(process.execPath, command, { encoding: 'utf8' });
    expect(JSON.parse(last.stdout.replace(/^ready\n/, ''))).toMatchObject({ isBusy: false, problems: [] });
    const keys = recordsOf(paths).flatMap((record) =>
      record.facts.map((fact) => Buffer.from(fact.replace('key=', ''), 'hex').toString()),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.toSorted()).toEqual(expected.toSorted());
    expect(listRecordFiles(paths).problems).toEqual([]);
    expect(waiting()).toBe(0);
    for (const folder of ['claims', 'dead', 'tmp'])
      expect(existsSync(join(paths.spoolDir, folder)) ? readdirSync(join(paths.spoolDir, folder)) : []).toEqual([]);
    expect(existsSync(join(paths.spoolDir, 'lock'))).toBe(false);
  },
  isFull ? 3_600_000 : 120_000,
);
