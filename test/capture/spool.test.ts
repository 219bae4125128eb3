import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capSpool, countDropped, listSpool, orphanSpools, putSpool, sweepSpool } from '../../src/capture/spool.ts';
import { readTranscriptFrom } from '../../src/compress/events/transcript-tail.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { tempDir } from '../helpers/temp-repo.ts';

let dir: string;
let paths: MemoryPaths;
beforeEach(() => {
  dir = tempDir();
  paths = {
    root: dir,
    memoryDir: join(dir, '.claude-mem'),
    worktreeKey: 'main',
    commonDir: dir,
    localDir: join(dir, 'local'),
    privateDir: join(dir, 'repomem'),
    spoolDir: join(dir, 'repomem/spool/main'),
  };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the spool', () => {
  it('lists stored events, oldest first', () => {
    expect(listSpool(paths)).toEqual([]);
    const first = putSpool(paths, 'one') ?? '';
    const second = putSpool(paths, Buffer.from('two')) ?? '';
    utimesSync(second, 1000, 1000);
    expect(listSpool(paths).map((file) => [file.path, file.bytes])).toEqual([
      [second, 3],
      [first, 3],
    ]);
    expect(readFileSync(first, 'utf8')).toBe('one');
  });

  it('counts instead of keeping while it is full, and opens again when drained', () => {
    const path = putSpool(paths, 'one') ?? '';
    expect(capSpool(paths, { files: 1, bytes: 100 })).toBe(true);
    expect(putSpool(paths, 'two')).toBeUndefined();
    expect(countDropped(paths)).toBe(1);
    rmSync(path);
    expect(capSpool(paths, { files: 1, bytes: 100 })).toBe(false);
    expect(putSpool(paths, 'three')).toBeDefined();
  });

  it('removes incomplete events of crashed writers, but none that may still be written', () => {
    putSpool(paths, 'one');
    const tmp = join(paths.spoolDir, 'tmp');
    writeFileSync(join(tmp, 'old'), '{"ha');
    writeFileSync(join(tmp, 'fresh'), '{"ha');
    utimesSync(join(tmp, 'old'), 1000, 1000);
    expect(sweepSpool(paths, Date.now())).toBe(1);
    expect(existsSync(join(tmp, 'fresh'))).toBe(true);
  });

  it('takes an event of the shell once it ends in the mark of a whole one, and never sweeps it', () => {
    putSpool(paths, 'one');
    const at = (folder: string, name: string): string => join(paths.spoolDir, folder, name);
    writeFileSync(at('tmp', 'whole.json'), '{"a":1}\t\r \n');
    writeFileSync(at('tmp', 'half.json'), '{"ha\t\r ');
    writeFileSync(at('tmp', 'other.json'), '{"a":1}\n');
    utimesSync(at('tmp', 'whole.json'), 1000, 1000);
    expect(sweepSpool(paths, Date.now())).toBe(0);
    expect(listSpool(paths)).toMatchObject([{ path: at('new', 'whole.json'), mtimeMs: 1_000_000 }, {}]);
    expect(readdirSync(join(paths.spoolDir, 'tmp')).sort()).toEqual(['half.json', 'other.json']);
  });

  it('finds the spools of worktrees that are gone', () => {
    const keys = ['main', 'wt-here', 'wt-gone', 'wt-deleted', 'wt-locked'];
    for (const key of keys) mkdirSync(join(dir, 'repomem/spool', key), { recursive: true });
    for (const name of ['here', 'deleted', 'locked']) {
      mkdirSync(join(dir, 'worktrees', name), { recursive: true });
      writeFileSync(join(dir, 'worktrees', name, 'gitdir'), `${join(dir, name, '.git')}\n`);
    }
    mkdirSync(join(dir, 'here/.git'), { recursive: true });
    // Its disk may come back.
    writeFileSync(join(dir, 'worktrees/locked/locked'), '');
    expect(orphanSpools(paths).map((orphan) => orphan.worktreeKey)).toEqual(['wt-deleted', 'wt-gone']);
  });
});

describe('readTranscriptFrom', () => {
  it('reads complete lines only, and continues at the last offset', () => {
    const file = join(dir, 't.jsonl');
    writeFileSync(file, 'ä\nb\nhal');
    const part = readTranscriptFrom(file, 0);
    expect(part).toEqual({ chunk: 'ä\nb\n', nextOffset: 5 });
    appendFileSync(file, 'f\n');
    expect(readTranscriptFrom(file, part.nextOffset).chunk).toBe('half\n');
    writeFileSync(file, 'new\n');
    expect(readTranscriptFrom(file, 9).chunk).toBe('new\n');
  });

  it('reads at most its limit, and gets past a longer line', () => {
    const file = join(dir, 't.jsonl');
    writeFileSync(file, `a\nb\n${'x'.repeat(25)}\nc\n`);
    const offsets: number[] = [];
    const chunks: string[] = [];
    for (let offset = 0, index = 0; index < 5; index++) {
      const part = readTranscriptFrom(file, offset, 10);
      chunks.push(part.chunk);
      offsets.push((offset = part.nextOffset));
    }
    expect(chunks).toEqual(['a\nb\n', '', '', 'xxxxx\nc\n', '']);
    expect(offsets).toEqual([4, 14, 24, 32, 32]);
  });

  it('finds a transcript in the folder beside, among the projects of the host alone', () => {
    for (const top of ['projects', 'elsewhere']) {
      mkdirSync(join(dir, top, 'main'), { recursive: true });
      writeFileSync(join(dir, top, 'main', 's1.jsonl'), 'a\n');
    }
    expect(readTranscriptFrom(join(dir, 'projects', 'worktree', 's1.jsonl'), 0).chunk).toBe('a\n');
    expect(readTranscriptFrom(join(dir, 'elsewhere', 'worktree', 's1.jsonl'), 0).chunk).toBe('');
  });

  it('is empty for a missing path and for a folder', () => {
    symlinkSync('/dev/zero', join(dir, 'zero'));
    for (const path of ['', dir, join(dir, 'none'), join(dir, 'zero'), 'a\0b'])
      expect(readTranscriptFrom(path, 7)).toEqual({ chunk: '', nextOffset: 7 });
  });
});
