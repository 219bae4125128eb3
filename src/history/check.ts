// Stale and moved cites of records, with the commits that changed them.
import type { Freshness } from '../domain/cite.ts';
import { readCommits } from '../git/history/commits.ts';
import { findDeadNames } from '../git/history/dead-names.ts';
import { freshnessOf } from '../memory/mark-stale.ts';
import type { Memory } from '../memory/open.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { readRecordSet, tellable } from '../memory/records.ts';

const order: readonly Freshness[] = ['gone', 'changed', 'moved', 'shifted'];

export type CheckReport = Awaited<ReturnType<typeof checkMemory>>;

/** Checks all records that sessions are told of, or those of `ids`. */
export async function checkMemory(memory: Memory, ids: readonly string[] = []) {
  const recordSet = await readRecordSet(memory);
  const chosen = ids.length > 0 ? ids.map((id) => resolveId(recordSet, id)) : tellable(recordSet);
  const states = freshnessOf(memory, chosen, 'ask');
  const changers = [...states.values()].flatMap(({ cites }) => cites.flatMap(({ commit }) => commit ?? []));
  const commits = readCommits(memory.paths, changers);
  const counts: Record<Freshness, number> = { fresh: 0, shifted: 0, moved: 0, changed: 0, gone: 0 };
  for (const { freshness } of states.values()) counts[freshness]++;
  /** Those that are not fresh, the worst first, then the newest; `cites`: those that are not. */
  const records = chosen
    .toSorted((a, b) => (a.excerpt.created > b.excerpt.created ? -1 : 1))
    .flatMap(({ excerpt }) => {
      const { freshness = 'fresh', cites: now = [] } = states.get(excerpt.path) ?? {};
      const cites = now.flatMap((state, at) => {
        const { path, lines } = excerpt.cites[at]!;
        // Without a commit the change is not committed.
        return state.freshness === 'fresh'
          ? []
          : [{ path, lines, now: state, commit: commits.get(state.commit ?? '') }];
      });
      const { id, type, title, path, tier } = excerpt;
      return freshness === 'fresh' ? [] : [{ id, type, title, path, tier, freshness, cites }];
    })
    .sort((a, b) => order.indexOf(a.freshness) - order.indexOf(b.freshness));
  const texts = new Map(
    chosen.map((one) => {
      const { title, description, body, facts } = readFull(memory, one).record;
      return [one.excerpt.path, [title, description, body, ...facts].join('\n')];
    }),
  );
  const dead = findDeadNames(memory.paths, texts, memory.snapshot.head);
  /** Commits and files mentioned in records' texts but missing from this history. */
  const deadNames = chosen.flatMap(({ excerpt: { id, title, path } }) => {
    const names = dead.get(path);
    return names === undefined ? [] : [{ id, title, path, names }];
  });
  // `checked`: how many records have cites.
  return { checked: states.size, counts, records, deadNames };
}
