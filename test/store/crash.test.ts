import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempDir } from '../helpers/temp-repo.ts';

let dir: string;
let writer: string;

// A process of its own writes without end: `<n>` over and over, 8 KiB of it, in ten files.
beforeAll(async () => {
  dir = tempDir();
  writer = join(dir, 'writer.mjs');
  const source = join(dir, 'writer.ts');
  writeFileSync(
    source,
    `import { writeFileAtomic } from ${JSON.stringify(new URL('../../src/store/atomic.ts', import.meta.url).pathname)};
const [folder, count, size] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
let failures = '';
for (let n = 0; n < count; n += 1) {
  try { writeFileAtomic(folder + '/' + (n % 10) + '.txt', String(n % 10).repeat(size), { fsync: false }); }
  catch (error) { failures += error.code + ' '; }
}
process.stdout.write(failures);`,
  );
  await build({ entryPoints: [source], outfile: writer, bundle: true, format: 'esm', platform: 'node' });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a file that is written', () => {
  it('is never torn by kill -9', async () => {
    const folder = join(dir, 'killed');
    for (let round = 0; round < 12; round += 1) {
      const child = spawn(process.execPath, [writer, folder, '1000000', '8192'], { stdio: 'ignore' });
      const gone = once(child, 'exit');
      while (read(folder).length === 0) await wait(2);
      await wait(30 + 7 * round);
      child.kill('SIGKILL');
      await gone;
      for (const text of read(folder)) expect([text.length, new Set(text).size]).toEqual([8192, 1]);
    }
  });

  it('is complete or absent when the disk accepts only a part, and its temporary file is removed', () => {
    const folder = join(dir, 'short');
    // Simulate a full disk by a process limit: the first write is cut short, the next one fails.
    const run = spawnSync(
      'sh',
      ['-c', 'trap "" XFSZ; ulimit -f 4; exec "$@"', 'sh', process.execPath, writer, folder, '3', '9000'],
      { encoding: 'utf8' },
    );
    expect(run.stdout).toBe('EFBIG EFBIG EFBIG ');
    expect(readdirSync(folder)).toEqual([]);
  });
});

function read(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.txt'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
  } catch {
    return [];
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
