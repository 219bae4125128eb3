import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, runCliBatch, runHook, type Run } from '../helpers/built-cli.ts';
import { startEmbeddings } from '../helpers/embedding-endpoint.ts';
import { seededRandom, shapedTypes } from '../helpers/fake-secrets.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

let home: string;
let repo: TempRepo;

beforeEach(async () => {
  home = tempDir();
  repo = tempRepo({ 'src/fib.ts': 'one\ntwo\nthree\nfour\n' }, { at: join(home, 'work/repo') });
  giveMemory(repo, home);
});
afterEach(() => removeFolder(home));

const cli = (...args: string[]): Promise<Run> => runCli(args, { cwd: repo.dir, home });
const cliIn = (input: string, ...args: string[]): Promise<Run> => runCli(args, { cwd: repo.dir, home, input });

async function json<T>(...args: string[]): Promise<T> {
  const run = await cli(...args, '--json');
  return JSON.parse(run.stdout) as T;
}

interface Results {
  query: string;
  results: { id: string; type: string; title: string; path: string; created: string; score: number; tokens: number }[];
}

async function add(...args: string[]): Promise<string> {
  const run = await cli('add', ...args);
  expect(run).toMatchObject({ code: 0 });
  return run.stdout.slice(0, 8);
}

describe('add, list, search, show', () => {
  it('writes a record that is found by a question and shown whole', async () => {
    const id = await add(
      'fib() recursed forever for negative n',
      '-t',
      'bugfix',
      '-b',
      'Neither base case is met.',
      '-f',
      'src/fib.ts:2-3',
    );
    const { results, query } = await json<Results>('search', 'why did negative input recurse?');
    expect(query).toBe('why did negative input recurse?');
    expect(results[0]).toMatchObject({ id, type: 'bugfix', title: 'fib() recursed forever for negative n' });
    expect(Object.keys(results[0]!)).toEqual(
      expect.arrayContaining(['id', 'type', 'title', 'path', 'created', 'score', 'tokens']),
    );
    const shown = await cli('show', id.slice(0, 5));
    expect(shown.stdout).toContain('Neither base case is met.');
    expect(shown.stdout).toContain('src/fib.ts:2-3');
    expect(repo.read(results[0]!.path)).toMatch(/^---\ntype: bugfix\n/);
  });

  it('lists newest first, filters by type and file, and answers 1 when there is nothing', async () => {
    await add('A decision about tabs', '-t', 'decision');
    await add('A trap in fib', '-t', 'gotcha', '-f', 'src/fib.ts');
    expect((await json<Results>('list')).results).toHaveLength(2);
    expect((await json<Results>('list', '--type', 'gotcha')).results.map(({ type }) => type)).toEqual(['gotcha']);
    expect((await json<Results>('list', '--file', 'src')).results).toHaveLength(1);
    expect(await cli('search', 'xylophone', '--type', 'security')).toMatchObject({ code: 1, stdout: '' });
  });

  it('takes a file by its whole path, through a link, with a line and in either form of Unicode', async () => {
    repo.write('src/caf\u00e9.ts', 'export const limit = 3;\n');
    const id = await add('A trap in the café', '-t', 'gotcha', '-f', 'src/caf\u00e9.ts');
    await add('A decision about tabs', '-t', 'decision');
    const link = join(home, 'link');
    symlinkSync(repo.dir, link);
    const whole = [join(repo.dir, 'src/caf\u00e9.ts'), join(link, 'src/caf\u00e9.ts'), 'src/cafe\u0301.ts'];
    for (const file of [...whole, `${whole[0]}:1`])
      expect((await json<Results>('search', 'trap', '--file', file)).results, file).toMatchObject([{ id }]);
    for (const file of whole) expect((await cli('why', `${file}:1`)).stdout, file).toContain(id);
    expect((await json<Results>('search', `what is the matter with ${whole[0]}?`)).results[0]).toMatchObject({ id });
  });

  it('takes an id as people and agents write it', async () => {
    const id = await add('A trap in fib', '-t', 'gotcha', '--shared');
    const { path } = (await json<Results>('list')).results[0]!;
    for (const named of [
      id,
      id.toUpperCase(),
      `#${id}`,
      path,
      `./${path}`,
      join(repo.dir, path),
      path.split('/').at(-1)!,
    ])
      expect((await cli('show', named)).stdout, named).toContain('A trap in fib');
    expect(await cli('show', '#')).toMatchObject({ code: 2 });
    expect(await cli('show', 'README.md')).toMatchObject({ code: 2 });
  });

  it('answers a question of any length', async () => {
    const id = await add('A trap in fib', '-t', 'gotcha');
    const { results } = await json<Results>('search', `fib ${'trap '.repeat(20_000)}`);
    expect(results).toMatchObject([{ id }]);
  });

  it('refuses what is known already, unless it is told to', async () => {
    const id = await add('Use pnpm and never npm in this repository', '-t', 'decision');
    const again = await cli('add', 'Use pnpm and never npm in this repository', '-t', 'decision');
    expect(again.code).toBe(2);
    expect(again.stderr).toContain(id);
    expect(await cli('add', 'Use pnpm and never npm in this repository', '-t', 'decision', '--force')).toMatchObject({
      code: 0,
    });
  });

  it('supersedes: the older record is found no more', async () => {
    const old = await add('The port is 3000', '-t', 'decision');
    const id = await add('The port is 4000 since the proxy came', '-t', 'decision', '--supersedes', old);
    expect((await json<Results>('list')).results.map((one) => one.id)).toEqual([id]);
    expect((await cli('show', old)).stdout).toContain('superseded');
  });

  it('takes secrets out before it writes', async () => {
    const secret = shapedTypes['githubPat']!.make(seededRandom(1));
    const run = await cli('add', 'The key of the staging system', '-b', `export GITHUB_TOKEN=${secret}`);
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).toContain('taken out');
    const path = run.stdout.slice(10).trim();
    expect(readFileSync(path.startsWith('/') ? path : join(repo.dir, path), 'utf8')).not.toContain(secret);
  });

  it('reads the body from standard input', async () => {
    const run = await cliIn('From a pipe.\n', 'add', 'A title', '-b', '-');
    expect(run.code).toBe(0);
    expect((await cli('show', run.stdout.slice(0, 8))).stdout).toContain('From a pipe.');
  });

  it('keeps fading types local, where git does not take them', async () => {
    const run = await cli('add', 'Where the work stands', '-t', 'progress');
    expect(run.stdout).toContain('.claude-mem/local/');
    repo.git('add', '-A');
    expect(repo.git('status', '--short')).not.toContain('local');
  });
});

describe('search', () => {
  it('takes dashed words for a question behind --, and elsewhere for a mistake', async () => {
    const id = await add('Hooks of git are passed by --no-verify', '-b', 'So the gate runs in CI too.');
    expect((await cli('search', '--', '--no-verify')).stdout).toContain(id);
    expect(await cli('search', '--no-verify')).toMatchObject({ code: 2, stderr: expect.stringContaining('behind --') });
    expect(await cli('search', 'gate', '--limt', '5')).toMatchObject({ code: 2 });
  });
  it('says how many of how many', async () => {
    for (const number of ['one', 'two', 'three']) await add(`Gate ${number}`);
    expect((await cli('search', 'gate', '--limit', '2')).stderr).toContain('2 of 3 records; more: --offset 2');
    expect((await cli('list', '--offset', '2')).stderr).toContain('3 to 3 of 3 records');
    expect(await json('search', 'gate', '--limit', '1')).toMatchObject({ total: 3 });
  });
  it('asks by meaning where that is on', async () => {
    const endpoint = await startEmbeddings();
    try {
      await add('The basket lost its discount');
      await add('Photos are shrunk');
      await cli('settings', 'search.endpoint', endpoint.url);
      await cli('settings', 'search.model', 'a-model');
      await cli('settings', 'search.meaning', 'endpoint');
      expect(await cli('index')).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 2 have a vector') });
      // A slow machine answers by words alone.
      await expect
        .poll(async () => (await cli('search', 'discount')).stdout, { timeout: 60_000 })
        .toMatch(/meaning [01]\.\d\d/);
      expect((await cli('doctor')).stdout).toContain('search.meaning');
      expect((await cli('stats')).stdout).toContain('embeddings');
    } finally {
      await endpoint.close();
    }
  });
});

describe('forget', () => {
  it('deletes the file and bars it from being written again', async () => {
    const id = await add('Returning zero hides the bug of the caller', '-t', 'gotcha');
    const run = await cli('forget', id, '--reason', 'not so');
    expect(run.code).toBe(0);
    expect((await json<Results>('list')).results).toEqual([]);
    const again = await cli('add', 'Returning zero hides the bug of the caller', '-t', 'gotcha');
    expect(again).toMatchObject({ code: 2 });
    expect(again.stderr).toContain('forgotten');
    const tombstones = readdirSync(join(repo.dir, '.claude-mem/observations'), {
      recursive: true,
      encoding: 'utf8',
    }).filter((name) => name.endsWith('.md'));
    expect(tombstones).toHaveLength(1);
    expect(tombstones[0]).not.toContain('zero');
  });
});

describe('timeline and context', () => {
  it('shows what came before and after, and the block that a session gets', async () => {
    const first = await add('First thing learned here', '-t', 'gotcha');
    const second = await add('Second thing learned there', '-t', 'decision');
    const line = await cli('timeline', second);
    expect(line.stdout).toContain(first);
    expect(line.stdout).toMatch(new RegExp(`> ${second}`));
    const context = await cli('context');
    expect(context.stdout.trimEnd().split('\n').at(-1)).toBe('2 of 2 shown');
    await cli('settings', 'context.maxRecords', '1', '--project');
    await add('Third thing, which replaces the second', '-t', 'decision', '--supersedes', second);
    const why = (await cli('context', '--why')).stdout;
    expect(why).toMatch(/^Told: 1 of 2 records, ranked by .*\n\w{8} \d\.\d\d .*\n +(?:gotcha|decision) .*confidence/);
    expect(why).toMatch(/Left out: .*context\.maxRecords \(1\)[^]*Never told: 1 were replaced or forgotten/);
    await cli('settings', 'context.maxRecords', '--unset', '--project');
    const now = await cli('context');
    const hook = await runHook('SessionStart', { session_id: 's1', source: 'startup' }, { cwd: repo.dir, home });
    const answer = JSON.parse(hook.stdout) as { hookSpecificOutput: { additionalContext: string } };
    expect(answer.hookSpecificOutput.additionalContext).toBe(now.stdout.trimEnd());
  });
});

describe('settings', () => {
  it('sets, shows and explains; a wrong value names file, line, key and what was expected', async () => {
    expect(await cli('settings', 'context.budgetTokens', '500')).toMatchObject({ code: 0 });
    expect((await cli('settings', 'context.budgetTokens')).stdout).toContain('500');
    expect(readFileSync(join(home, '.config/repomem/settings.yaml'), 'utf8')).toContain('budgetTokens: 500');
    expect(await cli('settings', 'no.such', '1')).toMatchObject({ code: 2 });
    repo.write('.claude-mem/settings.yaml', 'version: 1\ncontext:\n  budgetTokens: lots\n');
    const run = await cli('settings');
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/settings\.yaml:3: context\.budgetTokens: expected .*got "lots"/);
  });
});

describe("a project's settings", () => {
  it('are obeyed on the branch where they were written here, and not when somebody else brings them', async () => {
    repo.git('add', '-A');
    repo.git('commit', '-qm', 'memory');
    repo.git('checkout', '-qb', 'feature');
    expect(await cli('settings', 'context.maxRecords', '90', '--project')).toMatchObject({ code: 0 });
    repo.git('commit', '-qam', 'more records');
    expect((await cli('settings', 'context.maxRecords')).stdout).toContain('90  (project)');
    repo.write('.claude-mem/settings.yaml', 'version: 1\ncontext:\n  maxRecords: 80\n');
    repo.git('commit', '-qam', 'brought by a pull');
    // As if somebody else had made the commit.
    repo.git('reflog', 'expire', '--expire=now', '--all');
    const foreign = await cli('settings', 'context.maxRecords');
    expect(foreign.stdout).toContain('50  (default)');
    expect(foreign.stderr).toContain('not obeyed until');
  });
});

describe('pause', () => {
  it('opens and closes a pause', async () => {
    expect(await cli('pause', '--session', 's9')).toMatchObject({ code: 0 });
    expect(await cli('pause', '--session', 's9')).toMatchObject({ code: 1 });
    expect(await cli('resume', '--session', 's9')).toMatchObject({ code: 0 });
    expect(await cli('resume', '--session', 's9')).toMatchObject({ code: 1 });
  });
});

describe('redact', () => {
  it('filters standard input byte for byte but for what is secret or private', async () => {
    const secret = shapedTypes['githubPat']!.make(seededRandom(2));
    const run = await cliIn(`a line\nGITHUB_TOKEN=${secret}\n<private>me</private>no newline`, 'redact');
    expect(run.stdout).toMatch(/^a line\nGITHUB_TOKEN=\[REDACTED:[\w-]+\]\n.*no newline$/s);
    expect(run.stdout).not.toContain('me</private>');
    expect(await cliIn('plain\n', 'redact')).toMatchObject({ stdout: 'plain\n', code: 0 });
  });
});

describe('status and doctor', () => {
  it('names bad records by file and reason, and the rest works', async () => {
    await add('A good record stays', '-t', 'gotcha');
    const folder = join(repo.dir, '.claude-mem/observations/2026/11');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'broken.md'), '---\ntype: bugfix\ntitle: [a\n---\nx\n');
    writeFileSync(
      join(folder, 'conflict.md'),
      '---\ntype: bugfix\n<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> b\n---\nx\n',
    );
    writeFileSync(join(folder, 'types.md'), '---\ntype: poem\ntitle: a\n---\nx\n');
    writeFileSync(join(folder, 'huge.md'), `---\ntype: bugfix\ntitle: a\n---\n${'x'.repeat(20_000)}`);
    symlinkSync('/etc/passwd', join(folder, 'link.md'));
    const doctor = await cli('doctor');
    expect(doctor.code).toBe(1);
    for (const name of ['broken.md', 'conflict.md', 'types.md', 'huge.md', 'link.md'])
      expect(doctor.stdout).toContain(name);
    expect((await json<Results>('list')).results).toHaveLength(1);
    expect((await cli('context')).stdout).toContain('A good record stays');
    const status = await json<{ records: { shared: number }; problems: unknown[] }>('status');
    expect(status.records.shared).toBe(1);
    expect(status.problems.length).toBeGreaterThanOrEqual(5);
  });

  it('finds nothing wrong in a fresh memory', async () => {
    const doctor = await cli('doctor');
    expect(doctor.stdout).not.toContain('BAD');
    expect(doctor.code).toBe(0);
  });
});

describe('errors', () => {
  it('says what to do: no memory, unknown command, option, id', async () => {
    const other = tempRepo({}, { at: join(home, 'work/other') });
    const none = await runCli(['list'], { cwd: other.dir, home });
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('repomem init');
    expect(await cli('lsit')).toMatchObject({ code: 2 });
    expect((await cli('list', '--nope')).stderr).toContain('repomem list --help');
    expect((await cli('show', 'zzzzzzzz')).stderr).toContain('no record has this id');
    expect(await cli('show')).toMatchObject({ code: 2 });
    expect((await cli('add', 'x'.repeat(111))).stderr).toContain('at most 110');
    expect((await cli('add', 'x', '-t', 'poem')).stderr).toContain('expected one of');
    expect((await cli('list', '--since', 'when pigs fly')).code).toBe(2);
  });

  it('helps: each command explains itself', async () => {
    const overview = (await cli('--help')).stdout;
    const names = [...overview.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map((match) => match[1]!);
    expect(names).toEqual(expect.arrayContaining(['init', 'search', 'doctor', 'mcp']));
    const pages = await runCliBatch(
      names.map((name) => [name, '--help']),
      { cwd: repo.dir, home },
    );
    for (const [at, name] of names.entries())
      expect(pages[at]).toMatchObject({ code: 0, stdout: expect.stringContaining(`repomem ${name}`) });
    expect(await cli('search', '--help')).toEqual(pages[names.indexOf('search')]);
    expect((await cli('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('never leaves a record of a refused one behind', async () => {
    await cli('add', 'x'.repeat(91));
    expect(existsSync(join(repo.dir, '.claude-mem/observations'))).toBe(false);
  });
});
