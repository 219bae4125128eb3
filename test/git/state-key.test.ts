import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addGitState, makeKey } from '../../src/git/state/state-key.ts';
import { removeFolder, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { placeAt } from './places.ts';

let repo: TempRepo;
let linked: string;
beforeEach(() => {
  repo = tempRepo({ '.claude-mem/settings.yaml': 'version: 1\n', 'a.txt': 'a\n' });
  linked = `${repo.dir}-linked`;
  repo.git('worktree', 'add', '-q', '-b', 'other', linked);
});
afterEach(() => {
  repo.remove();
  removeFolder(linked);
});

function keyOf(dir: string): string {
  const key = makeKey();
  addGitState(placeAt(dir), key);
  return key.finish().text;
}

/** True when the move shows in the key. */
function shows(dir: string, move: () => unknown): boolean {
  const before = keyOf(dir);
  move();
  return keyOf(dir) !== before;
}

describe('the key of git’s state', () => {
  it.each([
    ['a branch is made', () => repo.git('branch', 'new')],
    ['a branch is moved', () => repo.git('update-ref', 'refs/heads/deep/in/it', 'HEAD')],
    ['HEAD is pointed elsewhere', () => repo.git('symbolic-ref', 'HEAD', 'refs/heads/unborn')],
    [
      'HEAD is moved and nothing else',
      () => repo.git('reset', '-q', '--soft', repo.git('commit-tree', '-m', 'x', 'HEAD^{tree}').trim()),
    ],
    ['refs are packed', () => repo.git('pack-refs', '--all')],
    ['a file is staged', () => repo.git('rm', '-q', '--cached', 'a.txt')],
    ['a setting is made', () => repo.git('config', 'some.thing', 'else')],
    ['something is ignored', () => repo.write('.gitignore', 'x\n')],
    ['something is ignored on this machine', () => repo.write('.git/info/exclude', 'and more\n')],
  ])('moves when %s', (_, move) => {
    expect(shows(repo.dir, move)).toBe(true);
  });

  it('is unchanged by fetching the same commits again, and changes with new ones', () => {
    const fetched = (what: string) => () => repo.write('.git/FETCH_HEAD', what);
    expect(shows(repo.dir, fetched('one'))).toBe(true);
    expect(shows(repo.dir, fetched('one'))).toBe(false);
    expect(shows(repo.dir, fetched('two'))).toBe(true);
  });

  it('of a linked worktree changes with its own HEAD, also with reftable, and with the main worktree’s tracked files', () => {
    const gitDir = join(repo.dir, '.git/worktrees', linked.slice(linked.lastIndexOf('/') + 1));
    expect(shows(linked, () => repo.git('-C', linked, 'symbolic-ref', 'HEAD', 'refs/heads/unborn'))).toBe(true);
    mkdirSync(join(gitDir, 'reftable'));
    expect(shows(linked, () => writeFileSync(join(gitDir, 'reftable/tables.list'), 'a table\n'))).toBe(true);
    expect(shows(linked, () => repo.git('rm', '-q', '--cached', 'a.txt'))).toBe(true);
    expect(shows(linked, () => {})).toBe(false);
  });

  it('says nothing without git', () => {
    const key = makeKey();
    const { gitDir, commonDir, worktree, ...paths } = placeAt(repo.dir);
    expect([gitDir, commonDir, worktree].every((path) => path !== undefined)).toBe(true);
    addGitState(paths, key);
    expect(key.finish()).toEqual({ text: '', settledMs: 0 });
  });
});
