// Every record with what is judged of it now: the one list that context, search and the commands choose from.
import type { Excerpt, Trust } from '../domain/excerpt.ts';
import { isTrusted } from '../domain/excerpt.ts';
import type { Problem } from '../domain/record.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { belongsHere, judgeTrust, repositoryPath } from '../git/trust.ts';
import { readCatalog, type Catalog } from '../search/catalog.ts';
import { entriesOf, type Entries } from '../search/entries.ts';
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

/** Lists and tables are made for those who ask: a question needs a handful of its records. */
export interface World {
  /** Every readable record, tombstones and summaries included, in the order of the catalog. */
  readonly entries: Entries;
  judgedAt(place: number): Judged;
  /** Stands, and belongs to the branch that is checked out. */
  mayFind(place: number): boolean;
  /** Places whose excerpt may hold this text as a value of its own, such as a cited path: all that do, and perhaps others. */
  placesNaming(text: string): number[];
  readonly judged: readonly Judged[];
  readonly byId: ReadonlyMap<string, Judged>;
  /** By Excerpt.path: ids may be taken twice, paths cannot. */
  readonly byPath: ReadonlyMap<string, Judged>;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
  openIndex(): Promise<SearchIndex>;
}

export async function readWorld(memory: Memory): Promise<World> {
  const { listing, snapshot } = memory;
  const witness = listing && { listing, blobOf: (path: string) => cleanBlob(path, snapshot) };
  return judgeWorld(memory, await readCatalog(memory.place, snapshot.objectFormat, { witness }));
}

/** The blob of a tracked file whose bytes git just found unchanged. */
export function cleanBlob(path: string, snapshot: Snapshot): string | undefined {
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
  return worldOf(
    catalog,
    judged,
    async () => index ?? (await import('../search/find.ts')).openIndex(memory.place, catalog),
  );
}

/** `judged` in the order of the catalog. */
export function worldOf(catalog: Catalog, judged: readonly Judged[], openIndex: () => Promise<SearchIndex>): World {
  const entries = entriesOf(catalog.excerpts);
  return makeWorld({
    entries,
    judgedAt: (place) => judged[place]!,
    mayFind: (place) => judged[place]!.isActive && judged[place]!.isHere,
    openIndex,
    catalog: () => catalog,
    problems: catalog.problems,
  });
}

interface WorldParts extends Pick<World, 'entries' | 'judgedAt' | 'mayFind' | 'openIndex' | 'problems'> {
  placesNaming?(text: string): number[];
  catalog(): Catalog;
}

/** Tables and lists are made of the parts when somebody asks, once. */
export function makeWorld(parts: WorldParts): World {
  const { entries, judgedAt, mayFind, openIndex, catalog, problems } = parts;
  const judged = once(() => Array.from({ length: entries.count }, (_, place) => judgedAt(place)));
  const byId = once(() => indexById(judged()));
  const byPath = once(() => new Map(judged().map((one) => [one.excerpt.path, one])));
  const catalogOnce = once(catalog);
  return {
    entries,
    judgedAt,
    mayFind,
    openIndex: once(openIndex),
    placesNaming: parts.placesNaming ?? (() => [...Array(entries.count).keys()]),
    problems,
    get catalog() {
      return catalogOnce();
    },
    get judged() {
      return judged();
    },
    get byId() {
      return byId();
    },
    get byPath() {
      return byPath();
    },
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

/** The same value each time, made when it is first asked for. */
export function once<T>(make: () => T): () => T {
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
