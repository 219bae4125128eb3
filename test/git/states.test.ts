import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWorkingSet } from '../../src/git/state/read-working-set.ts';
import { makeCites } from '../../src/git/cites/cites.ts';
import { blameLine } from '../../src/git/history/commits.ts';
import { diffFiles } from '../../src/viewer/server/api/file-diffs.ts';
import { diffMemory, listChanges } from '../../src/git/history/memory-history.ts';
import { judgeFreshness } from '../../src/git/cites/freshness.ts';
import { runGit } from '../../src/git/run/runner.ts';
import { isAmong, takeSnapshot, type Snapshot } from '../../src/git/state/snapshot.ts';
import { tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { placeAt, recordPath, withVars } from './places.ts';

const files = { 'a.txt': 'one\ntwo\n', [recordPath]: 'known\n' };
let repo: TempRepo;
let others: string[];
beforeEach(() => {
  repo = tempRepo(files);
  others = [];
});
afterEach(() => {
  repo.remove();
  for (const dir of others) rmSync(dir, { recursive: true, force: true });
});

function folder(): string {
  const dir = tempDir();
  others.push(dir);
  return dir;
}

function commit(message = 'next'): void {
  repo.git('add', '-A');
  repo.git('commit', '-qm', message);
}

/** Every file of git's own folder but ours, hashed: HEAD, index, refs, config, objects, locks. */
function fingerprint(gitDir: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(gitDir, { recursive: true, withFileTypes: true })) {
    const path = relative(gitDir, join(entry.parentPath, entry.name));
    if (!entry.isFile() || /(^|\/)repomem\//.test(path)) continue;
    found[path] = createHash('sha1')
      .update(readFileSync(join(gitDir, path)))
      .digest('hex');
  }
  return found;
}

/** Looks with everything that hooks call, and checks that git's own folder is the same before and after. */
function look(dir = repo.dir, gitDir = join(repo.dir, '.git'), vars: Record<string, string> = {}): Snapshot {
  const paths = placeAt(dir);
  const before = existsSync(gitDir) ? fingerprint(gitDir) : {};
  const snapshot = withVars(vars, () => {
    const taken = takeSnapshot(paths);
    const cites = makeCites(paths, [{ path: 'a.txt', lines: [1, 1] }]);
    judgeFreshness(paths, [{ path: 'x', cites }], taken, 'ask');
    readWorkingSet(paths, taken);
    return taken;
  });
  expect(existsSync(gitDir) ? fingerprint(gitDir) : {}).toEqual(before);
  return snapshot;
}

describe('takeSnapshot in each state of git leaves git’s folder as it was', () => {
  it('without git', () => {
    const dir = folder();
    expect(look(dir, join(dir, '.git'))).toMatchObject({ isRepository: false, defaultChosenBy: 'none' });
  });

  it('without the program', () => {
    const answer = runGit(repo.dir, ['status'], { env: { PATH: '/nonexistent' } });
    expect(answer).toMatchObject({ ok: false, code: -1, stderr: expect.stringContaining('ENOENT') });
    expect(look(repo.dir, undefined, { PATH: '/nonexistent' }).problem).toContain('ENOENT');
  });

  it('on an ordinary branch, with paths that hold spaces, quotes and letters of any script', () => {
    for (const path of ['a b.txt', 'größe "x".txt', 'new/ñ.txt']) repo.write(path, 'x\n');
    repo.git('add', 'a b.txt');
    const snapshot = look();
    expect(snapshot).toMatchObject({ isRepository: true, branch: 'main', isUnborn: false, objectFormat: 'sha1' });
    expect(snapshot).toMatchObject({ defaultBranch: 'main', defaultRef: 'refs/heads/main', hasRemote: false });
    expect([...snapshot.dirty].sort()).toEqual(['a b.txt', 'größe "x".txt', 'new/']);
    expect(isAmong(snapshot.dirty, 'new/ñ.txt')).toBe(true);
    expect([...snapshot.reviewed.keys()]).toEqual([recordPath]);
  });

  it('before the first commit', () => {
    const fresh = tempRepo({}, { at: folder() });
    fresh.write('a.txt', 'x\n');
    expect(look(fresh.dir, join(fresh.dir, '.git'))).toMatchObject({
      isUnborn: true,
      branch: 'main',
      isRepository: true,
    });
    repo.git('checkout', '-q', '--orphan', 'unborn');
    expect(look()).toMatchObject({ isUnborn: true, branch: 'unborn', defaultBranch: 'main' });
  });

  it('detached', () => {
    repo.git('checkout', '-q', '--detach');
    const snapshot = look();
    expect(snapshot.branch).toBeUndefined();
    expect(snapshot.head).toMatch(/^[0-9a-f]{40}$/);
  });

  it('in a linked worktree, also of a bare repository', () => {
    const linked = join(folder(), 'linked');
    repo.git('worktree', 'add', '-q', '-b', 'work', linked);
    expect(look(linked)).toMatchObject({ branch: 'work', defaultBranch: 'main' });
    const bare = folder();
    repo.git('clone', '-q', '--bare', repo.dir, bare);
    expect(look(bare, bare).isRepository).toBe(false);
    const fromBare = join(folder(), 'w');
    repo.git('-C', bare, 'worktree', 'add', '-q', '-b', 'fromBare', fromBare);
    expect(look(fromBare, bare)).toMatchObject({ branch: 'fromBare', isRepository: true });
  });

  it('in a submodule, and around one', () => {
    const outer = tempRepo({ 'a.txt': 'x\n' }, { at: folder() });
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repo.dir, 'sub');
    outer.git('commit', '-qm', 'sub');
    expect(look(join(outer.dir, 'sub'), join(outer.dir, '.git'))).toMatchObject({ branch: 'main', isRepository: true });
    expect(look(outer.dir, join(outer.dir, '.git')).index.has('sub')).toBe(false);
  });

  it.each([
    ['merge', ['merge', 'other']],
    ['rebase', ['rebase', 'other']],
    ['cherry-pick', ['cherry-pick', 'other']],
    ['revert', ['revert', '--no-edit', 'HEAD~1']],
  ])('with a %s under way', (operation, command) => {
    repo.git('checkout', '-qb', 'other');
    repo.write('a.txt', 'other\n');
    commit();
    repo.git('checkout', '-q', 'main');
    repo.write('a.txt', 'mine\n');
    commit();
    repo.write('a.txt', 'mine again\n');
    commit();
    expect(() => repo.git(...command)).toThrow();
    expect(look()).toMatchObject({ operation, isRepository: true });
  });

  it('in a shallow clone and in a sparse one', () => {
    repo.write('b.txt', 'x\n');
    commit();
    const dir = folder();
    repo.git('clone', '-q', '--depth=1', `file://${repo.dir}`, dir);
    const shallow = { ...repo, git: (...args: string[]) => repo.git('-C', dir, ...args) };
    expect(look(dir, join(dir, '.git'))).toMatchObject({ defaultChosenBy: 'origin-head', hasRemote: true });
    shallow.git('sparse-checkout', 'set', '--no-cone', '/.claude-mem/');
    const snapshot = look(dir, join(dir, '.git'));
    expect(snapshot.index.has('a.txt')).toBe(true);
    expect(isAmong(snapshot.dirty, 'a.txt')).toBe(false);
  });

  it('in a partial clone, fetching nothing', () => {
    repo.write('a.txt', 'one\ntwo\nthree\n');
    commit();
    repo.git('config', 'uploadpack.allowFilter', 'true');
    const dir = folder();
    repo.git('clone', '-q', '--filter=blob:none', `file://${repo.dir}`, dir);
    const paths = placeAt(dir);
    const cites = [{ path: 'a.txt', lines: [1, 2] as [number, number], blob: '0000000', text: '00000000' }];
    const snapshot = look(dir, join(dir, '.git'));
    const before = fingerprint(join(dir, '.git'));
    const assessed = judgeFreshness(paths, [{ path: 'x', cites }], snapshot, 'ask');
    expect(assessed.get('x')?.freshness).toBe('changed');
    expect(fingerprint(join(dir, '.git'))).toEqual(before);
  });

  it('with index.lock held, and with stat information that is out of date', () => {
    writeFileSync(join(repo.dir, '.git/index.lock'), '');
    repo.write('a.txt', 'one\ntwo\n');
    const snapshot = look();
    expect(snapshot.isRepository).toBe(true);
    expect(snapshot.dirty.size).toBe(0);
  });

  it('with variables that lead elsewhere', () => {
    const other = tempRepo({ 'b.txt': 'x\n' }, { at: folder() });
    const git = join(other.dir, '.git');
    const vars = { GIT_DIR: git, GIT_WORK_TREE: other.dir, GIT_INDEX_FILE: join(git, 'index') };
    const strange = { ...vars, GIT_EXTERNAL_DIFF: 'false', GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.bare' };
    expect([...look(repo.dir, undefined, strange).index.keys()]).toContain('a.txt');
  });

  it('owned by another user', () => {
    const snapshot = look(repo.dir, undefined, { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' });
    expect(snapshot).toMatchObject({ isRepository: false, problem: expect.stringContaining('dubious ownership') });
  });

  it('with sha256', () => {
    const dir = folder();
    repo.git('init', '-q', '-b', 'main', '--object-format=sha256', dir);
    const git = join(dir, '.git');
    expect(look(dir, git)).toMatchObject({ objectFormat: 'sha256', isUnborn: true });
    writeFileSync(join(dir, 'a.txt'), 'one\n');
    repo.git('-C', dir, 'add', '-A');
    repo.git('-C', dir, 'commit', '-qm', 'x');
    expect(look(dir, git).head).toHaveLength(64);
    const paths = placeAt(dir);
    const cites = makeCites(paths, [{ path: 'a.txt' }]);
    const snapshot = takeSnapshot(paths);
    expect(judgeFreshness(paths, [{ path: 'x', cites }], snapshot, 'cached').get('x')?.freshness).toBe('fresh');
  });

  it('with autocrlf', () => {
    const [cite] = makeCites(placeAt(repo.dir), [{ path: 'a.txt', lines: [1, 2] }]);
    repo.git('config', 'core.autocrlf', 'true');
    repo.write('a.txt', 'one\r\ntwo\r\n');
    repo.git('add', 'a.txt');
    const snapshot = look();
    const cites = cite ? [cite, ...makeCites(placeAt(repo.dir), [{ path: 'a.txt', lines: [1, 2] }])] : [];
    const assessed = judgeFreshness(placeAt(repo.dir), [{ path: 'x', cites }], snapshot, 'cached');
    expect(assessed.get('x')?.cites.map((one) => one.freshness)).toEqual(['fresh', 'fresh']);
  });
});

const choose = (wanted?: string) => takeSnapshot(placeAt(repo.dir), { ...(wanted && { defaultBranch: wanted }) });

describe('the default branch', () => {
  it('is the one from the settings, even when it does not exist', () => {
    repo.git('branch', 'stable');
    expect(choose('stable')).toMatchObject({ defaultRef: 'refs/heads/stable', defaultChosenBy: 'settings' });
    const missing = choose('nowhere');
    expect(missing).toMatchObject({ defaultBranch: 'nowhere', defaultChosenBy: 'settings' });
    expect(missing.reviewed.size).toBe(0);
  });

  it('is the remote’s head, else a usual name, else the only branch, else HEAD’s', () => {
    expect(choose()).toMatchObject({ defaultBranch: 'main', defaultChosenBy: 'usual-name' });
    repo.git('branch', '-m', 'main', 'only');
    expect(choose()).toMatchObject({ defaultBranch: 'only', defaultChosenBy: 'only-branch' });
    repo.git('checkout', '-qb', 'second');
    expect(choose()).toMatchObject({ defaultBranch: 'second', defaultChosenBy: 'head' });
    repo.git('update-ref', 'refs/remotes/origin/next', 'HEAD');
    repo.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/next');
    expect(choose()).toMatchObject({ defaultRef: 'refs/remotes/origin/next', defaultChosenBy: 'origin-head' });
  });
});

describe('a hostile configuration', () => {
  it('runs no program, for any query', async () => {
    repo.write('.gitattributes', '* filter=evil diff=evil\n');
    commit();
    const proof = join(folder(), 'ran');
    const script = join(repo.dir, '.git/evil.sh');
    writeFileSync(script, `#!/bin/sh\necho "$0 $*" >> '${proof}'\ncat\n`);
    chmodSync(script, 0o755);
    mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
    for (const hook of ['post-index-change', 'pre-commit', 'fsmonitor-watchman']) {
      writeFileSync(join(repo.dir, '.git/hooks', hook), readFileSync(script));
      chmodSync(join(repo.dir, '.git/hooks', hook), 0o755);
    }
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'core.editor',
      'core.sshCommand',
      'core.askPass',
      'pager.log',
      'diff.external',
      'diff.evil.command',
      'diff.evil.textconv',
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'gpg.program',
      'credential.helper',
      'alias.status',
      'remote.origin.uploadpack',
    ])
      repo.git('config', key, script);
    repo.git('config', 'filter.evil.required', 'true');
    repo.git('config', 'log.showSignature', 'true');
    repo.write('a.txt', 'changed\n');
    look();
    const paths = placeAt(repo.dir);
    await blameLine(paths, 'a.txt', 1);
    await diffMemory(paths, 'HEAD~1');
    await listChanges(paths, 'HEAD~1', 'HEAD');
    await diffFiles(paths, { head: 'HEAD' });
    expect(existsSync(proof) ? readFileSync(proof, 'utf8') : '').toBe('');
    // The same question asked plainly does run it.
    expect(() => repo.git('status')).toThrow();
    expect(existsSync(proof)).toBe(true);
  });
});
