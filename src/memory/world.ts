// Every record with what is judged of it now: the one list that context, search and the commands choose from.
import type { Excerpt, Trust } from '../domain/excerpt.ts';
import { isTrusted } from '../domain/excerpt.ts';
import type { Problem } from '../domain/record.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { belongsHere, judgeTrust, repositoryPath } from '../git/trust.ts';
import { readCatalog, type Catalog } from '../search/catalog.ts';
import type { SearchIndex } from '../search/index.ts';
import { activeExcerpts } from '../search/standing.ts';
import type { Memory } from './open.ts';

export interface Judged {
  excerpt: Excerpt;
  trust: Trust;
  /** Belongs to the branch that is checked out. */
  isHere: boolean;
  /** Not superseded, not forgotten, no tombstone. */
  isActive: boolean;
}

export interface World {
  catalog: Catalog;
  /** Every readable record, tombstones and summaries included. */
  judged: readonly Judged[];
  byId: ReadonlyMap<string, Judged>;
  /** By Excerpt.path: ids may be taken twice, paths cannot. */
  byPath: ReadonlyMap<string, Judged>;
  active: ReadonlySet<Excerpt>;
  /** Kept open by processes that stay. */
  index?: SearchIndex;
  problems: readonly Problem[];
  isTrusted(excerpt: Excerpt): boolean;
}

export async function readWorld(memory: Memory): Promise<World> {
  const { listing, snapshot } = memory;
  const witness = listing && { listing, blobOf: (path: string) => cleanBlob(path, snapshot) };
  return judgeWorld(memory, await readCatalog(memory.place, snapshot.objectFormat, { witness }));
}

/** The blob of a tracked file whose bytes git just found unchanged. */
function cleanBlob(path: string, snapshot: Snapshot): string | undefined {
  const place = repositoryPath({ path }, snapshot);
  return snapshot.edited.has(place) || snapshot.unwatched?.has(place) ? undefined : snapshot.index.get(place);
}

/** The same from a catalog that is open already. */
export function judgeWorld(memory: Memory, catalog: Catalog, index?: SearchIndex): World {
  const { snapshot, ledger } = memory;
  const trusts = new Map<Excerpt, Trust>();
  const here = new Set<Excerpt>();
  for (const excerpt of catalog.excerpts) {
    trusts.set(excerpt, judgeTrust(excerpt, snapshot, ledger));
    if (belongsHere(excerpt, snapshot, ledger)) here.add(excerpt);
  }
  const trusted = (excerpt: Excerpt): boolean => isTrusted(trusts.get(excerpt) ?? 'foreign');
  // What belongs to another branch replaces nothing here.
  const active = new Set(activeExcerpts(catalog.excerpts, (excerpt) => trusted(excerpt) && here.has(excerpt)));
  const judged = catalog.excerpts.map((excerpt) => ({
    excerpt,
    trust: trusts.get(excerpt) ?? ('foreign' as const),
    isHere: here.has(excerpt),
    isActive: active.has(excerpt),
  }));
  const idsOnce = once(() => indexById(judged));
  const pathsOnce = once(() => new Map(judged.map((one) => [one.excerpt.path, one])));
  return {
    catalog,
    judged,
    // Made for those who ask: a session start does not.
    get byId() {
      return idsOnce();
    },
    get byPath() {
      return pathsOnce();
    },
    active,
    ...(index && { index }),
    problems: catalog.problems,
    isTrusted: trusted,
  };
}

/** Ids may be taken twice: no stranger's record, and none of another branch, stands before one of ours. */
function indexById(judged: readonly Judged[]): Map<string, Judged> {
  const byId = new Map<string, Judged>();
  const rank = ({ trust, isHere, isActive }: Judged): number =>
    (isTrusted(trust) ? 4 : 0) + (isHere ? 2 : 0) + (isActive ? 1 : 0);
  for (const one of judged) {
    const other = byId.get(one.excerpt.id);
    if (other === undefined || rank(one) >= rank(other)) byId.set(one.excerpt.id, one);
  }
  return byId;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Observations that a session may be told of: trusted, standing, of this branch. */
export function tellable(world: World): Judged[] {
  return world.judged.filter(
    (one) => one.isActive && one.isHere && one.excerpt.type !== 'session' && isTrusted(one.trust),
  );
}

/** Standing observations of others that nobody reviewed. */
export function foreignOnes(world: World): Judged[] {
  return world.judged.filter((one) => one.isActive && one.excerpt.type !== 'session' && one.trust === 'foreign');
}
