import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readWorkBlob } from '../../src/git/cites/work-blob.ts';
import { blobId } from '../../src/store/blob.ts';
import { removeFolder, tempDir } from '../helpers/temp-repo.ts';

let top: string;
beforeEach(() => {
  top = tempDir('repomem-work-blob-');
  mkdirSync(join(top, 'src'));
});
afterEach(() => removeFolder(top));

const read = (path = 'src/a.ts') => readWorkBlob(top, path, new Map(), 'sha1', Date.now());
const write = (text: string, path = 'src/a.ts'): void => writeFileSync(join(top, path), text);
const idOf = (text: string): string => blobId(Buffer.from(text));
/** Until a file that was written before has a time that can be believed. */
const settle = () => wait(60);

it('reads a file once, and again when it moved', async () => {
  write('one');
  await settle();
  expect(read()).toMatchObject({ blob: idOf('one'), bytes: Buffer.from('one') });
  expect(read()).toEqual({ blob: idOf('one') });
  write('two');
  expect(read()?.blob).toBe(idOf('two'));
});

it('sees a change of the same size whose time was set back, and another file that was renamed in', async () => {
  write('one');
  await settle();
  read();
  const { atime, mtime } = statSync(join(top, 'src/a.ts'));
  write('two');
  utimesSync(join(top, 'src/a.ts'), atime, mtime);
  expect(read()?.blob).toBe(idOf('two'));
  await settle();
  read();
  write('six', 'src/b.ts');
  utimesSync(join(top, 'src/b.ts'), atime, mtime);
  renameSync(join(top, 'src/b.ts'), join(top, 'src/a.ts'));
  expect(read()?.blob).toBe(idOf('six'));
});

it('believes no file that was written a moment ago', () => {
  for (let n = 0; n < 200; n++) {
    write(String(n % 10));
    expect(read()?.blob).toBe(idOf(String(n % 10)));
  }
});

it('knows nothing of a file that is gone or became a link, nor of one behind a link', async () => {
  write('one');
  await settle();
  read();
  unlinkSync(join(top, 'src/a.ts'));
  expect(read()).toBeUndefined();
  write('one', 'b.ts');
  symlinkSync(join(top, 'b.ts'), join(top, 'src/a.ts'));
  expect(read()).toBeUndefined();
  rmSync(join(top, 'src'), { recursive: true });
  mkdirSync(join(top, 'other'));
  write('one', 'other/a.ts');
  symlinkSync(join(top, 'other'), join(top, 'src'));
  expect(read()).toBeUndefined();
});
