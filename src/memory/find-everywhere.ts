// One question to every repository that the user gave a memory.
import type { Env } from '../domain/env.ts';
import type { RecordFreshness } from '../git/cites/freshness.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { Query } from '../search/hit.ts';
import { readKnownRepositories } from '../store/known-repositories.ts';
import { findMemory } from '../store/locate.ts';
import { search, type Found, type LikenessOf } from './find.ts';
import { freshnessOf } from './mark-stale.ts';
import type { Memory } from './open.ts';
import { userFolder } from '../settings/user-folder.ts';
import { openRecords } from './records.ts';

export interface FoundThere extends Found {
  memory: Memory;
  state?: RecordFreshness;
}

export interface FoundSomeThere {
  found: FoundThere[];
  /** How many there are in all. */
  total: number;
  /** Records of the memory, and files that are none. */
  held: number;
  unreadable: number;
}

/** Hits in this repository, in order, with how their cites stand. */
export async function findHere(
  env: Env,
  paths: MemoryPaths,
  query: Query,
  likenessOf?: LikenessOf,
): Promise<FoundSomeThere> {
  const { memory, recordSet, save } = await openRecords(env, paths, { everyFile: true });
  const { found, total } = await search(memory, recordSet, query, likenessOf);
  if (query.text) save();
  const states = freshnessOf(memory, found);
  const there = found.map((one): FoundThere => {
    const state = states.get(one.excerpt.path);
    return { ...one, memory, ...(state && { state }) };
  });
  return { found: there, total, held: recordSet.table.count, unreadable: recordSet.problems.length };
}

/**
 * The same over all known repositories: by date when nothing is asked, else by how much of the question a record holds (scores of two
 * indexes cannot be compared). Repositories that are gone are passed over.
 */
export async function findEverywhere(env: Env, query: Query): Promise<FoundSomeThere> {
  const offset = query.offset ?? 0;
  const wanted = { ...query, offset: 0, limit: offset + (query.limit ?? 10) };
  const all: FoundSomeThere = { found: [], total: 0, held: 0, unreadable: 0 };
  for (const { root } of readKnownRepositories(userFolder(env))) {
    const paths = findMemory([root], env.home);
    if (!paths) continue;
    const { found, total, held, unreadable } = await findHere(env, paths, wanted);
    all.found.push(...found);
    all.total += total;
    all.held += held;
    all.unreadable += unreadable;
  }
  const isByDate = !query.text || query.order === 'date';
  all.found.sort(
    (a, b) => (isByDate ? 0 : b.hit.coverage - a.hit.coverage) || (a.excerpt.created < b.excerpt.created ? 1 : -1),
  );
  return { ...all, found: all.found.slice(offset, wanted.limit) };
}
