import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSpool } from '../../src/capture/spool.ts';
import { findMemory } from '../../src/store/locate.ts';
import { gitVars, tempDir, tempRepo } from '../helpers/temp-repo.ts';

const bin = join(import.meta.dirname, '../../bin');
const capture = join(bin, 'repomem-capture.sh');
const shells = [['dash'], ['bash'], ['bash', '--posix'], ['busybox', 'sh'], ['zsh', '--emulate', 'sh'], ['sh']].filter(
  ([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);
const labelled = shells.map((shell): [string, string[]] => [shell.join(' '), shell]);

let base: string;
let home: string;
beforeAll(() => {
  base = tempDir();
  home = join(base, 'home');
  mkdirSync(home);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

function runCapture(
  cwd: string,
  options: { input?: string | Buffer; shell?: string[]; env?: Record<string, string> } = {},
) {
  const [program = 'sh', ...args] = options.shell ?? ['sh'];
  const run = spawnSync(program, [...args, capture], {
    cwd,
    input: options.input ?? '{"hook_event_name":"PostToolUse"}',
    env: { PATH: process.env['PATH'] ?? '', HOME: home, ...options.env },
    timeout: 20_000,
  });
  expect([run.status, run.stdout.toString(), run.stderr.toString()]).toEqual([0, '', '']);
}

function addMemory(dir: string): string {
  mkdirSync(join(dir, '.claude-mem'), { recursive: true });
  writeFileSync(join(dir, '.claude-mem/settings.yaml'), '');
  return dir;
}

function makeRepo(dir: string, hasMemory = true): string {
  const repo = tempRepo({ 'a.txt': 'a\n' }, { at: dir });
  return hasMemory ? addMemory(repo.dir) : repo.dir;
}

function git(cwd: string, ...args: string[]): void {
  const run = spawnSync('git', args, { cwd, env: { PATH: process.env['PATH'], HOME: home, ...gitVars } });
  if (run.status !== 0) throw new Error(run.stderr.toString());
}

/** Every file in any spool below a folder, as the compressor finds it: paths relative to the folder. */
function stored(dir: string): string[] {
  const all = (): string[] => readdirSync(dir, { recursive: true, encoding: 'utf8' });
  for (const spool of all().filter((path) => /\/spool\/[^/]+$/.test(path))) listSpool({ spoolDir: join(dir, spool) });
  return all()
    .filter((path) => /\/spool\/[^/]+\/(?:new|tmp)\/[^/]+$/.test(path))
    .sort();
}

const under = (name: string): string => join(base, name);

/** A layout: makes it, answers the working directory; and how many events are to be stored. */
const layouts: Record<string, { make(): string; stores: boolean; env?: () => Record<string, string> }> = {
  'a plain repository': { make: () => makeRepo(under('plain')), stores: true },
  'a subfolder': {
    make: () => {
      const dir = join(makeRepo(under('sub')), 'a/b');
      mkdirSync(dir, { recursive: true });
      return dir;
    },
    stores: true,
  },
  'a memory in a subfolder of the repository': {
    make: () => addMemory(join(makeRepo(under('package'), false), 'packages/one')),
    stores: true,
  },
  'a nested repository without a memory': {
    make: () => makeRepo(join(makeRepo(under('outer')), 'inner'), false),
    stores: false,
  },
  'a repository without a memory': { make: () => makeRepo(under('none'), false), stores: false },
  'a folder without git': { make: () => addMemory(under('nogit')), stores: true },
  'a linked worktree': {
    make: () => {
      const main = makeRepo(under('linked'));
      git(main, 'worktree', 'add', '-q', '-b', 'other', under('linked wt'));
      return addMemory(under('linked wt'));
    },
    stores: true,
  },
  'a worktree of a bare repository': {
    make: () => {
      const main = makeRepo(under('tobare'), false);
      git(base, 'clone', '-q', '--bare', main, under('bare.git'));
      git(under('bare.git'), 'worktree', 'add', '-q', under('ofbare'));
      return addMemory(under('ofbare'));
    },
    stores: true,
  },
  'a submodule': {
    make: () => {
      const part = makeRepo(under('part'), false);
      const whole = makeRepo(under('whole'));
      git(whole, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', part, 'part');
      return addMemory(join(whole, 'part'));
    },
    stores: true,
  },
  'a .git file that leads nowhere': {
    make: () => {
      const dir = addMemory(under('broken'));
      writeFileSync(join(dir, '.git'), 'gitdir: /nowhere/at/all\n');
      return dir;
    },
    stores: true,
  },
  'the home folder': { make: () => makeRepo(home), stores: false },
  'a folder below a home with a memory': {
    make: () => {
      mkdirSync(join(home, 'work'), { recursive: true });
      return join(home, 'work');
    },
    stores: false,
  },
  'settings behind a link': {
    make: () => {
      const dir = makeRepo(under('link'), false);
      mkdirSync(join(dir, '.claude-mem'));
      symlinkSync(
        join(addMemory(under('link-target')), '.claude-mem/settings.yaml'),
        join(dir, '.claude-mem/settings.yaml'),
      );
      return dir;
    },
    stores: false,
  },
  'a memory folder without settings': {
    make: () => {
      const dir = makeRepo(under('bare-folder'), false);
      mkdirSync(join(dir, '.claude-mem'));
      return dir;
    },
    stores: false,
  },
  'a path with spaces, a line break and other letters': {
    make: () => makeRepo(under('wörk space/line\nbreak "quote" $HOME')),
    stores: true,
  },
  "the host's project folder, from elsewhere": {
    make: () => {
      makeRepo(under('project'));
      mkdirSync(under('elsewhere'));
      return under('elsewhere');
    },
    env: () => ({ CLAUDE_PROJECT_DIR: under('project') }),
    stores: true,
  },
};

describe('repomem-capture.sh', () => {
  it.each(Object.entries(layouts))('finds the same spool as Node in %s', (_name, { make, stores, env }) => {
    const cwd = realpathSync(make());
    const vars = env?.() ?? {};
    const before = stored(base);
    runCapture(cwd, { env: vars });
    const fresh = stored(base).filter((path) => !before.includes(path));
    const paths = findMemory([cwd, vars['CLAUDE_PROJECT_DIR'] ?? ''], home);
    expect(fresh).toHaveLength(stores ? 1 : 0);
    expect(paths !== undefined).toBe(stores);
    if (paths) {
      const file = realpathSync(join(base, fresh[0] ?? ''));
      expect(file.startsWith(`${realpathSync(paths.spoolDir)}/new/`)).toBe(true);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(statSync(paths.spoolDir).mode & 0o777).toBe(0o700);
    }
  });

  it.each(labelled)('stores every byte under %s', (_name, shell) => {
    const dir = makeRepo(under(`shell-${shell.join('')}`));
    const payload = Buffer.concat([Buffer.from('{"a":"\0'), Buffer.alloc(5 * 1024 * 1024, 'ü\n'), Buffer.from('"}')]);
    runCapture(dir, { input: payload, shell });
    const [path = ''] = stored(dir);
    expect(readFileSync(join(dir, path)).equals(Buffer.concat([payload, Buffer.from('\t\r \n')]))).toBe(true);
  });

  it('leaves no file for an empty or closed standard input', () => {
    const dir = makeRepo(under('empty'));
    runCapture(dir, { input: '' });
    const run = spawnSync('sh', ['-c', `exec sh '${capture}' <&-`], {
      cwd: dir,
      env: { PATH: process.env['PATH'], HOME: home },
    });
    expect([run.status, run.stdout.toString(), run.stderr.toString()]).toEqual([0, '', '']);
    expect(stored(dir)).toEqual([]);
  });

  it('does nothing inside a run that repomem itself started', () => {
    const dir = makeRepo(under('child'));
    runCapture(dir, { env: { REPOMEM_CHILD: '1' } });
    expect(existsSync(join(dir, '.git/repomem'))).toBe(false);
  });

  it('counts events instead of keeping them while the spool is full', () => {
    const dir = makeRepo(under('full'));
    const spool = join(dir, '.git/repomem/spool/main');
    mkdirSync(spool, { recursive: true });
    writeFileSync(join(spool, 'full'), '');
    runCapture(dir);
    runCapture(dir);
    expect(stored(dir)).toEqual([]);
    expect(statSync(join(spool, 'dropped')).size).toBe(2);
  });

  it('says nothing when the spool cannot be written', () => {
    const dir = makeRepo(under('readonly'));
    writeFileSync(join(dir, '.git/repomem'), 'in the way');
    runCapture(dir);
    expect(stored(dir)).toEqual([]);
  });

  it('says nothing in a folder that may only be read', () => {
    const dir = makeRepo(under('mode'));
    chmodSync(join(dir, '.git'), 0o500);
    runCapture(dir);
    chmodSync(join(dir, '.git'), 0o700);
  });

  it.each(labelled)('ends at once under %s when the working directory is gone', (_name, shell) => {
    makeRepo(under(`gone-${shell.join('')}`));
    const gone = under(`gone-${shell.join('')}/gone`);
    const script = `mkdir -p "$1" && cd "$1" && rmdir "$1" && shift && printf x | "$@"`;
    const run = spawnSync('sh', ['-c', script, 'sh', gone, ...shell, capture], {
      env: { PATH: process.env['PATH'], HOME: home },
      timeout: 10_000,
    });
    expect([run.signal, run.status]).toEqual([null, 0]);
  });

  it('hides files of the working tree from git', () => {
    const dir = addMemory(under('later'));
    runCapture(dir);
    git(dir, 'init', '-q');
    git(dir, 'add', '-A');
    const listed = spawnSync('git', ['ls-files'], { cwd: dir, encoding: 'utf8' }).stdout;
    expect(listed.trim()).toBe('.claude-mem/settings.yaml');
  });

  it('stores each of 200 events that come at once', async () => {
    const dir = makeRepo(under('many'));
    await Promise.all(
      Array.from({ length: 200 }, (_unused, index) => {
        const child = spawn('sh', [capture], {
          cwd: dir,
          env: { PATH: process.env['PATH'], HOME: home },
          stdio: ['pipe', 'ignore', 'ignore'],
        });
        child.stdin.end(`{"n":${index}}`);
        return new Promise((resolve) => child.on('close', resolve));
      }),
    );
    const numbers = stored(dir).map((path) => JSON.parse(readFileSync(join(dir, path), 'utf8')).n as number);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_unused, index) => index));
  });
});
