// A repository with a small memory of every sort: fresh and stale, shared and local, superseded, of another branch, foreign.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from './built-cli.ts';
import { giveMemory } from './given-memory.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from './temp-repo.ts';

export interface ViewMemory {
  home: string;
  repo: TempRepo;
  ids: Record<'fresh' | 'stale' | 'local' | 'old' | 'new' | 'elsewhere', string>;
  /** Stdout as JSON. */
  cli<T = Record<string, unknown>>(...args: string[]): Promise<T>;
}

let first: Promise<ViewMemory> | undefined;

/** Made once in a process, and copied for whoever asks. */
export async function viewMemory(): Promise<ViewMemory> {
  const { home: made, ids } = await (first ??= makeMemory());
  const home = tempDir();
  cpSync(made, home, { recursive: true, preserveTimestamps: true });
  const repo = tempRepo({}, { at: join(home, 'repo') });
  return { home, repo, ids, cli: cliOf(repo.dir, home) };
}

function cliOf(cwd: string, home: string): ViewMemory['cli'] {
  return async (...args) => {
    const run = await runCli(args, { cwd, home });
    if (run.stdout === '') throw new Error(`${args.join(' ')}: ${run.stderr}`);
    return JSON.parse(run.stdout) as never;
  };
}

async function makeMemory(): Promise<ViewMemory> {
  const home = tempDir();
  process.on('exit', () => removeFolder(home));
  const lines = (name: string): string =>
    Array.from({ length: 20 }, (_, at) => `export const ${name}${at} = ${at};\n`).join('');
  const repo = tempRepo(
    { 'src/queue.ts': lines('queue'), 'src/parser.ts': lines('parser') },
    { at: join(home, 'repo') },
  );
  const cli = cliOf(repo.dir, home);
  giveMemory(repo, home);
  const add = async (...args: string[]): Promise<string> => (await cli<{ id: string }>('add', '--json', ...args)).id;
  const fresh = await add(
    'Events wait in the queue until they are compressed',
    '--type',
    'architecture',
    '--file',
    'src/queue.ts:2-4',
    '--body',
    'Each event is **one file**.\n\n| a | b |\n|---|---|\n| 1 | 2 |',
    '--fact',
    'A rename makes it visible',
    '--concept',
    'how-it-works',
  );
  const stale = await add(
    'The parser reads eight lines ahead',
    '--type',
    'gotcha',
    '--file',
    'src/parser.ts:5-8',
    '--description',
    'Nine lines overflow its window.',
  );
  const old = await add('Retries stop after three attempts', '--type', 'decision');
  repo.git('add', '-A');
  repo.git('commit', '-qm', 'Give the repository a memory');
  const fresher = await add('Retries stop after five attempts', '--type', 'decision', '--supersedes', old);
  repo.git('add', '-A');
  repo.git('commit', '-qm', 'Retry more often');
  const parser = repo.read('src/parser.ts').split('\n');
  parser[5] = 'export const parserWindow = 9;';
  repo.write('src/parser.ts', parser.join('\n'));
  repo.git('commit', '-qam', 'Widen the window of the parser');
  // Records carry whole seconds: this one is the newest.
  await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));
  const local = await add('The spool was looked at', '--type', 'discovery', '--local');
  repo.git('checkout', '-qb', 'side');
  const elsewhere = await add('Only the side branch needs the shim', '--type', 'decision');
  repo.git('checkout', '-q', 'main');
  return { home, repo, ids: { fresh, stale, local, old, new: fresher, elsewhere }, cli };
}

/** A record as a pull request brings it: committed in somebody's clone, fetched, and checked out. */
export function addForeign({ repo }: Pick<ViewMemory, 'repo'>, title: string, body: string, id = 'f0r31gnx'): string {
  const path = `.claude-mem/observations/2026/11/2026-11-20-foreign-${id}.md`;
  const clone = `${repo.dir}-theirs`;
  repo.git('clone', '-q', repo.dir, clone);
  const theirs = tempRepo({}, { at: clone });
  theirs.write(
    path,
    `---\ntype: gotcha\ntitle: ${JSON.stringify(title)}\ncreated: 2026-11-20T10:00:00Z\nbranch: main\n---\n\n${body}\n`,
  );
  theirs.git('checkout', '-qb', 'pull-request');
  theirs.git('add', path);
  theirs.git('commit', '-qm', 'A record from elsewhere');
  repo.git('fetch', '-q', clone, 'pull-request:pull-request');
  repo.git('checkout', '-q', 'pull-request');
  return path;
}
