// Sessions as stories: what each was told and when, what it left, what its models cost.
import type { Telling } from '../../../capture/session-marks.ts';
import { listSessionEvents, readSessionEvents } from '../../../compress/claims/session-events.ts';
import { readUsage, usageDays } from '../../../compress/claims/usage.ts';
import { RepomemError } from '../../../domain/errors.ts';
import { shortSession } from '../../../domain/id.ts';
import { isTrusted } from '../../../domain/excerpt.ts';
import { readCommits } from '../../../git/history/commits.ts';
import { findAdders } from '../../../git/history/memory-history.ts';
import { makeRedactor } from '../../../memory/redactor.ts';
import { tellable, type AssessedRecord } from '../../../memory/records.ts';
import { readFull } from '../../../memory/read.ts';
import { cleanLine } from '../../../privacy/invisible.ts';
import type { Line, SessionAnswer, SessionLine } from '../../wire.ts';
import { linesOf } from '../lines.ts';
import { treeOf } from '../markdown-tree.ts';
import { countParam, type Ask, type Route } from '../route.ts';
import { readTold } from '../told-sessions.ts';
import type { View } from '../memory-view.ts';
import { turnsOf } from '../turns.ts';

interface Known {
  id: string;
  records: AssessedRecord[];
  summary?: AssessedRecord;
  told: Telling[];
  usage: { requests: number; tokensIn: number; tokensOut: number };
}

/** By the short id that records carry. */
function gather(view: View): Map<string, Known> {
  const sessions = new Map<string, Known>();
  const of = (id: string): Known => {
    const known = sessions.get(id) ?? { id, records: [], told: [], usage: { requests: 0, tokensIn: 0, tokensOut: 0 } };
    sessions.set(id, known);
    return known;
  };
  for (const one of view.newest()) {
    const { session, type } = one.excerpt;
    if (session === undefined || !isTrusted(one.trust)) continue;
    const known = of(session);
    if (type === 'session') known.summary ??= one;
    else if (type !== 'tombstone') known.records.push(one);
  }
  const { paths } = view.memory;
  for (const { session, lines } of readTold(paths)) of(shortSession(session)).told.push(...lines);
  for (const day of usageDays(paths))
    for (const line of readUsage(paths, day)) {
      const { usage } = of(shortSession(line.session));
      usage.requests += line.requests;
      usage.tokensIn += line.tokensIn;
      usage.tokensOut += line.tokensOut;
    }
  for (const { told } of sessions.values()) told.sort((a, b) => (a.at < b.at ? -1 : 1));
  return sessions;
}

function lineOf({ id, records, summary, told, usage }: Known): SessionLine {
  const times = [...records.map(({ excerpt }) => excerpt.created), ...told.map(({ at }) => at)].sort();
  const excerpt = summary?.excerpt;
  const started = excerpt?.started ?? times[0] ?? excerpt?.created ?? '';
  const branch = excerpt?.branch ?? records[0]?.excerpt.branch;
  return {
    id,
    started,
    ended: excerpt?.ended ?? times.at(-1) ?? started,
    request: cleanLine(excerpt?.request ?? excerpt?.title ?? '', 300),
    ...(branch !== undefined && { branch: cleanLine(branch, 80) }),
    records: records.length,
    tellings: told.length,
    toldTokens: told.reduce((sum, { tokens }) => sum + tokens, 0),
    usage,
  };
}

async function list({ source, query }: Ask): Promise<{ sessions: SessionLine[]; total: number }> {
  const limit = countParam(query, 'limit', { max: 2000, usual: 100 });
  const offset = countParam(query, 'offset', { max: 1_000_000, usual: 0 });
  const lines = [...gather(await source.view()).values()].map(lineOf);
  lines.sort((a, b) => (a.started > b.started ? -1 : a.started < b.started ? 1 : a.id < b.id ? -1 : 1));
  return { sessions: lines.slice(offset, offset + limit), total: lines.length };
}

async function show({ source, params }: Ask): Promise<SessionAnswer> {
  const view = await source.view();
  const sessions = gather(view);
  const asked = params['id'] ?? '';
  const known = sessions.get(asked) ?? sessions.get(shortSession(asked));
  if (!known)
    throw new RepomemError('not-found', `${asked.slice(0, 80)}: no session has left or was told anything here`);
  const ordered = [...sessions.values()].map(lineOf).sort((a, b) => (a.started < b.started ? -1 : 1));
  const at = ordered.findIndex(({ id }) => id === known.id);
  const { recordSet } = view;
  const memory = await view.opened();
  const told = known.told.map(async ({ ids, ...telling }) => ({
    ...telling,
    lines: await linesOf(
      view,
      ids.flatMap((id) => recordSet.byId.get(id) ?? []),
    ),
    unknown: ids.filter((id) => !recordSet.byId.has(id)).length,
  }));
  const { snapshot } = memory;
  const adders = snapshot.isRepository && !snapshot.isUnborn ? await findAdders(memory.paths) : undefined;
  const commits = readCommits(
    memory.paths,
    known.records.flatMap(({ excerpt }) => adders?.get(excerpt.path)?.id ?? []),
  );
  const whole = listSessionEvents(memory.paths).find((id) => shortSession(id) === known.id);
  const events = whole === undefined ? [] : readSessionEvents(memory.paths, whole);
  const [before, after] = [ordered[at - 1], ordered[at + 1]];
  return {
    ...lineOf(known),
    summary: known.summary ? treeOf(readFull(memory, known.summary).record.body) : [],
    ...(known.summary && { summaryId: known.summary.excerpt.id }),
    told: await Promise.all(told),
    turns: events.length === 0 ? [] : turnsOf(events, makeRedactor(memory).redact),
    left: await linesOf(view, known.records.toReversed()),
    commits: [...commits.values()].map((commit) => ({
      ...commit,
      author: cleanLine(commit.author, 80),
      summary: cleanLine(commit.summary, 200),
    })),
    ...(before && { before: before.id }),
    ...(after && { after: after.id }),
  };
}

/** Of the records that stand here: how often each was told to a session that is still known. */
async function tally({ source }: Ask): Promise<{ records: { line: Line; times: number }[]; never: number }> {
  const view = await source.view();
  const times = new Map<string, number>();
  for (const { lines } of readTold(view.memory.paths))
    for (const { ids } of lines) for (const id of new Set(ids)) times.set(id, (times.get(id) ?? 0) + 1);
  const here = tellable(view.recordSet);
  const most = here
    .filter(({ excerpt }) => times.has(excerpt.id))
    .sort((a, b) => (times.get(b.excerpt.id) ?? 0) - (times.get(a.excerpt.id) ?? 0));
  const shown = most.slice(0, 20);
  const lines = await linesOf(view, shown);
  return {
    records: lines.map((line) => ({ line, times: times.get(line.id) ?? 0 })),
    never: here.length - most.length,
  };
}

export const sessionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/sessions',
    about: 'Sessions that left or were told something, newest first',
    takes: { limit: 'at most 2000; usually 100', offset: 'how many to skip' },
    run: list,
  },
  { method: 'GET', path: '/api/sessions/:id', about: 'One session: typed, told, changed, left, committed', run: show },
  {
    method: 'GET',
    path: '/api/told',
    about: 'The records that sessions were told most, and how many none was told of',
    run: tally,
  },
];
