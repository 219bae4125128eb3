import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, constantFrom, property, string } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldWhitespace, type Cite } from '../../src/domain/cite.ts';
import { hashLines, isIgnored, makeCites } from '../../src/git/cites/cites.ts';
import { judgeFreshness } from '../../src/git/cites/freshness.ts';
import { findText, foldText, judgeCite, type FileNow } from '../../src/git/cites/judge-cite.ts';
import { takeSnapshot } from '../../src/git/state/snapshot.ts';
import { tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { placeAt } from './places.ts';

const body = Array.from({ length: 40 }, (_, n) => `line ${n} of the file, with words that are its own`);
const textOf = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

let repo: TempRepo;
beforeEach(() => {
  repo = tempRepo({ 'src/a.ts': textOf(body), 'b.txt': 'one\ntwo\n' });
});
afterEach(() => repo.remove());

const cite = (path = 'src/a.ts', lines: [number, number] | undefined = [10, 14]): Cite =>
  makeCites(placeAt(repo.dir), [{ path, ...(lines && { lines }) }])[0] as Cite;

function judge(cites: Cite[], history: 'cached' | 'ask' = 'ask') {
  const snapshot = takeSnapshot(placeAt(repo.dir));
  const assessed = judgeFreshness(placeAt(repo.dir), [{ path: 'x.md', cites }], snapshot, history);
  return assessed.get('x.md');
}

function commit(message = 'next'): string {
  repo.git('add', '-A');
  repo.git('commit', '-qm', message);
  return repo.git('rev-parse', '--short=8', 'HEAD').trim();
}

describe('freshness', () => {
  it('is fresh while the blob or the text at those lines is the same', () => {
    const cited = cite();
    expect(judge([cited])?.freshness).toBe('fresh');
    repo.write('src/a.ts', textOf(body.map((line, n) => (n > 20 ? 'other' : `  ${line.replace(' ', '\t')}`))));
    expect(judge([cited])?.freshness).toBe('fresh');
    commit();
    expect(judge([cited])?.freshness).toBe('fresh');
  });

  it('is shifted, with the current lines, when the text moved within the file', () => {
    const cited = cite();
    repo.write('src/a.ts', textOf(['new', 'new', ...body]));
    const state = { freshness: 'shifted', path: 'src/a.ts', lines: [12, 16] };
    expect(judge([cited])?.cites).toEqual([state]);
    commit();
    expect(judge([cited])?.cites).toEqual([state]);
    expect(judge([cited], 'cached')?.cites).toEqual([state]);
  });

  it('is changed, naming the commit that removed the text', () => {
    const cited = cite();
    repo.write('src/a.ts', textOf(body.with(11, 'changed')));
    expect(judge([cited])).toMatchObject({ freshness: 'changed', cites: [{ path: 'src/a.ts' }] });
    expect(judge([cited])?.commit).toBeUndefined();
    const changer = commit();
    repo.write('src/a.ts', textOf(['more', ...body.with(11, 'changed')]));
    commit();
    expect(judge([cited], 'cached')?.commit).toBeUndefined();
    expect(judge([cited])).toMatchObject({ freshness: 'changed', commit: changer });
    expect(judge([cited], 'cached')).toMatchObject({ freshness: 'changed', commit: changer });
    repo.write('b.txt', 'something else\n');
    commit();
    expect(judge([cited], 'cached')).toMatchObject({ freshness: 'changed', commit: changer });
    repo.git('checkout', '-q', '--orphan', 'elsewhere');
    commit();
    expect(judge([cited], 'cached')?.commit).toBeUndefined();
  });

  it('is gone, naming the commit that removed the file', () => {
    const cited = cite();
    repo.git('rm', '-q', 'src/a.ts');
    expect(judge([cited])?.freshness).toBe('gone');
    const changer = commit();
    expect(judge([cited])).toMatchObject({ freshness: 'gone', commit: changer });
  });

  it('follows renames, one after the other, also with an edit and with a new file under the old name', () => {
    const cited = cite();
    repo.git('mv', 'src/a.ts', 'src/b.ts');
    expect(judge([cited])?.cites).toEqual([{ freshness: 'moved', path: 'src/b.ts', lines: [10, 14] }]);
    commit();
    repo.git('mv', 'src/b.ts', 'c.ts');
    repo.write('c.ts', textOf(['new', ...body]));
    commit();
    const state = { freshness: 'moved', path: 'c.ts', lines: [11, 15] };
    expect(judge([cited])?.cites).toEqual([state]);
    expect(judge([cited], 'cached')?.cites).toEqual([state]);
    repo.write('src/a.ts', 'a new file\n');
    commit();
    expect(judge([cited], 'cached')?.cites).toEqual([state]);
    expect(judge([cited])?.cites).toEqual([state]);
  });

  it('follows the file past names that another one took since', () => {
    const cited = cite();
    repo.git('mv', 'src/a.ts', 'src/b.ts');
    commit();
    repo.git('mv', 'src/b.ts', 'src/c.ts');
    commit();
    for (const name of ['src/a.ts', 'src/b.ts']) repo.write(name, `another file, ${name}\n`);
    commit();
    repo.git('mv', 'src/a.ts', 'src/d.ts');
    commit();
    const state = { freshness: 'moved', path: 'src/c.ts', lines: [10, 14] };
    expect(judge([cited])?.cites).toEqual([state]);
    repo.write('src/c.ts', textOf(body.with(11, 'changed')));
    const changer = commit();
    expect(judge([cited])?.cites).toEqual([{ freshness: 'changed', path: 'src/c.ts', commit: changer }]);
  });

  it('follows names that came and went on one branch', () => {
    const cited = cite();
    repo.git('checkout', '-q', '-b', 'work');
    repo.git('mv', 'src/a.ts', 'src/b.ts');
    commit();
    repo.git('mv', 'src/b.ts', 'src/c.ts');
    // No longer like the cited one: only the way there tells.
    const more = Array.from({ length: 80 }, (_, n) => `what came later, line ${n}, of its own`);
    commit();
    repo.write('src/c.ts', textOf([...body.slice(5, 20), ...more]));
    commit();
    repo.git('checkout', '-q', 'main');
    repo.write('b.txt', 'something else\n');
    commit();
    repo.git('merge', '-q', '--no-ff', '-m', 'merge', 'work');
    expect(judge([cited])?.cites).toEqual([{ freshness: 'moved', path: 'src/c.ts', lines: [5, 9] }]);
  });

  it('follows a rename that a branch made in two commits', () => {
    const cited = cite();
    const text = repo.read('src/a.ts');
    repo.git('checkout', '-q', '-b', 'work');
    repo.write('src/b.ts', text);
    commit('a copy');
    repo.write('src/b.ts', textOf(['new', ...body]));
    commit('the copy changes');
    repo.git('rm', '-q', 'src/a.ts');
    commit('the old one goes');
    repo.git('checkout', '-q', 'main');
    repo.git('merge', '-q', '--no-ff', '-m', 'merge', 'work');
    for (let n = 0; n < 3; n++) {
      const more = Array.from({ length: 40 * (n + 1) }, (_, at) => `what came in step ${n}, line ${at}, of its own`);
      repo.write('src/b.ts', textOf([...body.slice(5, 20), ...more]));
      commit();
    }
    expect(judge([cited])?.cites).toEqual([{ freshness: 'moved', path: 'src/b.ts', lines: [5, 9] }]);
  });

  it('judges a whole file by its blob, and a bare path by its being there', () => {
    const whole = cite('b.txt', undefined);
    expect(whole).toEqual({ path: 'b.txt', blob: expect.stringMatching(/^[0-9a-f]{10}$/) });
    expect(
      judge([whole, { path: 'b.txt' }, { path: 'src' }, { path: 'nowhere' }])?.cites.map((one) => one.freshness),
    ).toEqual(['fresh', 'fresh', 'fresh', 'gone']);
    repo.write('b.txt', 'other\n');
    expect(judge([whole])?.freshness).toBe('changed');
  });

  it('reads files from git that a sparse checkout leaves out', () => {
    const cited = cite();
    repo.write('src/a.ts', textOf(['new', ...body]));
    commit();
    repo.git('sparse-checkout', 'set', '--no-cone', '/b.txt');
    expect(judge([cited])?.cites).toEqual([{ freshness: 'shifted', path: 'src/a.ts', lines: [11, 15] }]);
  });

  it('takes the copy nearest to the cited lines', () => {
    const twin = ['a', 'b', 'c'];
    const content = foldText([...twin, 'x', 'x', 'x', ...twin, 'y']);
    const now: FileNow = { blob: 'x', find: (lines, text) => findText(content, lines, text) };
    const state = judgeCite({ path: 'p', lines: [8, 10], text: hashLines(twin) }, now);
    expect(state).toMatchObject({ freshness: 'shifted', lines: [7, 9] });
  });

  it('folds as the format defines, for any lines', () => {
    const anyLine = string({ unit: constantFrom('a', ' ', '\t', '\u00a0', '\r', 'ü', '\u3000') });
    assert(
      property(array(anyLine, { minLength: 1 }), (lines) => {
        expect(foldText(lines).text).toBe(foldWhitespace(lines));
      }),
    );
  });

  it('is quick and safe with lines and paths that no file has', () => {
    const text = hashLines(['x']);
    const far: Cite = { path: 'b.txt', lines: [2_000_000_000, 2_000_000_001], blob: '0000000', text };
    const long: Cite = { path: 'b.txt', lines: [1, 2_000_000_000], blob: '0000000', text };
    const outside: Cite = { path: '../../../../../../etc/passwd', lines: [1, 1], text };
    const odd: Cite = { path: 'a\0b', lines: [1, 1], text };
    repo.git('rm', '-q', 'src/a.ts');
    commit();
    const assessed = judge([far, long, outside, odd, { path: 'src/a.ts', lines: [1, 1], text }]);
    expect(assessed?.cites.map((one) => one.freshness)).toEqual(['changed', 'changed', 'gone', 'gone', 'gone']);
  });

  it('judges without git by the files alone', () => {
    const paths = { ...placeAt(repo.dir) };
    delete paths.worktree;
    const cited = cite();
    repo.write('src/a.ts', textOf(['new', ...body]));
    const assessed = judgeFreshness(paths, [{ path: 'x.md', cites: [cited] }], takeSnapshot(paths), 'ask');
    expect(assessed.get('x.md')?.freshness).toBe('shifted');
  });
});

const filePaths = (...drafts: { path: string; lines?: [number, number] }[]): Cite[] =>
  makeCites(placeAt(repo.dir), drafts);

describe('makeCites', () => {
  it('clips lines to the file and merges duplicates', () => {
    expect(filePaths({ path: 'b.txt', lines: [2, 90] }, { path: './b.txt', lines: [2, 2] })).toEqual([
      { path: 'b.txt', lines: [2, 2], blob: expect.any(String), text: hashLines(['two']) },
    ]);
    expect(filePaths({ path: 'b.txt', lines: [7, 9] })[0]?.lines).toBeUndefined();
    expect(filePaths({ path: join(repo.dir, 'b.txt') })[0]?.path).toBe('b.txt');
  });

  it('drops files that are missing, ignored, binary, outside, in .git or behind a link', () => {
    repo.write('.gitignore', '*.log\n');
    repo.write('x.log', 'x\n');
    repo.write('bin', new Uint8Array([1, 0, 2]));
    symlinkSync('b.txt', join(repo.dir, 'link'));
    symlinkSync('src', join(repo.dir, 'folder'));
    const drafts = ['x.log', 'bin', 'link', 'folder/a.ts', '../x', '/etc/passwd', '.git/config', 'none', 'src'];
    expect(filePaths(...drafts.map((path) => ({ path })))).toEqual([]);
  });

  it('keeps names with spaces, colons and letters of any script', () => {
    for (const path of ['a b.txt', ':(top)x', 'größe/ñ.txt']) repo.write(path, 'x\n');
    const drafts = [{ path: 'a b.txt' }, { path: ':(top)x' }, { path: 'größe/ñ.txt' }];
    expect(filePaths(...drafts).map((one) => one.path)).toEqual(drafts.map((one) => one.path));
    repo.write('.gitignore', 'gr*\n');
    expect(isIgnored(placeAt(repo.dir), ['größe/ñ.txt', 'a b.txt', '../out'])).toEqual(
      new Set(['größe/ñ.txt', '../out']),
    );
  });
});
