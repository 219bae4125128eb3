// A whole session in each state that git can be in: git's own folder is the same afterwards, byte for byte, and the session is remembered.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/built-cli.ts';
import { hostSession, shown } from '../helpers/host-session.ts';
import { filesBelow } from '../helpers/scan.ts';
import { repoWithMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

interface Stage {
  home: string;
  /** Has a memory that is committed. */
  repo: TempRepo;
  under(name: string): string;
}

interface State {
  /** Where the session works. */
  dir: string;
  /** Folders of git that must stay as they are. */
  gitDirs: string[];
  env?: Record<string, string>;
}

async function open(): Promise<Stage> {
  const home = tempDir();
  folders.push(home);
  const repo = repoWithMemory(home, { 'a.txt': 'one\n' });
  return { home, repo, under: (name) => join(home, 'work', name) };
}

function fingerprint(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const file of existsSync(folder) ? filesBelow(folder) : []) {
    const path = relative(folder, file);
    if (/^(?:repomem|modules\/[^/]+\/repomem)\//.test(path)) continue;
    found[path] = createHash('sha1').update(readFileSync(file)).digest('hex');
  }
  return found;
}

const here = ({ repo }: Stage): State => ({ dir: repo.dir, gitDirs: [join(repo.dir, '.git')] });

/** Two branches that meet in a conflict; `command` stops in the middle of it. */
const conflict =
  (...command: string[]) =>
  (stage: Stage): State => {
    const { repo } = stage;
    repo.git('checkout', '-qb', 'other');
    repo.write('a.txt', 'other\n');
    repo.git('commit', '-qam', 'other');
    repo.git('checkout', '-q', 'main');
    repo.write('a.txt', 'mine\n');
    repo.git('commit', '-qam', 'mine');
    expect(() => repo.git(...command)).toThrow();
    return here(stage);
  };

const withMemory = (dir: string): void => {
  mkdirSync(join(dir, '.claude-mem'), { recursive: true });
  writeFileSync(join(dir, '.claude-mem/settings.yaml'), 'version: 1\n');
};

const states: Record<string, (stage: Stage) => State> = {
  'an ordinary branch': here,
  'no git': ({ under }) => {
    mkdirSync(under('plain'));
    withMemory(under('plain'));
    return { dir: under('plain'), gitDirs: [] };
  },
  'a bare repository': ({ repo, under }) => {
    repo.git('clone', '-q', '--bare', repo.dir, under('bare.git'));
    return { dir: under('bare.git'), gitDirs: [under('bare.git')] };
  },
  'a linked worktree': ({ repo, under }) => {
    repo.git('worktree', 'add', '-q', '-b', 'work', under('linked'));
    return { dir: under('linked'), gitDirs: [join(repo.dir, '.git')] };
  },
  'a worktree of a bare repository': ({ repo, under }) => {
    repo.git('clone', '-q', '--bare', repo.dir, under('bare.git'));
    repo.git('-C', under('bare.git'), 'worktree', 'add', '-q', '-b', 'work', under('of bare'));
    return { dir: under('of bare'), gitDirs: [under('bare.git')] };
  },
  'a submodule': ({ repo, under }) => {
    const outer = tempRepo({ 'b.txt': 'x\n' }, { at: under('outer') });
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repo.dir, 'sub');
    outer.git('commit', '-qm', 'sub');
    return { dir: join(outer.dir, 'sub'), gitDirs: [join(outer.dir, '.git')] };
  },
  'a detached HEAD': (stage) => {
    stage.repo.git('checkout', '-q', '--detach');
    return here(stage);
  },
  'a rebase under way': conflict('rebase', 'other'),
  'a merge under way': conflict('merge', 'other'),
  'a cherry-pick under way': conflict('cherry-pick', 'other'),
  'a shallow clone': ({ repo, under }) => {
    repo.git('clone', '-q', '--depth=1', `file://${repo.dir}`, under('shallow'));
    return { dir: under('shallow'), gitDirs: [join(under('shallow'), '.git')] };
  },
  'a sparse checkout': (stage) => {
    stage.repo.git('sparse-checkout', 'set', '--no-cone', '/.claude-mem/');
    return here(stage);
  },
  'index.lock held': (stage) => {
    writeFileSync(join(stage.repo.dir, '.git/index.lock'), '');
    return here(stage);
  },
  'variables that name another repository': (stage) => {
    const other = tempRepo({ 'b.txt': 'x\n' }, { at: stage.under('other') });
    const git = join(other.dir, '.git');
    return {
      ...here(stage),
      gitDirs: [join(stage.repo.dir, '.git'), git],
      env: { GIT_DIR: git, GIT_WORK_TREE: other.dir, GIT_INDEX_FILE: join(git, 'index') },
    };
  },
  'an owner that git doubts': (stage) => ({ ...here(stage), env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } }),
  'a nested repository': ({ repo }) => {
    const inner = tempRepo({ 'b.txt': 'x\n' }, { at: join(repo.dir, 'inner') });
    return { dir: inner.dir, gitDirs: [join(repo.dir, '.git'), join(inner.dir, '.git')] };
  },
  sha256: ({ repo, under }) => {
    repo.git('init', '-q', '-b', 'main', '--object-format=sha256', under('long'));
    withMemory(under('long'));
    repo.git('-C', under('long'), 'add', '-A');
    repo.git('-C', under('long'), 'commit', '-qm', 'memory');
    return { dir: under('long'), gitDirs: [join(under('long'), '.git')] };
  },
  'names that ignore case': (stage) => {
    stage.repo.git('config', 'core.ignorecase', 'true');
    return here(stage);
  },
  autocrlf: (stage) => {
    stage.repo.git('config', 'core.autocrlf', 'true');
    stage.repo.write('a.txt', 'one\r\n');
    return here(stage);
  },
  'no commits': ({ under }) => {
    const fresh = tempRepo({}, { at: under('fresh') });
    withMemory(fresh.dir);
    return { dir: fresh.dir, gitDirs: [join(fresh.dir, '.git')] };
  },
  'an unborn branch': (stage) => {
    stage.repo.git('checkout', '-q', '--orphan', 'unborn');
    return here(stage);
  },
  'a path with spaces and other letters': ({ repo, under }) => {
    const dir = under('mein Prøjekt ünd 日本 \'"$');
    repo.git('clone', '-q', repo.dir, dir);
    return { dir, gitDirs: [join(dir, '.git')] };
  },
};

/** Where there is no memory of one's own nothing may be remembered. */
const withoutMemory = new Set(['a bare repository', 'a nested repository']);

describe('a session in each state of git', () => {
  it.each(Object.entries(states))('%s', async (name, make) => {
    const stage = await open();
    const { dir, gitDirs, env = {} } = make(stage);
    const before = gitDirs.map(fingerprint);
    const s = hostSession({ repo: dir, home: stage.home, env });
    const runs = [
      await s.start(),
      await s.prompt('The check fails, repair it. From now on keep the limit of `a.txt` at 5.'),
      await s.fail('Bash', { command: 'npm run check' }, 'Exit code 1\nError: the limit of 3 was reached'),
      await s.tool(
        'Write',
        { file_path: join(dir, 'a.txt'), content: 'two' },
        { type: 'create', filePath: join(dir, 'a.txt') },
      ),
      await s.tool('Bash', { command: 'npm run check' }, shown('ok')),
      await s.stop('The check failed because the limit was 3; I decided to raise it to 5 rather than remove it.'),
      await s.end(),
    ];
    for (const run of runs) expect(run).toMatchObject({ code: 0, stderr: '' });
    const compress = await runCli(['compress'], { cwd: dir, home: stage.home, env });
    for (const args of [['search', 'limit'], ['doctor']]) {
      const run = await runCli(args, { cwd: dir, home: stage.home, env });
      expect(run.stderr, args.join(' ')).not.toMatch(/\bat \w+ \(|TypeError/);
    }
    const list = await runCli(['list', '--json'], { cwd: dir, home: stage.home, env });
    expect(list.stderr).not.toMatch(/\bat \w+ \(|TypeError/);
    expect(gitDirs.map(fingerprint)).toEqual(before);
    if (withoutMemory.has(name)) {
      expect(list.code).not.toBe(0);
      expect(existsSync(join(dir, '.claude-mem'))).toBe(false);
      const spools = [...gitDirs, join(dir, '.git')].map((folder) => join(folder, 'repomem/spool'));
      expect(spools.filter(existsSync)).toEqual([]);
      return;
    }
    expect(compress.code, compress.stderr).toBe(0);
    expect(list.stdout).toMatch(/"type": "pattern",\s+"title": ".*limit/);
    expect(readdirSync(dir)).toContain('.claude-mem');
  });
});
