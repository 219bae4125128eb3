import { RepomemError } from '../../../domain/errors.ts';
import { isTrusted } from '../../../domain/excerpt.ts';
import { isStale } from '../../../domain/cite.ts';
import type { RecordFreshness } from '../../../git/cites/freshness.ts';
import { readCommits } from '../../../git/history/commits.ts';
import { findForgetting } from '../../../history/forgotten.ts';
import type { Memory } from '../../../memory/open.ts';
import { recordAsJson, safeId } from '../../../memory/record-line.ts';
import { freshnessOf } from '../../../memory/mark-stale.ts';
import { readFull, resolveId } from '../../../memory/read.ts';
import type { FullRecord, AssessedRecord } from '../../../memory/records.ts';
import { cleanLine, cleanText } from '../../../privacy/invisible.ts';
import type { CiteAnswer, HistoryAnswer, RecordAnswer } from '../../wire.ts';
import { cleanCode } from '../clean-code.ts';
import { lineOf, linesOf } from '../lines.ts';
import { treeOf } from '../markdown-tree.ts';
import type { Ask, Route } from '../route.ts';
import { readTold } from '../told-sessions.ts';
import type { View } from '../memory-view.ts';
import { compareCites } from './cited-lines.ts';
import { isRewritable } from './edit-record.ts';
import { recordHistory } from './record-history.ts';

/** The one record of the address, whole. RepomemError `untrusted` for a stranger's: its text is shown on the page of trust alone. */
async function openRecord(view: View, id: string): Promise<FullRecord> {
  const forgotten = await findForgetting(view.memory, view.recordSet, id);
  if (forgotten) throw forgotten;
  const assessed = resolveId(view.recordSet, id);
  if (assessed.trust === 'foreign')
    throw new RepomemError('untrusted', `${safeId(assessed.excerpt)}: unreviewed, came from elsewhere; not shown`, {
      hint: `repomem show ${safeId(assessed.excerpt)} --foreign shows it; repomem trust ${safeId(assessed.excerpt)} trusts it`,
    });
  return readFull(view.memory, assessed);
}

async function show({ source, params }: Ask): Promise<RecordAnswer> {
  const view = await source.view();
  const { recordSet } = view;
  const memory = await view.opened();
  const full = await openRecord(view, params['id'] ?? '');
  const { record, excerpt } = full;
  const state = freshnessOf(memory, [full], 'ask').get(excerpt.path);
  const named = (ids: readonly string[]): AssessedRecord[] => ids.flatMap((id) => recordSet.byId.get(id) ?? []);
  const others = recordSet.assessed.filter(({ trust, isHere }) => isTrusted(trust) && isHere);
  return {
    line: lineOf(full, state?.freshness),
    record: recordAsJson(full, memory.paths.root, state) as Record<string, unknown>,
    blob: excerpt.blob,
    body: treeOf(textOf(full)),
    cites: citesOf(memory, full, state),
    supersedes: await linesOf(view, named(record.supersedes)),
    supersededBy: await linesOf(
      view,
      others.filter(({ excerpt: one }) => one.supersedes.includes(record.id) || one.forgets.includes(record.id)),
    ),
    contradicts: await linesOf(view, [
      ...named(record.contradicts),
      ...others.filter(({ excerpt: one, isActive }) => isActive && one.contradicts.includes(record.id)),
    ]),
    told: readTold(memory.paths).flatMap(({ session, lines }) =>
      lines.flatMap(({ at, moment, ids }) => (ids.includes(record.id) ? [{ session, at, moment }] : [])),
    ),
    isRewritable: isRewritable(memory, full),
    agent: cleanLine(record.agent ?? '', 80),
    aliases: record.aliases.map((alias) => cleanLine(alias, 120)),
    path: cleanLine(excerpt.path, 400),
    raw: cleanText(full.text),
  };
}

function textOf({ record }: FullRecord): string {
  const facts = record.facts.map((fact) => `- ${fact}`).join('\n');
  return [record.body.trim(), facts].filter(Boolean).join('\n\n');
}

function citesOf(memory: Memory, { record }: FullRecord, state: RecordFreshness | undefined): CiteAnswer[] {
  const states = state?.cites ?? [];
  const commits = readCommits(
    memory.paths,
    states.flatMap(({ commit }) => commit ?? []),
  );
  const compared = compareCites(memory, record.cites, states);
  return record.cites.map((cite, index): CiteAnswer => {
    const now = states[index];
    const by = now?.commit === undefined || !isStale(now.freshness) ? undefined : commits.get(now.commit);
    const rows = compared[index];
    const lines = now?.lines ?? cite.lines;
    return {
      path: cite.path,
      ...(cite.lines && { lines: cite.lines }),
      freshness: now?.freshness ?? 'fresh',
      now: { path: now?.path ?? cite.path, ...(lines && { lines }) },
      ...(by && { by }),
      ...(rows && { rows: rows.map((row) => ({ ...row, text: cleanCode(row.text) })) }),
    };
  });
}

async function history({ source, params }: Ask): Promise<HistoryAnswer> {
  const view = await source.view();
  const full = await openRecord(view, params['id'] ?? '');
  const memory = await view.opened();
  const commits = await recordHistory(memory, full);
  const { snapshot } = memory;
  return {
    commits: commits.map((commit) => ({
      ...commit,
      author: cleanLine(commit.author, 80),
      summary: cleanLine(commit.summary, 200),
      rows: commit.rows.map((row) => ({ ...row, text: cleanCode(row.text) })),
    })),
    isUncommitted:
      full.excerpt.tier === 'shared' &&
      (commits.length === 0 || [...snapshot.edited].some((path) => path.endsWith(full.excerpt.path))),
  };
}

export const recordRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/record/:id', about: 'A record whole; `record` is as repomem show --json', run: show },
  { method: 'GET', path: '/api/record/:id/history', about: "Commits that touched the record's file", run: history },
];
