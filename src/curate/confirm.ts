// Confirms a stale record: writes the same statement again, with cites of the current lines, and supersedes the old one.
import { RepomemError } from '../domain/errors.ts';
import type { Cite } from '../domain/cite.ts';
import type { DraftCite } from '../domain/draft.ts';
import { makeCites } from '../git/cites/cites.ts';
import type { CiteState } from '../git/cites/judge-cite.ts';
import { plainDiff } from '../git/run/harden.ts';
import { runIn } from '../git/run/runner.ts';
import { freshnessOf } from '../memory/mark-stale.ts';
import type { Memory } from '../memory/open.ts';
import { emptyRecord, findActive, parseFile, writeRecord } from './write.ts';

/**
 * `files` (as for remember) replaces the current cites. Throws RepomemError `usage` when everything is fresh or nothing is left to
 * cite, `untrusted` for a foreign record.
 */
export async function confirmRecord(memory: Memory, prefix: string, files: readonly string[] = []) {
  const found = await findActive(memory, prefix, 'not confirmed');
  const { record, excerpt } = found;
  const { id } = excerpt;
  const state = freshnessOf(memory, [found], 'ask').get(excerpt.path);
  if (files.length === 0 && (state === undefined || state.freshness === 'fresh'))
    throw new RepomemError(
      'usage',
      `${id}: ${record.cites.length === 0 ? 'it cites nothing' : 'all that it cites is fresh'}; there is nothing to confirm`,
      { hint: `where it should cite another place: repomem confirm ${id} --file PATH:LINES` },
    );
  const drafts =
    files.length > 0
      ? files.map((file) => parseFile(memory, file))
      : record.cites.map((cite, index) => citeNow(memory, cite, state?.cites[index]));
  const cites = makeCites(memory.paths, drafts);
  const cited = new Set(cites.map(({ path }) => path));
  const dropped = drafts.map(({ path }) => path).filter((path) => !cited.has(path));
  if (cites.length === 0)
    throw new RepomemError('usage', `${id}: nothing that it cites is there any more (${dropped.join(', ')})`, {
      hint: `name where it stands now: repomem confirm ${id} --file PATH:LINES; or: repomem forget ${id}`,
    });
  const fresh = emptyRecord(memory, record.type);
  const { id: _id, created: _created, branch: _branch, session: _session, agent: _agent, ...kept } = record;
  const next = { ...fresh, ...kept, cites, supersedes: [id] };
  const path = writeRecord(memory, next, excerpt.tier);
  // `dropped`: cited paths that no longer exist: the new record does not cite them.
  return { id: next.id, supersedes: id, title: record.title, path, cites, dropped };
}

/** Current position of the cited lines; for changed ones, the lines that replaced them. */
function citeNow({ paths }: Memory, cite: Cite, now: CiteState | undefined): DraftCite {
  const path = now?.path ?? cite.path;
  const lines = now?.lines ?? cite.lines;
  if (lines === undefined) return { path };
  if (now?.freshness !== 'changed' || cite.blob === undefined) return { path, lines };
  // Git may no longer have the old version, and the lines may have been deleted.
  const { stdout } = runIn(paths, ['diff', ...plainDiff, '-U0', cite.blob, '--', path]);
  const [first, last] = [mapLine(stdout, lines[0], 'first'), mapLine(stdout, lines[1], 'last')];
  return { path, lines: last >= first ? [first, last] : lines };
}

/** Maps a line inside a changed hunk to the first or last line that replaced the hunk. */
function mapLine(diff: string, line: number, side: 'first' | 'last'): number {
  let shift = 0;
  for (const match of diff.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)) {
    const [start, count, newStart, newCount] = match.slice(1).map((text) => Number(text ?? 1)) as [
      number,
      number,
      number,
      number,
    ];
    // For an insertion, git gives the line before it.
    if (line < (count === 0 ? start + 1 : start)) break;
    if (line < start + count)
      return side === 'last' ? newStart + Math.max(newCount, 1) - 1 : newStart + (newCount === 0 ? 1 : 0);
    shift += newCount - count;
  }
  return line + shift;
}
