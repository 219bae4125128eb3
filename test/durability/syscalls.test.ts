// A crash at every system call that changes a file: of one capture by the shell, and of one compression from the claim to the records.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSpool } from '../../src/capture/spool.ts';
import { listRecordFiles } from '../../src/store/list-files.ts';
import { namesIn, putPayload, recordsOf, simplePlace } from '../compress/simple-tools.ts';
import { bundleProgram } from '../helpers/bundle.ts';
import { builtPackage } from '../helpers/built-cli.ts';
import { tempDir } from '../helpers/temp-repo.ts';

const canTrace = spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']).status === 0;
if (!canTrace) console.log('strace is missing or may not trace: crashes at single system calls are skipped');
const isFull = process.env['REPOMEM_TEST_FULL'] === '1';
const faults = isFull ? ['signal=KILL', 'error=ENOSPC', 'error=EIO', 'error=EMFILE'] : ['signal=KILL', 'error=ENOSPC'];

let base: string;
let compressor: string;
beforeAll(() => {
  base = tempDir();
  compressor = bundleProgram(join(import.meta.dirname, '../compress/compressor-process.ts'), base);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** What changes files. */
const calls = [
  'openat',
  'write',
  'pwrite64',
  'rename',
  'renameat',
  'renameat2',
  'link',
  'linkat',
  'mkdir',
  'mkdirat',
  'unlink',
  'unlinkat',
  'rmdir',
  'fsync',
  'close',
  'ftruncate',
];

interface Trace {
  cwd: string;
  input?: string;
  env?: Record<string, string>;
}

function trace(flags: string[], program: string[], { cwd, input = '', env = {} }: Trace): string {
  const log = join(base, 'strace.log');
  rmSync(log, { force: true });
  spawnSync('strace', ['-f', '-qq', '-y', '-s', '16', '-o', log, ...flags, ...program], {
    cwd,
    input,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
    timeout: 30_000,
  });
  return existsSync(log) ? readFileSync(log, 'utf8') : '';
}

/** The n-th call of a kind meets a fault; true while there was such a call. */
function strike(call: string, n: number, fault: string, program: string[], options: Trace): boolean {
  const log = trace(['-e', `trace=${call}`, '-e', `inject=${call}:${fault}:when=${n}`], program, options);
  return fault.startsWith('signal') ? log.includes('+++ killed by SIGKILL') : log.includes('(INJECTED)');
}

/** Which calls of the main thread concern files below `root`: the kind, and the how many-th of its kind it is. */
function callsBelow(root: string, program: string[], options: Trace): { call: string; n: number }[] {
  const counts = new Map<string, number>();
  const found: { call: string; n: number }[] = [];
  let main = '';
  for (const line of trace(['-e', `trace=${calls.join(',')}`], program, options).split('\n')) {
    const [, pid = '', call = ''] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    main ||= pid;
    if (pid !== main || call === '') continue;
    const n = (counts.get(call) ?? 0) + 1;
    counts.set(call, n);
    if (line.includes(root) && !(call === 'openat' && line.includes('.mjs'))) found.push({ call, n });
  }
  return found;
}

const payload = (key: string): string =>
  JSON.stringify({ session: 's', events: [{ kind: 'edit', key, path: 'a.ts', ok: true, created: false, hunks: [] }] });

function memoryAt(name: string): ReturnType<typeof simplePlace> {
  const paths = simplePlace(join(base, name));
  writeFileSync(join(paths.memoryDir, 'settings.yaml'), 'version: 1\n');
  return paths;
}

const keysOf = (paths: ReturnType<typeof simplePlace>): string[] =>
  recordsOf(paths)
    .flatMap((record) => record.facts.map((fact) => fact.replace('key=', '')))
    .sort();

describe.skipIf(!canTrace)('a capture that dies at any system call', () => {
  it('starts one process for an event, and none without a memory', () => {
    const started = (cwd: string): number =>
      trace(['-e', 'trace=execve'], ['sh', join(builtPackage(), 'bin/repomem-capture.sh')], {
        cwd,
        input: payload('a'),
        // Without it the payload is read for the session's folder.
        env: { CLAUDE_PROJECT_DIR: cwd },
      })
        .split('\n')
        .filter((line) => line.includes(') = 0')).length - 1;
    const paths = memoryAt('processes');
    started(paths.root);
    expect(started(paths.root)).toBe(1);
    expect(started(base)).toBe(0);
  });

  it.each(faults)('keeps the whole event or none of it: %s', (fault) => {
    const capture = join(builtPackage(), 'bin/repomem-capture.sh');
    let strikes = 0;
    for (const call of [
      'openat',
      'write',
      'rename',
      'renameat',
      'renameat2',
      'mkdir',
      'close',
      'execve',
      'copy_file_range',
      'read',
    ])
      for (let n = 1; n < 200; n++) {
        const paths = memoryAt('capture');
        rmSync(join(paths.privateDir, 'spool'), { recursive: true });
        const wasHit = strike(call, n, fault, ['sh', capture], { cwd: paths.root, input: payload('a') });
        for (const file of listSpool(paths))
          expect(readFileSync(file.path, 'utf8').trimEnd(), `${call} ${n}`).toBe(payload('a'));
        // The next event is kept whatever the one before left behind.
        const run = spawnSync('sh', [capture], {
          cwd: paths.root,
          input: payload('b'),
          env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
        });
        expect(run.status).toBe(0);
        const texts = listSpool(paths).map((file) => readFileSync(file.path, 'utf8').trimEnd());
        expect(texts, `${call} ${n}`).toContain(payload('b'));
        rmSync(paths.root, { recursive: true });
        if (!wasHit) break;
        strikes++;
        if (!isFull && n >= 4) break;
      }
    expect(strikes).toBeGreaterThan(10);
  });
});

describe.skipIf(!canTrace)('a compression that dies at any system call', () => {
  it.each(faults)(
    'is done again with each event once: %s',
    (fault) => {
      const model = memoryAt('model');
      for (const key of ['a', 'b']) putPayload(model, payload(key));
      const root = join(base, 'run');
      const program = [process.execPath, compressor, root];
      const fresh = (): ReturnType<typeof simplePlace> => {
        rmSync(root, { recursive: true, force: true });
        cpSync(model.root, root, { recursive: true, preserveTimestamps: true });
        return simplePlace(root);
      };
      fresh();
      const every = callsBelow(root, program, { cwd: base });
      expect(every.length).toBeGreaterThan(60);
      const chosen = isFull ? every : every.filter((_, index) => index % 13 === 0);
      let strikes = 0;
      for (const { call, n } of chosen) {
        const paths = fresh();
        if (strike(call, n, fault, program, { cwd: base })) strikes++;
        // What was left is whole, whoever reads it now.
        expect(recordsOf(paths).length).toBeLessThanOrEqual(2);
        expect(listRecordFiles(paths).problems, `${call} ${n}`).toEqual([]);
        const next = spawnSync(process.execPath, [compressor, root], { encoding: 'utf8', timeout: 30_000 });
        expect(next.status, `${call} ${n}: ${next.stderr}`).toBe(0);
        expect(keysOf(paths), `${call} ${n}`).toEqual(['a', 'b']);
        expect(
          [...namesIn(paths, 'new'), ...namesIn(paths, 'claims'), ...namesIn(paths, 'dead')],
          `${call} ${n}`,
        ).toEqual([]);
      }
      if (isFull) console.log(`${fault}: ${strikes} of ${chosen.length} calls struck`);
      expect(strikes).toBeGreaterThan(chosen.length / 2);
    },
    1_800_000,
  );
});
