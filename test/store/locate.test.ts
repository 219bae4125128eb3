import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findMemory, findWorktree, placeFor } from '../../src/store/locate.ts';
import { gitVars, tempDir, tempRepo } from '../helpers/temp-repo.ts';

let dir: string;
let home: string;
beforeEach(() => {
  dir = tempDir();
  home = join(dir, 'home');
  mkdirSync(home);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function memory(root: string): string {
  mkdirSync(join(root, '.claude-mem'), { recursive: true });
  writeFileSync(join(root, '.claude-mem/settings.yaml'), 'version: 1\n');
  return root;
}
function folder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: dir, ...gitVars },
  }).trim();
}
const repo = (path: string): string => tempRepo({ 'a.txt': 'a\n' }, { at: folder(path) }).dir;

describe('the location of a memory', () => {
  it('is found from a folder below it, with all its folders', () => {
    const root = memory(repo(join(home, 'p')));
    expect(findMemory([folder(join(root, 'src/deep'))], home)).toEqual({
      root,
      memoryDir: join(root, '.claude-mem'),
      worktree: root,
      gitDir: join(root, '.git'),
      commonDir: join(root, '.git'),
      worktreeKey: 'main',
      localDir: join(root, '.claude-mem/local'),
      privateDir: join(root, '.git/repomem'),
      spoolDir: join(root, '.git/repomem/spool/main'),
    });
  });

  it('is nowhere without settings: the folder of another program is none', () => {
    const root = repo(join(home, 'p'));
    folder(join(root, '.claude-mem'));
    expect(findMemory([root], home)).toBeUndefined();
  });

  it('is never the home folder or the root, and git is not looked for there', () => {
    memory(home);
    git(home, 'init', '-q');
    expect(findMemory([folder(join(home, 'p'))], home)).toBeUndefined();
    expect(findMemory([home], home)).toBeUndefined();
    expect(findMemory(['/'], home)).toBeUndefined();
    const inner = memory(join(home, 'q'));
    expect(findMemory([inner], home)).toMatchObject({
      root: inner,
      privateDir: join(inner, '.claude-mem/local/.repomem'),
    });
    expect(findWorktree(inner, home)).toBeUndefined();
  });

  it('is not that of an outer repository', () => {
    const outer = memory(repo(join(home, 'p')));
    const inner = repo(join(outer, 'vendor/inner'));
    expect(findMemory([inner], home)).toBeUndefined();
  });

  it('is the nearest, in a subfolder of the repository too', () => {
    const outer = memory(repo(join(home, 'p')));
    const inner = memory(join(outer, 'packages/one'));
    expect(findMemory([folder(join(inner, 'src'))], home)).toMatchObject({
      root: inner,
      worktree: outer,
      localDir: join(inner, '.claude-mem/local'),
      privateDir: join(outer, '.git/repomem'),
    });
  });

  it('takes the second start where the first has none, is gone, or is not absolute', () => {
    const root = memory(repo(join(home, 'p')));
    expect(findMemory([home, join(root, 'gone'), 'src', root], home)?.root).toBe(root);
    expect(findMemory([join(root, 'gone')], home)).toBeUndefined();
  });

  it('follows a link to the working directory, and none to the settings', () => {
    const root = memory(repo(join(home, 'p')));
    symlinkSync(root, join(home, 'link'));
    expect(findMemory([join(home, 'link')], home)?.root).toBe(root);
    const other = repo(join(home, 'q'));
    symlinkSync(join(root, '.claude-mem'), join(other, '.claude-mem'));
    expect(findMemory([other], home)).toBeUndefined();
    const third = repo(join(home, 'r'));
    folder(join(third, '.claude-mem'));
    symlinkSync(join(root, '.claude-mem/settings.yaml'), join(third, '.claude-mem/settings.yaml'));
    expect(findMemory([third], home)).toBeUndefined();
  });

  it('knows the home folder by its real path', () => {
    symlinkSync(home, join(dir, 'h'));
    memory(home);
    expect(findMemory([folder(join(home, 'x'))], join(dir, 'h'))).toBeUndefined();
  });

  it('has no git dir where there is no repository', () => {
    const root = memory(join(home, 'plain'));
    expect(findMemory([root], home)).toEqual({
      root,
      memoryDir: join(root, '.claude-mem'),
      worktreeKey: 'main',
      localDir: join(root, '.claude-mem/local'),
      privateDir: join(root, '.claude-mem/local/.repomem'),
      spoolDir: join(root, '.claude-mem/local/.repomem/spool/main'),
    });
  });

  it('is the main worktree’s for local records, also from a linked one', () => {
    const root = repo(join(home, 'p'));
    git(root, 'worktree', 'add', '-q', '-b', 'topic', join(home, 'wt/topic'));
    const linked = memory(join(home, 'wt/topic'));
    const paths = findMemory([linked], home);
    expect(paths).toMatchObject({
      root: linked,
      worktree: linked,
      commonDir: join(root, '.git'),
      worktreeKey: 'wt-topic',
      localDir: join(root, '.claude-mem/local'),
      privateDir: join(root, '.git/repomem'),
      spoolDir: join(root, '.git/repomem/spool/wt-topic'),
    });
    expect(paths?.gitDir).toBe(git(linked, 'rev-parse', '--absolute-git-dir'));
    const nested = memory(join(linked, 'pkg'));
    expect(findMemory([nested], home)?.localDir).toBe(join(root, 'pkg/.claude-mem/local'));
  });

  it('is the git dir for local records when the main repository is bare', () => {
    const seed = repo(join(home, 'seed'));
    git(home, 'clone', '-q', '--bare', seed, join(home, 'p/.git'));
    git(join(home, 'p/.git'), 'worktree', 'add', '-q', '-b', 'topic', join(home, 'p/topic'));
    const linked = memory(join(home, 'p/topic'));
    expect(findMemory([linked], home)).toMatchObject({
      worktreeKey: 'wt-topic',
      privateDir: join(home, 'p/.git/repomem'),
      localDir: join(home, 'p/.git/repomem/local'),
    });
  });

  it('understands relative paths of worktrees', () => {
    const root = repo(join(home, 'p'));
    git(root, 'worktree', 'add', '-q', '-b', 'topic', join(home, 'topic'));
    writeFileSync(join(home, 'topic/.git'), 'gitdir: ../p/.git/worktrees/topic\n');
    expect(findMemory([memory(join(home, 'topic'))], home)?.commonDir).toBe(join(root, '.git'));
  });

  it('of a submodule is its own, with its git dir in the outer repository', () => {
    const seed = repo(join(home, 'seed'));
    const outer = memory(repo(join(home, 'p')));
    git(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', seed, 'sub');
    const sub = join(outer, 'sub');
    expect(findMemory([sub], home)).toBeUndefined();
    expect(findMemory([memory(sub)], home)).toMatchObject({
      root: sub,
      worktree: sub,
      worktreeKey: 'main',
      commonDir: join(outer, '.git/modules/sub'),
      localDir: join(sub, '.claude-mem/local'),
    });
    git(sub, 'worktree', 'add', '-q', '-b', 'topic', join(home, 'subtopic'));
    expect(findMemory([memory(join(home, 'subtopic'))], home)).toMatchObject({
      worktreeKey: 'wt-subtopic',
      localDir: join(sub, '.claude-mem/local'),
    });
  });

  it('is without git where the `.git` file leads nowhere', () => {
    const root = memory(join(home, 'p'));
    writeFileSync(join(root, '.git'), 'gitdir: /nowhere/at/all\n');
    const paths = findMemory([root], home);
    expect(paths?.commonDir).toBeUndefined();
    expect(paths?.privateDir).toBe(join(root, '.claude-mem/local/.repomem'));
  });

  it('can be told before a memory is there', () => {
    const root = repo(join(home, 'p'));
    expect(placeFor(root, home)).toMatchObject({ root, privateDir: join(root, '.git/repomem') });
    expect(findWorktree(folder(join(root, 'a/b')), home)).toBe(root);
    expect(realpathSync(dirname(placeFor(root, home).memoryDir))).toBe(root);
  });
});
