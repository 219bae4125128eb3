// A repository with reviewed records and one of the user's own, and a stranger's pull request that is checked out.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, type Run } from '../helpers/built-cli.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { payloads } from './hostile-payloads.ts';

export interface Checkout {
  base: string;
  home: string;
  repo: TempRepo;
  outside: string;
  /** Titles that a session is to be told of on the pull request's branch. */
  told: string[];
  run(...args: string[]): Promise<Run>;
  remove(): void;
}

const titles = [
  'Connections are refused above five at once',
  'The limit check counts from zero',
  'Retries stay at three for the queue',
  'Never read the app file as latin1',
  'The parser keeps line ends as they are',
];

export async function checkOutPullRequest(): Promise<Checkout> {
  const base = tempDir();
  const home = join(base, 'home');
  const outside = join(base, 'outside');
  mkdirSync(outside, { recursive: true });
  writeFileSync(join(outside, 'canary'), 'qzxcanary\n');
  const repo = tempRepo(
    { 'src/app.ts': 'export const limit = 5;\n', 'src/lib.ts': 'export {};\n' },
    { at: join(home, 'work/repo') },
  );
  const run = (...args: string[]): Promise<Run> => runCli(args, { cwd: repo.dir, home });
  const must = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  giveMemory(repo, home);
  for (const title of titles)
    await must('add', title, '--type', 'gotcha', '--body', 'Measured on the test machine.', '--file', 'src/app.ts');
  repo.git('add', '-A');
  repo.git('commit', '-qm', 'memory');
  const origin = join(base, 'origin.git');
  repo.git('clone', '-q', '--bare', repo.dir, origin);
  repo.git('remote', 'add', 'origin', origin);
  repo.git('fetch', '-q', 'origin');
  // The ledger would vouch for what was written here: as after a fresh clone, review alone does.
  const fresh = join(home, 'work/clone');
  repo.git('clone', '-q', origin, fresh);
  const clone = tempRepo({}, { at: fresh });
  const reviewed = titles.map((title) => {
    const found = JSON.parse(readList(fresh)) as { path: string; text: string }[];
    const { path = '' } = found.find(({ text }) => text.includes(title)) ?? {};
    return { path, id: /([0-9a-z]{8})\.md$/.exec(path)?.[1] ?? '' };
  });
  const stranger = tempRepo({}, { at: join(base, 'stranger') });
  stranger.git('pull', '-q', origin, 'main');
  stranger.git('checkout', '-qb', 'pull');
  for (const payload of payloads) payload.plant({ dir: stranger.dir, outside, reviewed });
  stranger.git('add', '-A', '-f');
  stranger.git('commit', '-qm', 'Improve the notes');
  stranger.git('push', '-q', origin, 'pull');
  const mine = (...args: string[]): Promise<Run> => runCli(args, { cwd: fresh, home });
  clone.git('checkout', '-q', 'main');
  const own = 'My own note about the ports of the limiter';
  const added = await mine('add', own, '--type', 'gotcha', '--body', 'Seen here.', '--file', 'src/app.ts');
  if (added.code !== 0) throw new Error(added.stderr);
  clone.git('fetch', '-q', 'origin');
  clone.git('checkout', '-q', 'pull');
  return {
    base,
    home,
    repo: clone,
    outside,
    told: [...titles.slice(2), own],
    run: mine,
    remove: () => removeFolder(base),
  };
}

function readList(dir: string): string {
  const folder = join(dir, '.claude-mem/observations');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  return JSON.stringify(
    files.map((name) => ({
      path: `.claude-mem/observations/${name}`,
      text: readFileSync(join(folder, name), 'utf8'),
    })),
  );
}

/** Marks of payloads in a text, however they are spelled: letter by letter without what is unseen, or as tag characters. */
export function marksIn(text: string): string[] {
  const seen = text
    .replace(/[\u{e0000}-\u{e007f}]/gu, (letter) => String.fromCharCode((letter.codePointAt(0) ?? 0) - 0xe0000))
    .replace(/[\u0000-\u0008\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\\u[0-9a-f]{4}/gi, '')
    .toLowerCase();
  return payloads.filter(({ mark }) => seen.includes(mark)).map(({ name }) => name);
}
