// Git's own hooks with the built program: every way to commit, every place where hooks may stand.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { builtPackage, runCli, runProcess, type Run } from '../helpers/built-cli.ts';
import { seededRandom, shapedTypes } from '../helpers/fake-secrets.ts';
import { repoWithMemory } from '../helpers/given-memory.ts';
import { recordFile, recordPath } from '../memory/memory-at.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

let home: string;
let repo: TempRepo;
beforeEach(async () => {
  home = tempDir();
  repo = repoWithMemory(home, { 'a.txt': 'a\n', 'b.txt': 'b\n' });
});
afterEach(() => removeFolder(home));

const hookFolder = 'work/repo/.git/hooks';
const cli = (...args: string[]): Promise<Run> => runCli(args, { cwd: repo.dir, home });
/** Git as the user runs it: hooks, and a PATH without repomem. */
const git = (...args: string[]): Promise<Run> => runProcess('git', args, { cwd: repo.dir, home });
const file = (path: string): string => join(repo.dir, path);
const isIn = (commit: string, id: string): boolean => repo.git('ls-tree', '-r', '--name-only', commit).includes(id);

let count = 0;
/** A record made on this branch and not committed. */
function add(title: string): string {
  const id = `b${String(++count).padStart(7, '0')}`;
  const branch = repo.git('branch', '--show-current').trim();
  repo.write(recordPath(id), recordFile({ id, type: 'gotcha', title, branch }));
  return id;
}

function executable(path: string, text: string): void {
  mkdirSync(join(file(path), '..'), { recursive: true });
  writeFileSync(file(path), text);
  chmodSync(file(path), 0o755);
}

describe('the pre-commit hook', () => {
  // Installed once: neither the hooks nor the copy of the program name the place where they stand.
  let installed: string;
  beforeAll(async () => {
    installed = tempDir();
    const { dir } = repoWithMemory(installed, { 'a.txt': 'a\n' });
    expect(await runCli(['install-git-hooks'], { cwd: dir, home: installed })).toMatchObject({ code: 0 });
    const hooks = readdirSync(join(installed, hookFolder)).map((name) =>
      readFileSync(join(installed, hookFolder, name), 'utf8'),
    );
    expect(hooks.join('\n')).toContain('repomem');
    expect(hooks.join('\n')).not.toContain(installed);
  });
  afterAll(() => removeFolder(installed));
  beforeEach(() => {
    for (const path of ['.local', hookFolder]) cpSync(join(installed, path), join(home, path), { recursive: true });
  });

  it.each([
    ['a plain commit', ['-m', 'x'], true],
    ['commit -a', ['-am', 'x'], false],
    ['commit PATH', ['-m', 'x', '--', 'a.txt'], false],
  ])('takes the branch’s records along with %s', async (_name, flags, isStaged) => {
    const id = add('Queues retry twice before they give up');
    repo.write('a.txt', 'changed\n');
    repo.write('b.txt', 'changed too\n');
    if (isStaged) repo.git('add', 'a.txt');
    expect(await git('commit', ...flags)).toMatchObject({ code: 0, stderr: expect.stringContaining('1 record goes') });
    expect(isIn('HEAD', id)).toBe(true);
    expect(repo.git('status', '--short').includes(id)).toBe(false);
    expect(repo.git('show', '--format=', '--name-only', 'HEAD')).toContain('a.txt');
  });

  it('leaves a commit without code, and records of another branch, alone', async () => {
    const id = add('Queues retry twice before they give up');
    repo.git('checkout', '-qb', 'other');
    const other = add('Sockets are closed by the pool');
    repo.git('checkout', '-q', 'main');
    expect(await git('commit', '--allow-empty', '-qm', 'empty')).toMatchObject({ code: 0, stderr: '' });
    expect(isIn('HEAD', id)).toBe(false);
    repo.write('a.txt', 'changed\n');
    expect(await git('commit', '-qam', 'x')).toMatchObject({ code: 0 });
    expect([isIn('HEAD', id), isIn('HEAD', other)]).toEqual([true, false]);
  });

  it.each([
    ['edited and amended', ['-c', 'sequence.editor=sed -i.x 1s/pick/reword/', 'rebase', '-q', '-i', 'HEAD~2']],
    ['amended by a command', ['rebase', '-q', '-x', 'git commit -q --amend --no-edit', 'HEAD~2']],
    ['squashed', ['-c', 'sequence.editor=sed -i.x 2s/pick/squash/', 'rebase', '-q', '-i', 'HEAD~2']],
    ['picked elsewhere', ['cherry-pick', 'side']],
    ['reverted', ['revert', '--no-edit', 'HEAD']],
  ])('slips no waiting record into a commit that is %s', async (_, command) => {
    repo.git('checkout', '-qb', 'side');
    repo.git('commit', '-q', '--allow-empty', '--no-verify', '-m', 'side');
    repo.write('c.txt', 'c\n');
    repo.git('add', 'c.txt');
    repo.git('commit', '-q', '--no-verify', '-m', 'c');
    repo.git('checkout', '-q', 'main');
    for (const name of ['one', 'two']) {
      repo.write(`${name}.txt`, name);
      repo.git('add', `${name}.txt`);
      repo.git('commit', '-q', '--no-verify', '-m', name);
    }
    const id = add('Queues retry twice before they give up');
    expect(await git('-c', 'core.editor=true', ...command)).toMatchObject({ code: 0 });
    expect(isIn('HEAD', id)).toBe(false);
    expect(repo.git('status', '--short', '-uall')).toContain(id);
  });

  it('stops a commit that would carry a secret in the memory, and no other', async () => {
    const id = add('Queues retry twice before they give up');
    const secret = shapedTypes['githubPat']?.make(seededRandom(1)) ?? '';
    const [path = ''] = repo.git('ls-files', '-o', '--exclude-standard').split('\n');
    repo.write(path, `${repo.read(path)}\nThe token is ${secret}.\n`);
    repo.write('a.txt', 'changed\n');
    const run = await git('commit', '-qam', 'x');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(id);
    expect(run.stderr).not.toContain(secret);
    expect(await git('commit', '--no-verify', '-qam', 'x')).toMatchObject({ code: 0 });
  });

  it('works in a linked worktree', async () => {
    const id = add('Queues retry twice before they give up');
    repo.git('checkout', '-qb', 'parked');
    const tree = join(home, 'work/tree');
    repo.git('worktree', 'add', '-q', '-b', 'side', tree, 'main');
    const inTree = { cwd: tree, home };
    const made = (await runCli(['add', 'Made in the linked worktree', '-t', 'gotcha'], inTree)).stdout.slice(0, 8);
    writeFileSync(join(tree, 'a.txt'), 'changed\n');
    expect(await runProcess('git', ['commit', '-qam', 'x'], inTree)).toMatchObject({ code: 0 });
    expect([isIn('side', made), isIn('side', id)]).toEqual([true, false]);
  });

  it('finds a memory below the top', async () => {
    const mono = tempRepo(
      { 'top.txt': 'a\n', 'pkg/.claude-mem/settings.yaml': 'version: 1\n' },
      { at: join(home, 'mono') },
    );
    const inPackage = { cwd: join(mono.dir, 'pkg'), home };
    expect(await runCli(['install-git-hooks'], inPackage)).toMatchObject({ code: 0 });
    const made = (await runCli(['add', 'Of a package', '-t', 'gotcha'], inPackage)).stdout.slice(0, 8);
    mono.write('top.txt', 'b\n');
    expect(await runProcess('git', ['commit', '-qam', 'x'], { cwd: mono.dir, home })).toMatchObject({ code: 0 });
    expect(mono.git('show', '--format=', '--name-only', 'HEAD')).toContain(made);
  });

  it('lets every commit pass where the program or the memory is gone', async () => {
    add('Queues retry twice before they give up');
    rmSync(join(home, '.local/share/repomem'), { recursive: true });
    repo.write('a.txt', 'changed\n');
    expect(await git('commit', '-qam', 'x')).toMatchObject({ code: 0, stderr: '' });
    repo.git('rm', '-rqf', '.claude-mem/settings.yaml');
    expect(await git('commit', '-qm', 'y')).toMatchObject({ code: 0, stderr: '' });
  });

  it('leaves a merge to git', async () => {
    repo.git('checkout', '-qb', 'work');
    repo.write('a.txt', 'work\n');
    repo.git('commit', '-qam', 'work', '--no-verify');
    repo.git('checkout', '-q', 'main');
    repo.write('a.txt', 'main\n');
    repo.git('commit', '-qam', 'main', '--no-verify');
    const id = add('Made on main in the middle of things');
    expect((await git('merge', 'work')).code).toBe(1);
    repo.write('a.txt', 'both\n');
    repo.git('add', 'a.txt');
    expect(await git('commit', '-qm', 'merged')).toMatchObject({ code: 0 });
    expect(isIn('HEAD', id)).toBe(false);
  });
});

describe('the trailer', () => {
  it('names the records of the commit, once, and keeps an empty message empty', async () => {
    expect(await cli('install-git-hooks', '--trailer')).toMatchObject({ code: 0 });
    const id = add('Queues retry twice before they give up');
    repo.write('a.txt', 'changed\n');
    expect(await git('commit', '-qam', 'Change a')).toMatchObject({ code: 0 });
    expect(await git('commit', '--amend', '-q', '--no-edit')).toMatchObject({ code: 0 });
    expect(repo.git('log', '-1', '--format=%B').trim()).toBe(`Change a\n\nMemory: ${id}`);
    add('Sockets are closed by the pool');
    repo.write('a.txt', 'again\n');
    expect((await git('commit', '-qam', '')).code).not.toBe(0);
  });
});

describe('install-git-hooks', () => {
  const hook = '.git/hooks/pre-commit';

  it('runs the hook that was there, obeys it, and puts it back byte for byte', async () => {
    const before = '#!/bin/sh\necho first >> ran.log\n[ ! -e refuse ] || exit 3\nexit 0';
    executable(hook, before);
    chmodSync(file(hook), 0o750);
    expect(await cli('install-git-hooks')).toMatchObject({ code: 0 });
    const once = readFileSync(file(hook), 'utf8');
    expect(await cli('install-git-hooks')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
    expect(readFileSync(file(hook), 'utf8')).toBe(once);
    const id = add('Queues retry twice before they give up');
    repo.write('a.txt', 'changed\n');
    repo.write('refuse', '');
    expect((await git('commit', '-qam', 'x')).code).toBe(1);
    rmSync(file('refuse'));
    expect(await git('commit', '-qam', 'x')).toMatchObject({ code: 0 });
    expect(isIn('HEAD', id)).toBe(true);
    expect(repo.read('ran.log')).toBe('first\nfirst\n');
    expect(await cli('install-git-hooks', '--undo')).toMatchObject({ code: 0 });
    expect(readFileSync(file(hook), 'utf8')).toBe(before);
    expect(statSync(file(hook)).mode & 0o777).toBe(0o750);
  });

  it('says which lines to add where the hook that is there is a link, or a program of another kind', async () => {
    repo.write('scripts/check.sh', '#!/bin/sh\n');
    symlinkSync('../../scripts/check.sh', file(hook));
    expect(await cli('install-git-hooks')).toMatchObject({ code: 2, stderr: expect.stringContaining('# >>> repomem') });
    await cli('install-git-hooks', '--undo');
    expect(readlinkSync(file(hook))).toBe('../../scripts/check.sh');
    rmSync(file(hook));
    for (const before of ['#!/usr/bin/env python3\nprint()\n', '\u007fELF\0\0']) {
      executable(hook, before);
      expect(await cli('install-git-hooks')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('# >>> repomem'),
      });
      expect(readFileSync(file(hook), 'utf8')).toBe(before);
    }
  });

  it('leaves nothing behind where there was nothing, and status and doctor tell of it', async () => {
    const told = async (): Promise<string> => (await cli('status')).stdout + (await cli('doctor')).stdout;
    expect(await told()).toMatch(
      /git hooks +none; repomem install-git-hooks[\s\S]*note no git hook takes the records along/,
    );
    await cli('install-git-hooks', '--trailer');
    expect(await told()).toMatch(/git hooks +each commit takes[\s\S]*ok +git's pre-commit hook in /);
    const ours = readFileSync(file(hook), 'utf8');
    writeFileSync(file(hook), '#!/bin/sh\n');
    expect(await told()).toMatch(/git hooks +another program[\s\S]*BAD +git's pre-commit hook/);
    writeFileSync(file(hook), ours);
    expect(await cli('install-git-hooks', '--undo')).toMatchObject({ code: 0 });
    expect(existsSync(file(hook))).toBe(false);
    expect(existsSync(file('.git/hooks/commit-msg'))).toBe(false);
    expect(await cli('install-git-hooks', '--undo')).toMatchObject({
      stdout: expect.stringContaining('Nothing of ours'),
    });
  });

  it('sees a hook that git passes over, and takes only its own out of what others changed', async () => {
    executable(hook, '#!/bin/sh\nexit 0\n');
    await cli('install-git-hooks');
    chmodSync(file(hook), 0o644);
    expect((await cli('doctor')).stdout).toContain('no longer runs repomem');
    await cli('install-git-hooks');
    expect((await cli('doctor')).stdout).toContain('takes the records along');
    repo.write(hook, repo.read(hook).replace('#!/bin/sh', '#!/bin/bash'));
    await cli('install-git-hooks', '--undo');
    expect(repo.read(hook)).toBe('#!/bin/bash\nexit 0\n');
    rmSync(file(hook));
    await cli('install-git-hooks');
    repo.write(hook, `${repo.read(hook)}echo theirs >> ran.log\n`);
    await cli('install-git-hooks', '--undo');
    expect(repo.read(hook)).toBe('#!/bin/sh\necho theirs >> ran.log\n');
  });

  it('adds lines to husky’s file and takes exactly them out', async () => {
    const before = 'npm test';
    repo.write('.husky/pre-commit', before);
    repo.write('.husky/_/h', 'sh -e "$(dirname "$(dirname "$0")")/$(basename "$0")" "$@"\n');
    executable('.husky/_/pre-commit', '#!/usr/bin/env sh\n. "$(dirname "$0")/h"');
    repo.git('config', 'core.hooksPath', '.husky/_');
    expect(await cli('install-git-hooks')).toMatchObject({ code: 0 });
    expect(repo.read('.husky/pre-commit').startsWith('npm test\n# >>> repomem')).toBe(true);
    repo.write('.husky/pre-commit', repo.read('.husky/pre-commit').replace('npm test', 'true'));
    const id = add('Queues retry twice before they give up');
    repo.write('a.txt', 'changed\n');
    expect(await git('commit', '-qam', 'x')).toMatchObject({ code: 0 });
    expect(isIn('HEAD', id)).toBe(true);
    expect((await cli('doctor')).stdout).toContain('takes the records along');
    await cli('install-git-hooks', '--undo');
    expect(repo.read('.husky/pre-commit')).toBe('true');
    // git tracks the mode, and husky needs no executable file.
    expect(statSync(file('.husky/pre-commit')).mode & 0o111).toBe(0);
    expect(repo.git('config', 'core.hooksPath').trim()).toBe('.husky/_');
  });

  it('adds lines to a hook folder of the project, or says which when that cannot work', async () => {
    executable('.githooks/pre-commit', '#!/bin/sh\ntrue\n');
    repo.git('config', 'core.hooksPath', '.githooks');
    expect(await cli('install-git-hooks')).toMatchObject({ code: 0 });
    expect(repo.read('.githooks/pre-commit')).toContain('git-hook pre-commit');
    repo.write('.githooks/pre-commit', repo.read('.githooks/pre-commit').replace('true\n', 'false\n'));
    repo.write('a.txt', 'changed\n');
    expect(await git('commit', '-qam', 'x')).toMatchObject({ code: 1 });
    repo.write('.githooks/pre-commit', repo.read('.githooks/pre-commit').replace('false\n', 'true\n'));
    await cli('install-git-hooks', '--undo');
    expect(repo.read('.githooks/pre-commit')).toBe('#!/bin/sh\ntrue\n');
    executable('.githooks/pre-commit', '#!/usr/bin/env python3\nprint()\n');
    const refused = await cli('install-git-hooks');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('# >>> repomem') });
    expect(repo.read('.githooks/pre-commit')).toBe('#!/usr/bin/env python3\nprint()\n');
  });

  it('touches neither the hooks of other repositories nor those that lefthook writes', async () => {
    const shared = join(home, 'shared-hooks');
    mkdirSync(shared);
    repo.git('config', 'core.hooksPath', shared);
    expect(await cli('install-git-hooks')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('core.hooksPath'),
    });
    expect(existsSync(join(shared, 'pre-commit'))).toBe(false);
    repo.git('config', '--unset', 'core.hooksPath');
    repo.write('lefthook.yml', 'pre-commit: {}\n');
    expect(await cli('install-git-hooks')).toMatchObject({ code: 2, stderr: expect.stringContaining('lefthook') });
    expect(existsSync(file(hook))).toBe(false);
  });

  it('is found on the PATH where no copy is in the data folder', async () => {
    await cli('install-git-hooks');
    rmSync(join(home, '.local/share/repomem'), { recursive: true });
    const id = add('Queues retry twice before they give up');
    repo.write('a.txt', 'changed\n');
    const PATH = `${join(builtPackage(), 'bin')}:${process.env['PATH']}`;
    expect(await runProcess('git', ['commit', '-qam', 'x'], { cwd: repo.dir, home, env: { PATH } })).toMatchObject({
      code: 0,
    });
    expect(isIn('HEAD', id)).toBe(true);
  });
});
