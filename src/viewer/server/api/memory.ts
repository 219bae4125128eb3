import { RepomemError } from '../../../domain/errors.ts';
import { isStale } from '../../../domain/cite.ts';
import { tellable } from '../../../memory/records.ts';
import { timelineOf } from '../../../memory/timeline.ts';
import { hitAsJson } from '../../../memory/record-line.ts';
import { freshnessOf } from '../../../memory/mark-stale.ts';
import { findEverywhere } from '../../../memory/find-everywhere.ts';
import type { Query } from '../../../search/hit.ts';
import type { MemoryAnswer, RecordsAnswer } from '../../wire.ts';
import { chooseRecords, facetsOf, filterParams, linesOf, queryOf } from '../lines.ts';
import { treeOf } from '../markdown-tree.ts';
import { countParam, textField, textParam, type Ask, type Route } from '../route.ts';
import type { View } from '../memory-view.ts';

async function describe({ source, server }: Ask): Promise<MemoryAnswer> {
  const view = await source.view();
  const { memory, recordSet, state } = view;
  const { paths, problems } = memory;
  const { snapshot } = await view.recent();
  const told = tellable(recordSet);
  const states = await view.freshness(told);
  const stale = told.filter(({ excerpt }) => isStale(states.get(excerpt.path) ?? 'fresh')).length;
  return {
    name: source.name,
    root: paths.root,
    ...(snapshot.branch && { branch: snapshot.branch }),
    ...(snapshot.head && { head: snapshot.head }),
    ...(snapshot.defaultBranch && { defaultBranch: snapshot.defaultBranch }),
    version: server.version,
    isReadOnly: server.isReadOnly,
    state,
    counts: {
      records: told.length,
      foreign: recordSet.assessed.filter(({ trust }) => trust === 'foreign').length,
      elsewhere: recordSet.assessed.filter(({ isHere }) => !isHere).length,
      problems: problems.length + recordSet.problems.length,
      stale,
    },
    ...(snapshot.problem && { gitProblem: snapshot.problem }),
    ...(!snapshot.isRepository && !snapshot.problem && { gitProblem: 'not a git repository' }),
    repositories: server.repositories(),
  };
}

export function cursorOf(line: { created: string; id: string }): string {
  return `${line.created}~${line.id}`;
}

async function list({ source, query }: Ask): Promise<RecordsAnswer> {
  const view = await source.view();
  const chosen = await chooseRecords(view, query);
  const limit = countParam(query, 'limit', { max: 2000, usual: 200 });
  const start = startOf(chosen, textParam(query, 'cursor'));
  const page = chosen.slice(start, start + limit);
  const last = page.at(-1);
  return {
    lines: await linesOf(view, page),
    ...(last && start + page.length < chosen.length && { next: cursorOf(last.excerpt) }),
    total: chosen.length,
    all: (await chooseRecords(view, new URLSearchParams())).length,
    state: view.state,
  };
}

type Chosen = Awaited<ReturnType<typeof chooseRecords>>;

/** Behind the record that the cursor names, or where it would stand: what arrived or went since shifts nothing. */
function startOf(chosen: Chosen, cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const match = /^([^~]{1,40})~(.{1,200})$/s.exec(cursor);
  if (!match) throw new RepomemError('usage', `cursor: expected the 'next' of an earlier answer; got '${cursor}'`);
  const [, created = '', id = ''] = match;
  let [low, high] = [0, chosen.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { excerpt } = chosen[middle]!;
    const isBehind = excerpt.created < created || (excerpt.created === created && excerpt.id > id);
    if (isBehind) high = middle;
    else low = middle + 1;
  }
  return low;
}

async function find({ source, query, server }: Ask): Promise<unknown> {
  const text = textParam(query, 'q') ?? '';
  const limit = countParam(query, 'limit', { max: 200, usual: 10 });
  const offset = countParam(query, 'offset', { max: 100_000, usual: 0 });
  const order = textParam(query, 'order');
  if (order !== undefined && order !== 'date' && order !== 'relevance')
    throw new RepomemError('usage', `order: expected relevance or date; got '${order}'`);
  const asked: Query = {
    ...kindsOf(query),
    ...(text && { text }),
    limit,
    offset,
    ...((order === 'date' || order === 'relevance') && { order }),
  };
  if (query.get('all') === '1') {
    const { found, total } = await findEverywhere(source.env, asked);
    const keys = new Map(server.repositories().map(({ root, key }) => [root, key]));
    keys.delete(source.paths.root);
    const results = found.map((one) => {
      const { root } = one.memory.paths;
      return { ...hitAsJson(one, root, one.state), root, repository: keys.get(root) };
    });
    return { query: text, total, results };
  }
  const view = await source.view();
  const { found, total } = await view.search(asked);
  const states = freshnessOf(await view.recent(), found);
  return {
    query: text,
    total,
    results: found.map((one) => hitAsJson(one, view.memory.paths.root, states.get(one.excerpt.path))),
  };
}

function kindsOf(query: URLSearchParams): ReturnType<typeof queryOf> {
  const asked = queryOf(query);
  const kind = textParam(query, 'kind') ?? 'all';
  if (kind === 'session') return { ...asked, types: ['session'] };
  if (kind !== 'all' && kind !== 'observation')
    throw new RepomemError('usage', `kind: expected observation, session or all; got '${kind}'`);
  return asked;
}

async function around({ source, query }: Ask): Promise<unknown> {
  const view: View = await source.view();
  const anchor = textParam(query, 'anchor') ?? textParam(query, 'q');
  if (anchor === undefined) throw new RepomemError('usage', 'timeline: expected an anchor (an id, a date) or q');
  const span = {
    before: countParam(query, 'before', { max: 200, usual: 5 }),
    after: countParam(query, 'after', { max: 200, usual: 5 }),
  };
  return timelineOf(view.memory, anchor, span, view.recordSet);
}

export const memoryRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/memory', about: 'Which memory this is, and what waits in it', run: describe },
  {
    method: 'GET',
    path: '/api/records',
    about: 'Records newest first, by page; the cursor is a place, so that arrivals shift nothing',
    takes: { ...filterParams, cursor: 'next of the page before', limit: 'at most 2000; usually 200' },
    run: list,
  },
  {
    method: 'GET',
    path: '/api/facets',
    about: 'What there is to filter by, with counts',
    run: async ({ source }) => facetsOf(await source.view()),
  },
  {
    method: 'GET',
    path: '/api/search',
    about: 'As repomem search --json',
    takes: {
      ...filterParams,
      q: 'a question or words',
      kind: 'observation, session or all',
      order: 'relevance or date',
      limit: 'at most 200; usually 10',
      offset: 'how many to skip',
      all: '1: in every repository of this machine',
    },
    run: find,
  },
  {
    method: 'GET',
    path: '/api/timeline',
    about: 'As repomem timeline --json',
    takes: { anchor: 'an id or a date', q: 'a question', before: 'how many', after: 'how many' },
    run: around,
  },
  {
    method: 'POST',
    path: '/api/markdown',
    about: 'A text as a tree, for the preview of an edit',
    takes: { text: 'Markdown' },
    run: async ({ body }) => ({ body: treeOf((textField(body, 'text') ?? '').slice(0, 20_000)) }),
  },
];
