import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import type { MemoryRecord } from '../../src/domain/record.ts';
import { writeFileAtomic } from '../../src/store/atomic.ts';
import { blobId } from '../../src/store/blob.ts';
import { formatRecord } from '../../src/format/frontmatter.ts';
import { recordFilePath, slugOf } from '../../src/store/layout.ts';
import { listRecordFiles, type RecordFile } from '../../src/store/list-files.ts';
import { placeFor } from '../../src/store/locate.ts';
import { readRecordFile } from '../../src/store/read-file.ts';
import { ensureLocalDir, scaffoldMemory, unscaffoldMemory } from '../../src/store/scaffold.ts';
import { tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

let repo: TempRepo;
let paths: MemoryPaths;
beforeEach(() => {
  repo = tempRepo({ 'a.txt': 'a\n' });
  scaffoldMemory(repo.dir);
  paths = placeFor(repo.dir, '/nonexistent');
  ensureLocalDir(paths);
});
afterEach(() => repo.remove());

const record: MemoryRecord = {
  id: '7k3qz9wd',
  type: 'gotcha',
  title: "It's a “trap”: dès que fib(-5) is called, or: the whole of this long title goes on and on",
  description: 'Text.',
  created: '2026-11-20T12:48:00Z',
  concepts: [],
  cites: [],
  aliases: [],
  facts: [],
  supersedes: [],
  contradicts: [],
  forgets: [],
  body: '',
  extra: {},
};

function put(path: string, text = formatRecord(record)): string {
  return repo.write(path, text);
}
const month = '.claude-mem/observations/2026/11';
function only(): RecordFile {
  const [file] = listRecordFiles(paths).files;
  if (!file) throw new Error('no file');
  return file;
}

describe('the name of a record file', () => {
  it('has date, a slug of the title and the id', () => {
    expect(relative(repo.dir, recordFilePath(paths, record, 'shared'))).toBe(
      `${month}/20-its-a-trap-des-que-fib-5-is-called-or-the-whole-7k3qz9wd.md`,
    );
    expect(recordFilePath(paths, { ...record, type: 'session', title: '???' }, 'local')).toBe(
      join(paths.localDir, 'sessions/2026/11/20-session-7k3qz9wd.md'),
    );
  });

  it('is its stem where a person named the file, and never a path', () => {
    expect(recordFilePath(paths, { ...record, id: 'use tabs' }, 'shared')).toBe(join(repo.dir, month, 'use tabs.md'));
    for (const id of ['../x', 'a/b', '', '.hidden', 'a\0b'])
      expect(() => recordFilePath(paths, { ...record, id }, 'shared')).toThrow(/not an id/);
  });

  it('has a slug even of one endless word, and none of another script', () => {
    expect(slugOf('x'.repeat(100))).toHaveLength(48);
    expect(slugOf('日本語')).toBe('');
  });
});

describe('the list of record files', () => {
  it('has both tiers, shared before local, by path, without the README', () => {
    put(`${month}/b-7k3qz9wb.md`);
    put(`${month}/a-7k3qz9wc.md`);
    put('.claude-mem/observations/README.md', '# Hello');
    put(`${month}/notes.txt`, 'x');
    put(`${month}/.tmp-1-2`, 'x');
    put('.claude-mem/local/sessions/2026/11/s-7k3qz9wf.md');
    const { files, problems } = listRecordFiles(paths);
    expect(problems).toEqual([]);
    expect(files.map(({ path, tier }) => [path, tier])).toEqual([
      [`${month}/a-7k3qz9wc.md`, 'shared'],
      [`${month}/b-7k3qz9wb.md`, 'shared'],
      [join(paths.localDir, 'sessions/2026/11/s-7k3qz9wf.md'), 'local'],
    ]);
    expect(files[0]?.absolute).toBe(join(repo.dir, month, 'a-7k3qz9wc.md'));
  });

  it('is empty without folders', () => {
    expect(listRecordFiles(paths)).toMatchObject({ files: [], problems: [] });
  });

  it('follows no link, to a file or to a folder, and names it', () => {
    const outside = repo.write('outside/x-7k3qz9wd.md', formatRecord(record));
    mkdirSync(join(repo.dir, month), { recursive: true });
    symlinkSync(outside, join(repo.dir, month, 'x-7k3qz9wd.md'));
    symlinkSync(dirname(outside), join(repo.dir, '.claude-mem/observations/2025'));
    symlinkSync(dirname(outside), join(repo.dir, '.claude-mem/sessions'));
    const { files, problems } = listRecordFiles(paths);
    expect(files).toEqual([]);
    expect(problems.map(({ path, code }) => [path, code]).sort()).toEqual([
      ['.claude-mem/observations/2025', 'link'],
      [`${month}/x-7k3qz9wd.md`, 'link'],
      ['.claude-mem/sessions', 'link'],
    ]);
  });

  it('names files over the size limit, strange ones and two with one id', () => {
    put(`${month}/big-7k3qz9wd.md`, 'x'.repeat(17_000));
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(repo.dir, month, 'pipe.md')]);
    put(`${month}/one-7k3qz9wf.md`);
    put(`${month}/two-7k3qz9wf.md`);
    const { files, problems } = listRecordFiles(paths);
    const big = files.find(({ path }) => path.includes('big'));
    expect(big && readRecordFile(big)).toMatchObject({ problem: { code: 'too-big' } });
    expect(files).toHaveLength(3);
    expect(problems.map(({ code }) => code).sort()).toEqual(['duplicate-id', 'not-a-file']);
    expect(problems.find(({ code }) => code === 'duplicate-id')).toMatchObject({
      path: `${month}/two-7k3qz9wf.md`,
      reason: expect.stringContaining('one-7k3qz9wf.md'),
    });
  });

  it('ends in a tree without end', () => {
    put(`.claude-mem/observations/${'d/'.repeat(40)}x-7k3qz9wd.md`);
    expect(listRecordFiles(paths)).toMatchObject({ files: [], problems: [{ code: 'too-deep' }] });
  });
});

describe('reading a record file', () => {
  it('gives the record, its text and the blob id that git gives', () => {
    const absolute = put(`${month}/x-7k3qz9wd.md`);
    const file = only();
    const { size: bytes, mtimeMs } = statSync(absolute);
    expect(readRecordFile(file)).toEqual({
      file: { ...file, bytes, mtimeMs },
      record,
      text: formatRecord(record),
      blob: repo.git('hash-object', absolute).trim(),
    });
  });

  it('knows the blob ids of sha256 repositories', () => {
    const bytes = new TextEncoder().encode('hello\n');
    expect(blobId(bytes)).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
    expect(blobId(bytes, 'sha256')).toBe('2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4');
  });

  it('takes the date of a hand-written file from its name, else from its time', () => {
    put(`${month}/2026-11-03-tabs.md`, '---\ntype: decision\n---\nUse tabs.\n');
    expect(readRecordFile(only())).toMatchObject({
      record: { id: '2026-11-03-tabs', title: 'Use tabs.', created: '2026-11-03T00:00:00Z' },
    });
    rmSync(join(repo.dir, month), { recursive: true });
    put(`${month}/04-tabs.md`, '---\ntype: decision\n---\nUse tabs.\n');
    expect(readRecordFile(only())).toMatchObject({ record: { created: '2026-11-04T00:00:00Z' } });
    rmSync(join(repo.dir, month), { recursive: true });
    const file = put(`${month}/tabs.md`, '---\ntype: decision\n---\nUse tabs.\n');
    utimesSync(file, new Date('2026-01-02T03:04:05Z'), new Date('2026-01-02T03:04:05Z'));
    expect(readRecordFile(only())).toMatchObject({ record: { created: '2026-01-02T03:04:05Z' } });
  });

  it('follows no link that came after the listing, in the name or above it', async () => {
    const absolute = put(`${month}/x-7k3qz9wd.md`);
    const file = only();
    const elsewhere = repo.write('outside/x-7k3qz9wd.md', formatRecord(record));
    rmSync(absolute);
    symlinkSync(elsewhere, absolute);
    expect(readRecordFile(file)).toMatchObject({ problem: { path: file.path, code: 'link' } });
    rmSync(join(repo.dir, month), { recursive: true });
    symlinkSync(dirname(elsewhere), join(repo.dir, month));
    await vi.waitFor(() => expect(readRecordFile(file)).toMatchObject({ problem: { code: 'link' } }));
  });

  it('reports file and line of an error, and never throws', () => {
    const absolute = put(`${month}/x-7k3qz9wd.md`, '---\ntype: gotcha\nconfidence: 7\n---\n');
    expect(readRecordFile(only())).toMatchObject({
      problem: { path: `${month}/x-7k3qz9wd.md`, line: 3, code: 'bad-value' },
    });
    writeFileSync(absolute, Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff, 0xfe]));
    expect(readRecordFile(only())).toMatchObject({ problem: { code: 'encoding' } });
    const file = only();
    rmSync(absolute);
    expect(readRecordFile(file)).toMatchObject({ problem: { code: 'gone' } });
    execFileSync('sh', ['-c', 'mkfifo "$0"', absolute]);
    expect(readRecordFile(file)).toMatchObject({ problem: { code: 'unreadable' } });
  });

  it('reads 500 good files among hostile ones and names each bad one', () => {
    for (let n = 0; n < 500; n += 1) put(`${month}/good-bcdfg${String(n).padStart(3, '0')}.md`);
    const bad = [
      '',
      '---\n',
      '---js\n1\n---\n',
      '---\ntype: gotcha\na: *b\n---\n',
      '<<<<<<< HEAD\n',
      '\0',
      '---\ntype: [\n---\n',
    ];
    for (let n = 0; n < 70; n += 1) put(`${month}/bad-${n}.md`, bad[n % bad.length]);
    const { files } = listRecordFiles(paths);
    const read = files.map((file) => readRecordFile(file));
    expect(read.filter((one) => 'record' in one)).toHaveLength(500);
    expect(read.filter((one) => 'problem' in one && one.problem.path.includes('/bad-'))).toHaveLength(70);
  });
});

describe('an atomic write', () => {
  it('makes folders, replaces the whole file and leaves nothing else', () => {
    const file = join(repo.dir, 'x/y/z.txt');
    writeFileAtomic(file, 'one', { mode: 0o600, dirMode: 0o700 });
    writeFileAtomic(file, new TextEncoder().encode('two'), { mode: 0o600 });
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(readdirSync(dirname(file))).toEqual(['z.txt']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  });

  it('replaces a link instead of writing through it', () => {
    const target = repo.write('target.txt', 'safe');
    symlinkSync(target, join(repo.dir, 'link.txt'));
    writeFileAtomic(join(repo.dir, 'link.txt'), 'new');
    expect(readFileSync(target, 'utf8')).toBe('safe');
  });

  it('follows no linked folder and stays inside the given folder', () => {
    mkdirSync(join(repo.dir, 'out'));
    mkdirSync(join(repo.dir, 'in/sub'), { recursive: true });
    symlinkSync(join(repo.dir, 'out'), join(repo.dir, 'in/link'));
    const within = join(repo.dir, 'in');
    for (const path of ['in/link/x', 'in/link/deep/x', 'out/x', 'in/../out/x', 'x'])
      expect(() => writeFileAtomic(join(repo.dir, path), 'x', { within }), path).toThrow(/not written/);
    writeFileAtomic(join(within, 'sub/new/x'), 'x', { within });
    writeFileAtomic(join(within, 'x'), 'x', { within });
    expect(readdirSync(join(repo.dir, 'out'))).toEqual([]);
  });

  it('takes its temporary file away when it fails', () => {
    mkdirSync(join(repo.dir, 'full/x/y'), { recursive: true });
    expect(() => writeFileAtomic(join(repo.dir, 'full/x'), 'text')).toThrow(
      expect.objectContaining({ code: 'EISDIR' }),
    );
    expect(readdirSync(join(repo.dir, 'full'))).toEqual(['x']);
  });
});

describe('the folder that init makes', () => {
  it('explains itself, is complete for git and ignores local records', () => {
    expect(readdirSync(paths.memoryDir).sort()).toEqual([
      '.gitattributes',
      '.gitignore',
      'README.md',
      'local',
      'settings.yaml',
    ]);
    put('.claude-mem/local/observations/2026/11/x-7k3qz9wd.md');
    put('.claude-mem/observations/.tmp-9-9', 'x');
    put(`${month}/x-7k3qz9wd.md`, 'a\r\n');
    repo.git('config', 'core.autocrlf', 'true');
    repo.git('add', '-A');
    const staged = repo.git('diff', '--cached', '--name-only').trim().split('\n');
    expect(staged).toEqual([
      '.claude-mem/.gitattributes',
      '.claude-mem/.gitignore',
      '.claude-mem/README.md',
      `${month}/x-7k3qz9wd.md`,
      '.claude-mem/settings.yaml',
    ]);
    expect(repo.git('show', `:${month}/x-7k3qz9wd.md`)).toBe('a\r\n');
  });

  it('ignores local records on a branch without memory too', () => {
    put('.claude-mem/local/observations/2026/11/x-7k3qz9wd.md');
    rmSync(join(paths.memoryDir, '.gitignore'));
    repo.git('add', '-A');
    expect(repo.git('diff', '--cached', '--name-only')).not.toContain('local/');
  });

  it('has no local part behind a link that came with a clone', () => {
    rmSync(paths.localDir, { recursive: true });
    mkdirSync(join(repo.dir, 'elsewhere'));
    symlinkSync(join(repo.dir, 'elsewhere'), paths.localDir);
    expect(() => ensureLocalDir(paths)).toThrow(expect.objectContaining({ code: 'private' }));
    expect(readdirSync(join(repo.dir, 'elsewhere'))).toEqual([]);
  });

  it('changes nothing that exists', () => {
    repo.write('.claude-mem/settings.yaml', 'mode: chill\n');
    rmSync(join(paths.memoryDir, 'README.md'));
    expect(scaffoldMemory(repo.dir)).toEqual({ written: ['.claude-mem/README.md'] });
    expect(repo.read('.claude-mem/settings.yaml')).toBe('mode: chill\n');
  });

  it('is removed completely, except for changed files and records', () => {
    put(`${month}/x-7k3qz9wd.md`);
    repo.write('.claude-mem/README.md', 'ours');
    const { removed, kept } = unscaffoldMemory(paths);
    expect(removed.sort()).toEqual([
      '.claude-mem/.gitattributes',
      '.claude-mem/.gitignore',
      '.claude-mem/settings.yaml',
    ]);
    expect(kept).toEqual(['.claude-mem/README.md']);
    expect(existsSync(join(repo.dir, month, 'x-7k3qz9wd.md'))).toBe(true);
    rmSync(join(paths.memoryDir, 'README.md'));
    unscaffoldMemory(paths, { alsoRecords: true });
    expect(existsSync(paths.memoryDir)).toBe(false);
  });
});
