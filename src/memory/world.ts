// Every record with what is judged of it now: the one list that context, search and the commands choose from.
import type { Excerpt } from '../domain/excerpt.ts';
import { isTrusted } from '../domain/excerpt.ts';
import { once } from '../domain/once.ts';
import type { Problem } from '../domain/record.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { repositoryPath } from '../git/trust.ts';
import { readCatalog, type Catalog } from '../search/catalog.ts';
import { entriesOf, type Entries } from '../search/entries.ts';
import type { SearchIndex } from '../search/index.ts';
import type { Memory } from './open.ts';
import { judgeAll, verdictAt, type Verdict } from './verdicts.ts';

export interface Judged extends Verdict {
  excerpt: Excerpt;
}

/** Lists and tables are made for those who ask: a question needs a handful of its records. */
export interface World {
  /** Every readable record, tombstones and summaries included, in the order of the catalog. */
  readonly entries: Entries;
  judgedAt(place: number): Judged;
  /** What is judged of each, as judgeAll gives it. */
  readonly verdicts: Uint8Array;
  readonly judged: readonly Judged[];
  readonly byId: ReadonlyMap<string, Judged>;
  /** By Excerpt.path: ids may be taken twice, paths cannot. */
  readonly byPath: ReadonlyMap<string, Judged>;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
  openIndex(): Promise<SearchIndex>;
  /** Places whose excerpt may hold this text as a value of its own, such as a cited path: all that do, and perhaps others. */
  placesNaming(text: string): number[];
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
  const { excerpts, problems, opened } = catalog;
  const entries = index?.entries ?? entriesOf(excerpts);
  const openIndex = async (): Promise<SearchIndex> =>
    index ?? (await import('../search/find.ts')).openIndex(memory.place, entries, opened);
  const verdicts = judgeAll(excerpts, memory.snapshot, memory.ledger);
  return makeWorld({ entries, verdicts, problems, openIndex, catalog });
}

type WorldParts = Pick<World, 'entries' | 'verdicts' | 'openIndex' | 'problems'> &
  Partial<Pick<World, 'catalog' | 'placesNaming'>>;

/** Tables and lists are made of the parts when somebody asks, once. */
export function makeWorld(parts: WorldParts): World {
  const { entries, verdicts, openIndex, problems, catalog } = parts;
  const judgedAt = (place: number): Judged => ({ excerpt: entries.at(place), ...verdictAt(verdicts, place) });
  const all = <T>(at: (place: number) => T): T[] => Array.from(verdicts, (_, place) => at(place));
  const judged = once(() => all(judgedAt));
  const byId = once(() => indexById(judged()));
  const byPath = once(() => new Map(judged().map((one) => [one.excerpt.path, one])));
  const listed = once(
    () => catalog ?? { excerpts: all((place) => entries.at(place)), problems: [...problems], opened: new Map() },
  );
  return {
    entries,
    verdicts,
    judgedAt,
    openIndex: once(openIndex),
    placesNaming: parts.placesNaming ?? (() => all((place) => place)),
    problems,
    get catalog() {
      return listed();
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

/** Observations that a session may be told of: trusted, standing, of this branch. */
export function tellable(world: World): Judged[] {
  return world.judged.filter(isTellable);
}

export function isTellable({ excerpt, trust, isHere, isActive }: Judged): boolean {
  return isActive && isHere && excerpt.type !== 'session' && isTrusted(trust);
}

/** Standing observations of others that nobody reviewed. */
export function foreignOnes(world: World): Judged[] {
  return world.judged.filter((one) => one.isActive && one.excerpt.type !== 'session' && one.trust === 'foreign');
}
