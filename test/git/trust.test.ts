import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adoptEntry, appendLedger, readLedger, type Ledger, type LedgerEntry } from '../../src/git/state/ledger.ts';
import { takeSnapshot } from '../../src/git/state/snapshot.ts';
import { belongsHere, isFileReviewed, judgeFile, judgeTrust } from '../../src/git/state/judge-trust.ts';
import { blobId } from '../../src/store/blob.ts';
import { tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { located, placeAt, recordPath, withVars } from './places.ts';

const emptyLedger: Ledger = { byBlob: new Map(), foreign: new Set() };
let repo: TempRepo;
const others: string[] = [];
beforeEach(() => {
  repo = tempRepo({
    'a.txt': 'a\n',
    '.claude-mem/settings.yaml': 'version: 1\n',
    '.gitignore': '.claude-mem/local/\n',
  });
});
afterEach(() => {
  repo.remove();
  for (const dir of others.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function folder(): string {
  const dir = tempDir();
  others.push(dir);
  return dir;
}

const look = () => takeSnapshot(placeAt(repo.dir));
const trustOf = (path = recordPath, tier: 'shared' | 'local' = 'shared') =>
  judgeTrust(located(repo, path, tier), look(), readLedger(placeAt(repo.dir)));

function record(entry: Partial<LedgerEntry> = {}, path = recordPath): void {
  const { blob } = located(repo, path);
  const snapshot = look();
  appendLedger(placeAt(repo.dir), [
    {
      id: '7k3qz9wd',
      blob,
      at: '2026-11-20T12:00:00Z',
      onDefault: snapshot.branch === undefined || snapshot.branch === 'main',
      ...(snapshot.head && { commit: snapshot.head }),
      ...(snapshot.branch && { branch: snapshot.branch }),
      ...entry,
    },
  ]);
}

function commitAll(message: string): void {
  repo.git('add', '-A');
  repo.git('commit', '-qm', message);
}

/** A branch made in another clone, fetched and checked out here. */
function foreignBranch(write = (stranger: TempRepo): void => void stranger.write(recordPath, 'planted\n')): void {
  const at = folder();
  repo.git('clone', '-q', '.', at);
  const stranger = tempRepo({}, { at });
  stranger.git('checkout', '-qb', 'pr');
  write(stranger);
  stranger.git('add', '-A', '-f');
  stranger.git('commit', '-qm', 'plant');
  repo.git('fetch', '-q', at, 'pr:pr');
  repo.git('checkout', '-q', 'pr');
}

describe('judgeTrust', () => {
  it('calls records of the default branch reviewed', () => {
    repo.write(recordPath, 'known\n');
    commitAll('review');
    repo.git('checkout', '-qb', 'work');
    expect(trustOf()).toBe('reviewed');
  });

  it('calls records of an unmerged branch foreign', () => {
    foreignBranch();
    expect(trustOf()).toBe('foreign');
    repo.git('checkout', '-q', 'main');
    repo.git('merge', '-q', '--no-edit', 'pr');
    expect(trustOf()).toBe('reviewed');
  });

  it('asks the remote head when there is one: a local merge reviews nothing', () => {
    const bare = folder();
    repo.git('clone', '-q', '--bare', repo.dir, bare);
    repo.git('remote', 'add', 'origin', bare);
    repo.git('fetch', '-q', 'origin');
    foreignBranch();
    repo.git('checkout', '-q', 'main');
    repo.git('merge', '-q', '--no-edit', 'pr');
    expect(trustOf()).toBe('foreign');
    repo.git('push', '-q', 'origin', 'main');
    expect(trustOf()).toBe('reviewed');
  });

  it.each([
    ['its HEAD, whatever the branch is called', 'upstream', 'stable', true, []],
    ['a branch of the usual name, without a HEAD', 'upstream', 'master', false, []],
    ['that of a remote in the settings', 'company', 'main', true, ['company']],
    ['none of another remote', 'friend', 'main', true, undefined],
  ])('counts what a fork’s upstream reviewed: %s', (_, remote, branch, hasHead, remotes) => {
    const bare = folder();
    repo.git('clone', '-q', '--bare', repo.dir, bare);
    repo.git('remote', 'add', 'origin', bare);
    repo.git('fetch', '-q', 'origin');
    foreignBranch();
    repo.git('update-ref', `refs/remotes/${remote}/${branch}`, 'pr');
    if (hasHead) repo.git('symbolic-ref', `refs/remotes/${remote}/HEAD`, `refs/remotes/${remote}/${branch}`);
    const snapshot = takeSnapshot(placeAt(repo.dir), { ...(remotes && { remotes }) });
    const trust = judgeTrust(located(repo, recordPath), snapshot, emptyLedger);
    expect(trust).toBe(remotes === undefined ? 'foreign' : 'reviewed');
  });

  it('calls records in the ledger own, at any path', () => {
    repo.git('checkout', '-qb', 'work');
    repo.write(recordPath, 'mine\n');
    record();
    commitAll('keep');
    expect(trustOf()).toBe('own');
  });

  it('calls uncommitted files written or edited by hand own', () => {
    repo.write(recordPath, 'by hand\n');
    expect(trustOf()).toBe('own');
    repo.git('add', recordPath);
    expect(trustOf()).toBe('own');
    repo.git('rm', '-qf', recordPath);
    foreignBranch();
    repo.write(recordPath, 'planted, then corrected\n');
    expect(trustOf()).toBe('own');
  });

  it('calls files staged by the other side of a merge foreign', () => {
    foreignBranch();
    repo.git('checkout', '-q', 'main');
    repo.git('merge', '-q', '--no-ff', '--no-commit', 'pr');
    expect(trustOf()).toBe('foreign');
  });

  it.each([
    ['checkout of a path', ['checkout', '-q', 'pr', '--', '.claude-mem']],
    ['cherry-pick without a commit', ['cherry-pick', '-n', 'pr']],
    ['squash merge', ['merge', '-q', '--squash', 'pr']],
    ['restore into the working tree', ['restore', '--source=pr', '--worktree', '--', '.claude-mem']],
  ])('calls foreign what a %s brought from another branch', (_, command) => {
    foreignBranch();
    repo.git('checkout', '-q', 'main');
    repo.git(...command);
    expect(trustOf()).toBe('foreign');
  });

  it('calls untracked files left by a reset of a foreign branch foreign', () => {
    foreignBranch();
    repo.git('reset', '-q', 'main');
    expect(trustOf()).toBe('foreign');
  });

  it('calls foreign the settings that such a reset left, in a folder that main does not have', () => {
    repo.git('rm', '-qr', '.claude-mem');
    commitAll('no memory');
    const path = '.claude-mem/settings.yaml';
    foreignBranch((stranger) => void stranger.write(path, 'version: 1\n# planted\n'));
    repo.git('reset', '-q', 'main');
    const { blob } = located(repo, path);
    expect(judgeFile(path, blob, look(), emptyLedger)).toBe('foreign');
  });

  it('calls foreign every one of thousands of files that came so, more than are read for it', () => {
    const filePaths = Array.from({ length: 5100 }, (_, at) => recordPath.replace('.md', `${at}.md`));
    foreignBranch((stranger) => {
      for (const [at, path] of filePaths.entries()) stranger.write(path, `planted ${at}\n`);
    });
    repo.git('reset', '-q', 'main');
    const snapshot = look();
    const strangers = filePaths.filter((path) => judgeTrust(located(repo, path), snapshot, emptyLedger) === 'foreign');
    expect(strangers).toHaveLength(filePaths.length);
  });

  it('calls ignored files local, and a local file committed by force foreign', () => {
    const path = '.claude-mem/local/observations/2026/11/x.md';
    repo.write(path, 'local\n');
    expect(trustOf(path, 'local')).toBe('local');
    repo.git('add', '-f', path);
    expect(trustOf(path, 'local')).toBe('local');
    repo.git('rm', '-q', '--cached', path);
    rmSync(join(repo.dir, path));
    foreignBranch((stranger) => void stranger.write(path, 'planted\n'));
    expect(trustOf(path, 'local')).toBe('foreign');
    repo.git('rm', '-q', '--cached', path);
    rmSync(join(repo.dir, '.git/repomem'), { recursive: true });
    expect(trustOf(path, 'local')).toBe('foreign');
    repo.git('reset', '-q', '--hard', 'pr');
    const linked = join(folder(), 'linked');
    repo.git('worktree', 'add', '-q', linked, 'main');
    rmSync(join(repo.dir, '.git/repomem'), { recursive: true });
    const snapshot = takeSnapshot(placeAt(linked));
    expect(judgeTrust(located(repo, path, 'local'), snapshot, emptyLedger)).toBe('foreign');
  });

  it('calls bytes foreign that a checkout may have encoded', () => {
    const path = '.claude-mem/settings.yaml';
    foreignBranch((stranger) => {
      stranger.write('.gitattributes', '*.yaml working-tree-encoding=ISO-8859-1\n');
      writeFileSync(join(stranger.dir, path), Buffer.from('version: 1\n# t\u00e9l\u00e9\n', 'latin1'));
    });
    repo.git('reset', '-q', 'main');
    rmSync(join(repo.dir, '.gitattributes'), { force: true });
    rmSync(join(repo.dir, '.git/repomem'), { recursive: true, force: true });
    const blob = blobId(readFileSync(join(repo.dir, path)));
    expect(judgeFile(path, blob, look(), emptyLedger)).toBe('foreign');
  });

  it('has no strangers in a folder without git, and trusts nothing where git refuses to answer', () => {
    const dir = folder();
    mkdirSync(join(dir, '.claude-mem'));
    writeFileSync(join(dir, '.claude-mem/a.md'), 'x');
    const excerpt = { path: '.claude-mem/a.md', tier: 'shared', blob: 'f'.repeat(40) } as const;
    expect(judgeTrust(excerpt, takeSnapshot(placeAt(dir)), emptyLedger)).toBe('own');
    const refused = withVars({ GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }, look);
    expect(refused.problem).toMatch(/dubious ownership/);
    expect(judgeTrust(excerpt, refused, emptyLedger)).toBe('foreign');
  });

  it('judges settings by their path', () => {
    const snapshot = look();
    const { blob } = located(repo, '.claude-mem/settings.yaml');
    expect(isFileReviewed(snapshot, '.claude-mem/settings.yaml', blob)).toBe(true);
    expect(isFileReviewed(snapshot, '.claude-mem/modes/x.yaml', blob)).toBe(false);
    expect(judgeFile('.claude-mem/settings.yaml', blob, snapshot, emptyLedger)).toBe('reviewed');
  });

  it('finds a memory below the top of the working tree', () => {
    const path = `packages/one/${recordPath}`;
    repo.write('packages/one/.claude-mem/settings.yaml', 'version: 1\n');
    repo.write(path, 'deep\n');
    commitAll('deep');
    const paths = placeAt(join(repo.dir, 'packages/one'));
    const snapshot = takeSnapshot(paths);
    expect(snapshot.memoryPrefix).toBe('packages/one/.claude-mem/');
    expect(judgeTrust({ ...located(repo, path), path: recordPath }, snapshot, emptyLedger)).toBe('reviewed');
  });
});

const belongs = () => belongsHere(located(repo, recordPath), look(), readLedger(placeAt(repo.dir)));

describe('belongsHere', () => {
  it('includes records made on the default branch in a branch that starts there', () => {
    repo.write(recordPath, 'mine\n');
    record();
    expect(belongs()).toBe(true);
    repo.git('checkout', '-qb', 'work');
    expect(belongs()).toBe(true);
    repo.write('a.txt', 'b\n');
    repo.git('commit', '-qam', 'on');
    expect(belongs()).toBe(true);
  });

  it('keeps it off a branch that does not have the commit it was made at', () => {
    repo.git('branch', 'old');
    repo.write('a.txt', 'b\n');
    repo.git('commit', '-qam', 'on');
    repo.write(recordPath, 'mine\n');
    record();
    repo.git('checkout', '-q', 'old');
    expect(belongs()).toBe(false);
    expect(belongs()).toBe(false);
    repo.git('merge', '-q', 'main');
    expect(belongs()).toBe(true);
  });

  it('keeps it on every branch when the default branch itself lost the commit', () => {
    repo.write(recordPath, 'mine\n');
    record();
    repo.git('branch', 'before');
    repo.git('commit', '-q', '--amend', '-m', 'said better');
    repo.git('checkout', '-qb', 'work');
    expect(belongs()).toBe(true);
    repo.git('checkout', '-q', 'before');
    expect(belongs()).toBe(true);
  });

  it('keeps records of another branch there until they are adopted', () => {
    repo.git('checkout', '-qb', 'a');
    repo.write(recordPath, 'mine\n');
    record();
    expect(belongs()).toBe(true);
    repo.git('checkout', '-qb', 'b');
    expect(belongs()).toBe(false);
    const paths = placeAt(repo.dir);
    const entry = readLedger(paths).byBlob.get(located(repo, recordPath).blob);
    appendLedger(paths, [adoptEntry(entry as LedgerEntry, 'b', '2026-11-21T00:00:00Z')]);
    expect(belongs()).toBe(true);
    repo.git('checkout', '-q', 'main');
    expect(belongs()).toBe(false);
  });

  it('does not let a staged record slip onto another branch', () => {
    repo.git('checkout', '-qb', 'a');
    repo.write(recordPath, 'mine\n');
    record();
    repo.git('add', recordPath);
    repo.git('checkout', '-q', 'main');
    expect(belongs()).toBe(false);
  });

  it('follows the commit after a record is committed', () => {
    repo.git('checkout', '-qb', 'a');
    repo.write(recordPath, 'mine\n');
    record();
    commitAll('keep');
    repo.git('checkout', '-q', 'main');
    repo.git('merge', '-q', '--squash', 'a');
    repo.git('commit', '-qm', 'squash');
    expect(belongs()).toBe(true);
  });

  it('treats a detached HEAD by the commits that it contains', () => {
    repo.git('checkout', '-q', '--detach');
    repo.write(recordPath, 'mine\n');
    record();
    expect(belongs()).toBe(true);
    repo.git('checkout', '-qb', 'work');
    expect(belongs()).toBe(true);
  });
});

const entryOf = (n: number): LedgerEntry => ({ id: `id${n}`, blob: `${n}`.repeat(40), at: '', onDefault: true });

describe('the ledger', () => {
  it('loses one entry, not two, to a torn append', () => {
    const paths = placeAt(repo.dir);
    appendLedger(paths, [entryOf(1)]);
    const file = join(paths.privateDir, 'ledger.jsonl');
    writeFileSync(file, '\n{"id":"id2","blob":"2222', { flag: 'a' });
    appendLedger(paths, [entryOf(3)]);
    expect([...readLedger(paths).byBlob.values()].map(({ id }) => id)).toEqual(['id1', 'id3']);
  });
});

describe('without a branch that is known to be reviewed', () => {
  it('lets nothing that is checked out count as reviewed where there is a remote', () => {
    const clone = tempRepo({ '.claude-mem/settings.yaml': 'version: 1\n', 'a.txt': 'a\n' });
    try {
      clone.git('branch', '-m', 'main', 'pull-7');
      const paths = placeAt(clone.dir);
      expect(takeSnapshot(paths)).toMatchObject({ defaultChosenBy: 'only-branch' });
      clone.git('remote', 'add', 'origin', clone.dir);
      const snapshot = takeSnapshot(paths);
      expect(snapshot.defaultChosenBy).toBe('none');
      expect(snapshot.reviewed.size).toBe(0);
    } finally {
      clone.remove();
    }
  });
});
