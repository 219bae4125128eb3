// Endpoints that are a command with --json: it runs in a process of its own, and the page shows what it prints.
import { createHash } from 'node:crypto';
import { RepomemError } from '../../../domain/errors.ts';
import { startIn } from '../../../git/run/runner.ts';
import { explainLocation } from '../../../history/why.ts';
import { explanationAsJson } from '../../../history/history-json.ts';
import { listUntrusted } from '../../../curate/trust.ts';
import { readTextFile } from '../../../git/cites/cites.ts';
import { tellable } from '../../../memory/records.ts';
import { absolutePath } from '../../../store/layout.ts';
import { cleanCode } from '../clean-code.ts';
import { pathOf, revisionOf } from './diffs.ts';
import { freshnessOverTime, type FreshnessPoint } from './freshness-over-time.ts';
import { countParam, textParam, type Ask, type Route } from '../route.ts';

/** Of files, usage and the installation the state does not tell: an answer that rests on them is kept for so long. */
const keptMs = 5000;

async function runCommand(ask: Ask, args: readonly string[]): Promise<unknown> {
  const { state } = await ask.source.view();
  return run(ask, args, `${state} ${Math.floor(ask.source.env.now().getTime() / keptMs)}`);
}

/** One whose answer rests on commits: it is kept while no ref moves. */
async function runOnCommits(ask: Ask, args: readonly string[]): Promise<unknown> {
  const { state } = await ask.source.view();
  const { stdout } = await startIn(ask.source.paths, ['for-each-ref', '--format=%(objectname) %(refname)']);
  return run(ask, args, `${state} ${createHash('sha256').update(stdout).digest('hex')}`);
}

function run({ source, server, signal, tell }: Ask, args: readonly string[], state: string): Promise<unknown> {
  const onProgress = (text: string): void => tell({ type: 'job', command: args[0] ?? '', text });
  return server.jobs.run(source.paths.root, args, { state, signal, onProgress });
}

function positional(query: URLSearchParams, name: string): string[] {
  const value = textParam(query, name);
  return value === undefined ? [] : ['--', revisionOf(value, name)];
}

interface Checked {
  records: { cites: { commit?: { at: string } }[]; freshness: string }[];
}

async function freshnessTrend(ask: Ask): Promise<{ points: FreshnessPoint[] }> {
  const view = await ask.source.view();
  const { records } = (await runCommand(ask, ['check', '--json'])) as Checked;
  const made = tellable(view.recordSet).filter(({ excerpt }) => excerpt.cites.length > 0);
  const now = ask.source.env.now().toISOString();
  const stale = records
    .filter(({ freshness }) => freshness === 'changed' || freshness === 'gone')
    .map(({ cites }) => cites.flatMap(({ commit: by }) => by?.at ?? []).sort()[0] ?? now);
  return {
    points: freshnessOverTime(
      made.map(({ excerpt }) => excerpt.created),
      stale,
      now,
    ),
  };
}

/** Every line of a text file of the repository that git or a record knows of; the path is never opened before that is sure. */
async function why({ source, query }: Ask): Promise<unknown> {
  const path = textParam(query, 'path');
  if (path === undefined) throw new RepomemError('usage', 'path: expected a file of the repository');
  const line = textParam(query, 'line');
  if (line !== undefined && !/^[1-9]\d{0,6}$/.test(line))
    throw new RepomemError('usage', `line: expected a whole number from 1; got '${line}'`);
  pathOf(path);
  const { paths, env } = source;
  const top = paths.worktree ?? paths.root;
  const target = line === undefined ? path : `${path}:${line}`;
  const explained = await explainLocation({ ...env, cwd: top, vars: { ...env.vars } }, target);
  const view = await source.view();
  const isTracked = (await view.opened()).snapshot.index.has(explained.path);
  const file = isTracked ? readTextFile(`${top}/${explained.path}`) : undefined;
  const lines = file
    ?.toString('utf8')
    .split('\n')
    .slice(0, 3000)
    .map((text) => cleanCode(text.slice(0, 400)));
  return { ...(explanationAsJson(explained, view.memory.paths.root) as object), ...(lines && { lines }) };
}

/** Untrusted files by path, each with its blob; a stranger's title is not told. */
async function untrusted({ source }: Ask): Promise<unknown> {
  const found = await listUntrusted(await source.open());
  return { untrusted: found.map(({ name, path, blob }) => ({ name, path, blob })) };
}

/** The text of one that the list names, as plain text: the page shows it behind a click. */
async function untrustedText({ source, query }: Ask): Promise<unknown> {
  const path = textParam(query, 'path') ?? '';
  const memory = await source.open();
  const found = (await listUntrusted(memory)).find((one) => one.path === path);
  const file = found && readTextFile(absolutePath(memory.paths, found.path));
  if (!file) throw new RepomemError('not-found', `${path.slice(0, 100)}: nothing untrusted has this path`);
  return { path, text: cleanCode(file.toString('utf8').slice(0, 64 * 1024)) };
}

export const commandRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/why',
    about: 'As repomem why --json, with the lines of the file',
    takes: { path: 'from the top of the working tree', line: 'from 1' },
    run: why,
  },
  {
    method: 'GET',
    path: '/api/freshness',
    about: 'By time: how many of today’s records with cites there were, and of how many the cited lines had changed',
    run: freshnessTrend,
  },
  {
    method: 'GET',
    path: '/api/check',
    about: 'As repomem check --json',
    run: (ask) => runCommand(ask, ['check', '--json']),
  },
  {
    method: 'GET',
    path: '/api/review',
    about: 'As repomem review --json',
    takes: { range: 'BASE..HEAD; without it from where HEAD left the default branch' },
    run: (ask) => runOnCommits(ask, ['review', '--json', ...positional(ask.query, 'range')]),
  },
  {
    method: 'GET',
    path: '/api/diff',
    about: 'As repomem diff --json',
    takes: { range: 'A..B' },
    run: (ask) => runCommand(ask, ['diff', '--json', ...positional(ask.query, 'range')]),
  },
  {
    method: 'GET',
    path: '/api/log',
    about: 'As repomem log --json',
    takes: { rev: 'a revision', limit: 'how many commits; usually 50' },
    run: (ask) => {
      const limit = countParam(ask.query, 'limit', { max: 10_000, usual: 50 });
      return runOnCommits(ask, [
        'log',
        '--json',
        '--limit',
        String(Math.max(1, limit)),
        ...positional(ask.query, 'rev'),
      ]);
    },
  },
  {
    method: 'GET',
    path: '/api/at/:rev',
    about: 'As repomem at REV list --json',
    takes: { q: 'a question', limit: 'how many; usually 200' },
    run: (ask) => {
      const rev = revisionOf(ask.params['rev'] ?? '', 'rev');
      const limit = countParam(ask.query, 'limit', { max: 2000, usual: 200 });
      const q = textParam(ask.query, 'q');
      const what = q === undefined ? ['list'] : ['search', q];
      return runOnCommits(ask, ['at', '--json', '--limit', String(Math.max(1, limit)), '--', rev, ...what]);
    },
  },
  {
    method: 'GET',
    path: '/api/stats',
    about: 'As repomem stats --json',
    takes: { days: 'newest days to list' },
    run: (ask) => {
      const days = countParam(ask.query, 'days', { max: 3650, usual: 14 });
      return runCommand(ask, ['stats', '--json', '--days', String(Math.max(1, days))]);
    },
  },
  {
    method: 'GET',
    path: '/api/problems',
    about: '`doctor` is as repomem doctor --json, `lint` as repomem lint --json',
    run: async (ask) => {
      const [doctor, lint] = await Promise.all([
        runCommand(ask, ['doctor', '--json']),
        runCommand(ask, ['lint', '--json']),
      ]);
      return { doctor, lint };
    },
  },
  {
    method: 'GET',
    path: '/api/branches',
    about: 'Records that wait on other branches, as repomem adopt --json',
    run: (ask) => runCommand(ask, ['adopt', '--json']),
  },
  { method: 'GET', path: '/api/trust', about: 'Files that nobody reviewed, by path', run: untrusted },
  {
    method: 'GET',
    path: '/api/trust/text',
    about: 'The plain text of one of them',
    takes: { path: 'as GET /api/trust lists it' },
    run: untrustedText,
  },
];
