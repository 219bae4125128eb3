// What a newcomer meets: mistakes that lead somewhere, answers for programs, the command that an installation leaves.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  writeFileSync,
  chmodSync,
  statSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtPackage, runCli, runCliBatch, runHook, runProcess, type Run } from '../helpers/built-cli.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

let home: string;
let repo: TempRepo;

beforeEach(async () => {
  home = tempDir();
  repo = tempRepo({ 'src/a.ts': 'one\ntwo\nthree\n' }, { at: join(home, 'work/repo') });
  giveMemory(repo, home);
});
afterEach(() => removeFolder(home));

const cli = (...args: string[]): Promise<Run> => runCli(args, { cwd: repo.dir, home });

async function add(...args: string[]): Promise<string> {
  const run = await cli('add', ...args);
  expect(run, run.stderr).toMatchObject({ code: 0 });
  return run.stdout.slice(0, 8);
}

interface Failure {
  error: { code: string; message: string; hint: string };
}

describe('a memory that cannot be told', () => {
  it('is named with its reason where it is behind a link: by init, status, doctor and the hint of the first session', async () => {
    renameSync(join(repo.dir, '.claude-mem'), join(home, 'elsewhere'));
    symlinkSync(join(home, 'elsewhere'), join(repo.dir, '.claude-mem'));
    const what = /is a symbolic link, and no link is followed/;
    expect(await cli('init', '--yes')).toMatchObject({ code: 2, stderr: expect.stringMatching(what) });
    expect(await cli('status')).toMatchObject({ code: 2, stderr: expect.stringMatching(what) });
    expect((await cli('doctor')).stdout).toMatch(what);
    const { stdout } = await runHook('SessionStart', { session_id: 's', source: 'startup' }, { cwd: repo.dir, home });
    expect(stdout).toMatch(what);
  });

  it('is not called empty, nor all its records one’s own, where git refuses the repository', async () => {
    repo.write('.claude-mem/observations/2026/11/20-a-trap-b0000001.md', '---\ntype: gotcha\ntitle: A trap\n---\n');
    repo.git('add', '-A');
    repo.git('commit', '-qm', 'record');
    const options = { cwd: repo.dir, home, env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } };
    const { stdout } = await runHook('SessionStart', { session_id: 's', source: 'startup' }, options);
    expect(JSON.parse(stdout)).toMatchObject({ systemMessage: expect.stringContaining('1 unreviewed, not shown') });
    const status = await runCli(['status'], options);
    expect(status.stdout).toMatch(/git refuses this repository.*dubious ownership/);
    expect(status.stdout).not.toContain('your own');
  });
});

describe('a mistake', () => {
  it('leads somewhere: what was meant, what to do instead', async () => {
    const cases: [string[], RegExp][] = [
      [['serach', 'x'], /did you mean 'search'/],
      [['list', '--limt', '3'], /did you mean '--limit'/],
      [['list', 'retry', 'limit'], /repomem search retry limit/],
      [['status', 'now'], /unexpected 'now'/],
      [['settings', 'maxRecords'], /did you mean 'share\.maxRecords'/],
      [['settings', 'contxt.enabled', 'no'], /did you mean 'context\.enabled'/],
      [['settings', '--unset'], /expected one KEY/],
      [['add', 'A title', '--file', 'nope.js'], /nope\.js: there is no such file[\s\S]*nothing was written/],
      [
        ['add', 'A title', '--file', 'src/a.ts:4'],
        /src\/a\.ts:4-4: the file has no such lines[\s\S]*nothing was written/,
      ],
      [['add', 'A title', '--file', 'src/a.ts:0-0'], /no such lines/],
      [['add'], /such as: repomem add "/],
      [['add', 'A title', '-t', 'gotch'], /did you mean 'gotcha'/],
      [['search', 'x', '-t', 'desicion'], /did you mean 'decision'/],
      [['supersede', 'a', 'b'], /did you mean 'add --supersedes OLD-ID'/],
      [['config'], /did you mean 'settings'/],
      [['export'], /did you mean 'view --out FILE'/],
      [['timeline'], /such as: repomem timeline yesterday/],
      [['at', 'HEAD', 'dance'], /such as: repomem at HEAD search/],
      [['diff', 'a', 'b'], /such as: repomem diff a\.\.b/],
      [['list', '--scope', 'some'], /expected shared, local, or all; got 'some'/],
      [['stats', '--days', '0'], /at least 1, got '0'/],
    ];
    const runs = await runCliBatch(
      cases.map(([args]) => args),
      { cwd: repo.dir, home },
    );
    for (const [at, [args, expected]] of cases.entries()) {
      expect(runs[at]?.code, args.join(' ')).toBe(2);
      expect(runs[at]?.stderr).toMatch(expected);
    }
    const empty = await cli('list');
    expect(empty).toMatchObject({ code: 1, stdout: '' });
    expect(empty.stderr).toMatch(/No records yet.*repomem add/);
    repo.write('.claude-mem/observations/rhyme.md', '---\ntype: poem\ntitle: Roses\n---\nx\n');
    repo.write('.claude-mem/settings.yaml', 'version: 1\ncontext:\n  a: 1\n b: [\n');
    expect((await cli('list')).stderr).toContain('1 file cannot be read as records: repomem doctor');
    const doctor = (await cli('doctor')).stdout;
    expect(doctor).toMatch(/rhyme\.md:2: type: expected one of/);
    expect(doctor.match(/settings\.yaml/g)).toHaveLength(1);
  });

  it('is told to programs on standard output, with the same exit code', async () => {
    for (const [args, code] of [
      [['show', 'zzzzzzzz', '--json'], 'not-found'],
      [['list', '--type', 'poem', '--json'], 'usage'],
      [['nothing', '--json'], 'usage'],
    ] as const) {
      const run = await cli(...args);
      expect(run).toMatchObject({ code: 2, stderr: '' });
      const { error } = JSON.parse(run.stdout) as Failure;
      expect(error.code).toBe(code);
      expect(error.message).not.toBe('');
      expect(error.hint).toEqual(expect.any(String));
    }
  });
});

describe('records for programs', () => {
  it('are the same line everywhere, with paths from the repository', async () => {
    const id = await add('Retries end after three', '-t', 'gotcha', '-f', 'src/a.ts:2');
    await add('Where the work stands', '-t', 'progress');
    const read = async (...args: string[]) =>
      JSON.parse((await cli(...args, '--json')).stdout) as Record<string, never>;
    const { results, total } = (await read('list')) as unknown as { results: Record<string, unknown>[]; total: number };
    expect(total).toBe(2);
    const { entries } = (await read('timeline', id)) as unknown as { entries: Record<string, unknown>[] };
    const { records } = (await read('why', 'src/a.ts#L2')) as unknown as { records: Record<string, unknown>[] };
    const schema = JSON.parse(readFileSync(join(builtPackage(), 'schema/record-line.schema.json'), 'utf8')) as {
      required: string[];
    };
    for (const line of [...results, ...entries, ...records]) {
      expect(Object.keys(line)).toEqual(expect.arrayContaining(schema.required));
      expect(line['path']).toMatch(/^\.claude-mem\/(?:local\/)?observations\//);
    }
    expect(records.map((line) => line['id'])).toEqual([id]);
    const fading = String(results.find(({ type }) => type === 'progress')?.['id']);
    for (const name of ['share', 'unshare']) {
      const moved = await cli(name, fading, '--json');
      expect(moved).toMatchObject({ code: 0, stdout: expect.not.stringContaining(repo.dir) as string });
    }
    const paused = JSON.parse((await cli('pause', '--json')).stdout) as { isPaused: boolean };
    expect(paused.isPaused).toBe(true);
    const [status, doctor] = [(await cli('status')).stdout, (await cli('doctor')).stdout];
    expect(status).toContain('paused     every session here');
    expect(doctor).toMatch(/note every session here is paused since [\s\S]*→ repomem resume/);
    // Nobody answered yet who writes the records.
    for (const told of [status, doctor]) expect(told).toContain('repomem settings provider claude');
  });
});

describe('list', () => {
  it('says how many there are, and gives all when asked', async () => {
    for (let n = 0; n < 12; n++) {
      const name = `2026-11-01-r${n}-aaaa00${String(n).padStart(2, '0')}.md`;
      repo.write(`.claude-mem/observations/2026/11/${name}`, `---\ntype: gotcha\ntitle: Number ${n}\n---\nx\n`);
    }
    const some = await cli('list');
    expect(some.stdout.trimEnd().split('\n')).toHaveLength(10);
    expect(some.stderr).toMatch(/10 of 12 .*-n 0/);
    expect((await cli('list', '--offset', '50')).stderr).toContain('0 of 12 records');
    expect((await cli('list', '-n', '0')).stdout.trimEnd().split('\n')).toHaveLength(12);
  });
});

describe('times', () => {
  it("are of the user's zone in every list, as in the block", async () => {
    repo.write(
      '.claude-mem/observations/2026/11/30-late-aaaa0001.md',
      '---\ntype: gotcha\ntitle: The late build signs twice\ncreated: 2026-11-30T22:45:00Z\n---\nx\n',
    );
    const at = (...args: string[]) => runCli(args, { cwd: repo.dir, home, env: { TZ: 'Asia/Tokyo' } });
    for (const args of [['list'], ['search', 'late build'], ['timeline', 'aaaa0001']])
      expect((await at(...args)).stdout, args[0]).toContain('2026-12-01');
    expect((await at('timeline', 'aaaa0001')).stdout).toContain('2026-12-01 07:45');
    expect((await at('list', '--json')).stdout).toContain('2026-11-30T22:45:00Z');
  });
});

describe('show', () => {
  it('tells who forgot a record, when and why', async () => {
    const id = await add('Returning zero is fine', '-t', 'decision');
    repo.git('add', '-A');
    repo.git('commit', '-qm', 'memory');
    await cli('forget', id, '--reason', 'it hides the bug');
    expect((await cli('forget', id)).stderr).toContain('it hides the bug');
    const waiting = await cli('show', id);
    expect(waiting.code).toBe(2);
    expect(waiting.stderr).toMatch(/forgotten \d{4}-\d\d-\d\d here, not committed yet: it hides the bug/);
    repo.git('add', '-A');
    repo.git('commit', '-qm', 'forget');
    const told = (await cli('show', id.slice(0, 6))).stderr;
    expect(told).toMatch(/ by .*: it hides the bug/);
    // What it says brings the record back.
    const [, tombstone, commit, file] =
      /delete its tombstone, (\S+), and run: git restore --source=(\w+) -- '(\S+)'/.exec(told)!;
    repo.git('restore', `--source=${commit}`, '--', file!);
    expect((await cli('show', id)).stdout).toMatch(/^Told no more: forgotten \S+ by .*: it hides the bug$/m);
    rmSync(join(repo.dir, tombstone!));
    expect((await cli('list')).stdout).toContain('Returning zero is fine');
  });
});

describe('files', () => {
  it('are named from the working directory, as a shell completes them', async () => {
    repo.write('packages/b/c.ts', 'one\n');
    const [a, c] = [await add('Of a', '-f', 'src/a.ts'), await add('Of c', '-f', 'packages/b/c.ts')];
    const listed = async (file: string): Promise<string[]> => {
      const { stdout } = await runCli(['list', '--json', '-f', file], { cwd: join(repo.dir, 'packages/b'), home });
      return (JSON.parse(stdout) as { results: { id: string }[] }).results.map(({ id }) => id).sort();
    };
    for (const file of ['../../src', '../../src/a.ts', 'src/a.ts', 'a.ts']) expect(await listed(file)).toEqual([a]);
    for (const file of ['.', './c.ts', 'packages/b', 'c.ts']) expect(await listed(file)).toEqual([c]);
    expect(await listed('../..')).toEqual([a, c].sort());
  });
});

describe('settings', () => {
  it('take what a person types, say what they read, and are taken out again', async () => {
    const set = async (...args: string[]): Promise<string> => {
      const run = await cli('settings', ...args);
      expect(run, run.stderr).toMatchObject({ code: 0 });
      return run.stdout;
    };
    expect(await set('exclude.tools', 'Bash', "'Web Fetch'")).toContain('exclude.tools = ["Bash","Web Fetch"]');
    expect(await set('exclude.paths', '"a,b", c/')).toContain('["a,b","c/"]');
    expect(await set('tokens.maxPerDay', '50k')).toContain('= 50000 in');
    expect(await set('context.subagents', 'off')).toContain('= false in');
    for (const _again of [1, 2]) expect(await set('context.subagents', '--unset')).toContain('no longer stands');
    expect(await set('context.subagents')).toContain('= true  (default)');
    const all = await set();
    expect(all.indexOf('provider')).toBeLessThan(all.indexOf('learn.when'));
    expect(all).toMatch(/The five that matter\nprovider = /);
  });
});

describe('help', () => {
  it('has a page for each topic, made from what the program goes by', async () => {
    const overview = (await cli('--help')).stdout;
    for (const [topic, says] of [
      ['format', 'dead-end'],
      ['trust', 'repomem trust ID'],
      ['settings', 'context.budgetTokens = 1300'],
      ['hooks', 'ignore the memory'],
      ['protocol', '--agent protocol'],
    ] as const) {
      expect(overview).toContain(`  help ${topic}`);
      const page = await cli('help', topic);
      expect(page.code).toBe(0);
      expect(page.stdout).toContain(says);
    }
    expect((await cli('add', '--help')).stdout).toMatch(/\n {2}gotcha +a trap/);
  });

  it('completes in the shells that are here, and says what it takes elsewhere', async () => {
    const script = (await cli('completion', 'bash')).stdout;
    const ask = `${script}\nCOMP_WORDS=(repomem tim); COMP_CWORD=1; _repomem; echo "\${COMPREPLY[@]}"; COMP_WORDS=(repomem add --type got); COMP_CWORD=3; _repomem; echo "\${COMPREPLY[@]}"`;
    const answer = await runProcess('bash', ['-c', ask], { cwd: repo.dir, home });
    expect(answer.stdout).toBe('timeline\ngotcha\n');
    expect((await cli('completion', 'zsh')).stdout).toMatch(/bashcompinit\n[^]*complete .* -F _repomem repomem/);
    expect((await cli('completion', 'fish')).stdout).toContain('-a timeline');
    expect((await cli('completion', 'tcsh')).code).toBe(2);
  });
});

describe.runIf(existsSync('/usr/bin/script') && process.platform === 'linux')('a terminal of 60 columns', () => {
  it('gets no line that is longer', async () => {
    await add('A long statement about retries that goes on and on until nobody can see the end of it', '-t', 'gotcha');
    repo.git('checkout', '-qb', 'topic');
    repo.git('add', '-A');
    repo.git('commit', '-qm', 'memory');
    for (const args of ['list', '--help', 'settings', 'search --help', 'status', 'review', 'stats']) {
      const program = `stty cols 60; '${process.execPath}' '${join(builtPackage(), 'bin/repomem.js')}' ${args}`;
      const run = await runProcess('script', ['-qec', program, '/dev/null'], {
        cwd: repo.dir,
        home,
        env: { TERM: 'dumb' },
      });
      const long = run.stdout
        .split(/\r?\n/)
        .filter((line) => line.length > 60 && /\s\S/.test(line.trim().slice(0, 58)));
      expect(long, args).toEqual([]);
    }
  });

  it('is not steered by a record: its codes, directions and invisible characters are spelled out', async () => {
    const wild = '\u001b[2J\u001b]0;x\u0007\u009b31m\u202e\u200b\u{e0041}\b';
    const id = await add('Retries stop after five', '-t', 'gotcha');
    const path =
      repo
        .git('ls-files', '-o', '--exclude-standard')
        .split('\n')
        .find((name) => name.includes(id)) ?? '';
    const title = `title: ${JSON.stringify(`Retries ${wild} stop`)}`;
    repo.write(path, `${repo.read(path).replace(/^title: .*$/m, title)}\n${wild}\n`);
    for (const args of [`show --raw ${id}`, `show ${id}`, `show --json ${id}`, 'list', 'search retries']) {
      const program = `'${process.execPath}' '${join(builtPackage(), 'bin/repomem.js')}' ${args}`;
      const { stdout } = await runProcess('script', ['-qec', program, '/dev/null'], { cwd: repo.dir, home });
      expect(stdout, args).toContain('Retries ');
      expect(stdout.replaceAll(/\u001b\[[\d;]*m/g, ''), args).not.toMatch(
        /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u202e\u200b]|\u{e0041}/u,
      );
    }
  });
});

describe('the command that install leaves', () => {
  const client = (): string => {
    const program = join(home, 'bin/claude');
    mkdirSync(join(home, 'bin'), { recursive: true });
    writeFileSync(program, '#!/bin/sh\ncase "$*" in *--json) echo "[]";; esac\n');
    chmodSync(program, 0o755);
    return program;
  };
  const run = (args: string[], env: Record<string, string>) => runCli(args, { cwd: repo.dir, home, env });

  it("stands in npm's folder where that is on the PATH, and is taken away again", async () => {
    const folder = join(home, 'npm/bin');
    mkdirSync(folder, { recursive: true });
    const env = { PATH: `${folder}:/usr/bin:/bin`, npm_config_prefix: join(home, 'npm') };
    const installed = await run(['install', '--client', client()], env);
    expect(installed.stdout).toContain(`Command: ${folder}/repomem\n`);
    const file = join(folder, 'repomem');
    expect(readlinkSync(file)).toBe(join(home, '.local/share/repomem/marketplace/repomem/bin/repomem'));
    expect((await runProcess(file, ['list', '-n', '1'], { cwd: repo.dir, home })).code).toBe(1);
    expect((await run(['uninstall', '--client', client()], env)).stdout).toContain(`Removed: ${file}`);
    expect(lstatSync(file, { throwIfNoEntry: false })).toBeUndefined();
  });

  it("stands in the user's own folder elsewhere, with a word about the PATH, and never in place of another file", async () => {
    // npm's folder has a link of this name that leads nowhere.
    const folder = join(home, 'npm/bin');
    mkdirSync(folder, { recursive: true });
    symlinkSync('/nonexistent/repomem', join(folder, 'repomem'));
    const env = { PATH: `${folder}:/usr/bin:/bin`, npm_config_prefix: join(home, 'npm') };
    const installed = await run(['install', '--client', client()], env);
    expect(installed.stdout).toContain(`${home}/.local/bin is not on your PATH`);
    await run(['uninstall', '--client', client()], env);
    writeFileSync(join(home, '.local/bin/repomem'), 'mine');
    expect((await run(['install', '--client', client()], env)).stdout).toContain('another file has this name');
    await run(['uninstall', '--client', client()], env);
    expect(readFileSync(join(home, '.local/bin/repomem'), 'utf8')).toBe('mine');
  });

  it('is named in hints only where it is there', async () => {
    const bare = await run(['doctor'], { PATH: process.env['PATH'] ?? '' });
    expect(bare.stdout).not.toContain('npx repomem');
    expect(bare.stdout).toMatch(/node \S*bin\/repomem\.js install/);
    expect((await run(['init', '--yes'], { CLAUDE_PLUGIN_ROOT: '/x' })).stdout).not.toContain('once for each machine');
  });
});

describe('shared files', () => {
  it('follow the umask, and cite a file that is named from a folder', async () => {
    const program = `umask 002; '${process.execPath}' '${join(builtPackage(), 'bin/repomem.js')}' add 'A thing' -t gotcha`;
    const made = await runProcess('sh', ['-c', program], { cwd: repo.dir, home });
    expect(statSync(join(repo.dir, made.stdout.slice(10).split('\n')[0]!)).mode & 0o777).toBe(0o664);
    const below = await runCli(['add', 'Retries end after three', '-f', 'a.ts:2'], {
      cwd: join(repo.dir, 'src'),
      home,
    });
    expect(below, below.stderr).toMatchObject({ code: 0 });
    expect((await cli('why', 'src/a.ts:2')).stdout).toContain('Retries end after three');
    expect(readFileSync(join(repo.dir, '.claude-mem/README.md'), 'utf8').split('\n').length).toBeLessThan(36);
  });
});
