// What the items of a run cite, as it stood then, and how that stands today: judged for all of them at once.
import { isStale, type Cite } from '../domain/cite.ts';
import { judgeFreshness, type RecordFreshness } from '../git/cites/freshness.ts';
import type { Memory } from '../memory/open.ts';
import type { ImportItem, StatementItem } from './item.ts';
import { pastCites, readPastFiles } from './past-cites.ts';

export interface Cited {
  cites: Cite[];
  isStale: boolean;
  /** Of a statement that needs one: no cite stands. */
  isGone: boolean;
}

/** By ItemBase.from; of statements alone. */
export function citeItems(memory: Memory, items: readonly ImportItem[]): Map<string, Cited> {
  const { paths } = memory;
  const statements = items.filter((item): item is StatementItem => item.kind === 'statement');
  const past = readPastFiles(
    paths,
    statements.flatMap(({ files }) => files.flatMap(({ path, blob }) => (blob === undefined ? [path] : []))),
  );
  const wishes = statements.map(({ files, at, citedAt, commit }) => ({
    files,
    moment: { at: citedAt ?? at, ...(commit !== undefined && { commit }) },
  }));
  const made = pastCites(paths, past, wishes);
  const cited = statements.map(({ from, whole }, place) => ({
    path: from,
    cites: whole === undefined ? made[place]! : whole.record.cites,
  }));
  const asked = cited.filter(({ cites }) => cites.length > 0);
  const states = new Map<string, RecordFreshness>();
  const judge = (some: typeof asked, history: 'none' | 'ask'): void => {
    if (some.length === 0) return;
    for (const [from, state] of judgeFreshness(paths, some, memory.snapshot, history)) states.set(from, state);
  };
  judge(asked, 'none');
  // History is asked for renames alone: who changed a text is not told here.
  judge(
    asked.filter((one) => one.cites.some(({ path }) => !memory.snapshot.index.has(path))),
    'ask',
  );
  return new Map(
    cited.map(({ path: from, cites }, place): [string, Cited] => {
      const judged = states.get(from);
      const isAnyStale = judged !== undefined && isStale(judged.freshness);
      const isAllStale = isAnyStale && judged.cites.every(({ freshness }) => isStale(freshness));
      return [from, { cites, isStale: isAnyStale, isGone: isAllStale && statements[place]!.needsStanding === true }];
    }),
  );
}
