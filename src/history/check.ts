// Stale and moved cites of records, with the commits that changed them.
import type { Cite, Freshness } from '../domain/cite.ts';
import type { Excerpt } from '../domain/excerpt.ts';
import { readCommits, type CommitInfo } from '../git/history/commits.ts';
import { findDeadNames, type DeadName } from '../git/history/dead-names.ts';
import type { CiteState } from '../git/cites/judge-cite.ts';
import { freshnessOf } from '../memory/mark-stale.ts';
import type { Memory } from '../memory/open.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { readRecordSet, tellable, type AssessedRecord } from '../memory/records.ts';

export interface CheckedCite {
  cite: Cite;
  now: CiteState;
  /** The commit that changed it; absent for uncommitted changes. */
  by?: CommitInfo;
}

interface CheckedRecord {
  excerpt: Excerpt;
  freshness: Freshness;
  /** Cites that are not fresh. */
  cites: CheckedCite[];
}

export interface CheckReport {
  /** Number of records with cites. */
  checked: number;
  counts: Record<Freshness, number>;
  /** Records that are not fresh, the worst first. */
  records: CheckedRecord[];
  /** Commits and files mentioned in record texts but missing from this history. */
  deadNames: { excerpt: Excerpt; names: DeadName[] }[];
}

const order: readonly Freshness[] = ['gone', 'changed', 'moved', 'shifted'];

/** Checks all records that sessions are told of, or those of `ids`. */
export async function checkMemory(memory: Memory, ids: readonly string[] = []): Promise<CheckReport> {
  const recordSet = await readRecordSet(memory);
  const chosen = ids.length > 0 ? ids.map((id) => resolveId(recordSet, id)) : tellable(recordSet);
  const states = freshnessOf(memory, chosen, 'ask');
  const changers = [...states.values()].flatMap(({ cites }) => cites.flatMap(({ commit }) => commit ?? []));
  const commits = readCommits(memory.paths, changers);
  const counts: Record<Freshness, number> = { fresh: 0, shifted: 0, moved: 0, changed: 0, gone: 0 };
  for (const { freshness } of states.values()) counts[freshness]++;
  const records = chosen.flatMap(({ excerpt }): CheckedRecord[] => {
    const { freshness = 'fresh', cites: now = [] } = states.get(excerpt.path) ?? {};
    if (freshness === 'fresh') return [];
    const cites = now.map((state, at): CheckedCite => {
      const by = commits.get(state.commit ?? '');
      return { cite: excerpt.cites[at]!, now: state, ...(by && { by }) };
    });
    return [{ excerpt, freshness, cites: cites.filter((one) => one.now.freshness !== 'fresh') }];
  });
  records.sort((a, b) => order.indexOf(a.freshness) - order.indexOf(b.freshness) || byDate(a, b));
  const texts = new Map(chosen.map((one) => [one.excerpt.path, textOf(memory, one)]));
  const dead = findDeadNames(memory.paths, texts, memory.snapshot.head);
  const deadNames = chosen.flatMap(({ excerpt }) => {
    const names = dead.get(excerpt.path);
    return names === undefined ? [] : [{ excerpt, names }];
  });
  return { checked: states.size, counts, records, deadNames };
}

function textOf(memory: Memory, one: AssessedRecord): string {
  const { title, description, body, facts } = readFull(memory, one).record;
  return [title, description, body, ...facts].join('\n');
}

function byDate(a: CheckedRecord, b: CheckedRecord): number {
  return a.excerpt.created > b.excerpt.created ? -1 : 1;
}
