// Every record with what is judged of it now: the one list that context, search and the commands choose from.
import type { Excerpt } from '../domain/excerpt.ts';
import { isTrusted } from '../domain/excerpt.ts';
import { once } from '../domain/once.ts';
import type { Problem } from '../domain/record.ts';
import type { Snapshot } from '../git/state/snapshot.ts';
import { repositoryPath } from '../git/state/trust.ts';
import { readCatalog, type Catalog } from '../search/catalog.ts';
import { entriesOf, type Entries } from '../search/entries.ts';
import type { SearchIndex } from '../search/index.ts';
import type { Memory } from './open.ts';
import { judgeAll, verdictAt, type Verdict } from './verdicts.ts';

export interface AssessedRecord extends Verdict {
  excerpt: Excerpt;
}

/** Lists and tables are made for those who ask: a question needs a handful of its records. */
export interface RecordSet {
  /** Every readable record, tombstones and summaries included, in the order of the catalog. */
  readonly entries: Entries;
  assessedAt(paths: number): AssessedRecord;
  /** What is judged of each, as judgeAll gives it. */
  readonly verdicts: Uint8Array;
  readonly assessed: readonly AssessedRecord[];
  readonly byId: ReadonlyMap<string, AssessedRecord>;
  /** By Excerpt.path: ids may be taken twice, paths cannot. */
  readonly byPath: ReadonlyMap<string, AssessedRecord>;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
  openIndex(): Promise<SearchIndex>;
  /** Places whose excerpt may hold this text as a value of its own, such as a cited path: all that do, and perhaps others. */
  placesNaming(text: string): number[];
}

export async function readRecordSet(memory: Memory): Promise<RecordSet> {
  const { listing, snapshot } = memory;
  const witness = listing && { listing, blobOf: (path: string) => cleanBlob(path, snapshot) };
  return assessRecordSet(memory, await readCatalog(memory.paths, snapshot.objectFormat, { witness }));
}

/** The blob of a tracked file whose bytes git just found unchanged. */
export function cleanBlob(path: string, snapshot: Snapshot): string | undefined {
  const paths = repositoryPath({ path }, snapshot);
  return snapshot.edited.has(paths) || snapshot.unwatched?.has(paths) ? undefined : snapshot.index.get(paths);
}

/** The same from a catalog that is open already. */
export function assessRecordSet(memory: Memory, catalog: Catalog, index?: SearchIndex): RecordSet {
  const { excerpts, problems, opened } = catalog;
  const entries = index?.entries ?? entriesOf(excerpts);
  const openIndex = async (): Promise<SearchIndex> =>
    index ?? (await import('../search/find.ts')).openIndex(memory.paths, entries, opened);
  const verdicts = judgeAll(excerpts, memory.snapshot, memory.ledger);
  return makeRecordSet({ entries, verdicts, problems, openIndex, catalog });
}

type RecordSetParts = Pick<RecordSet, 'entries' | 'verdicts' | 'openIndex' | 'problems'> &
  Partial<Pick<RecordSet, 'catalog' | 'placesNaming'>>;

/** Tables and lists are made of the parts when somebody asks, once. */
export function makeRecordSet(parts: RecordSetParts): RecordSet {
  const { entries, verdicts, openIndex, problems, catalog } = parts;
  const assessedAt = (paths: number): AssessedRecord => ({ excerpt: entries.at(paths), ...verdictAt(verdicts, paths) });
  const all = <T>(at: (paths: number) => T): T[] => Array.from(verdicts, (_, paths) => at(paths));
  const assessed = once(() => all(assessedAt));
  const byId = once(() => indexById(assessed()));
  const byPath = once(() => new Map(assessed().map((one) => [one.excerpt.path, one])));
  const listed = once(
    () => catalog ?? { excerpts: all((paths) => entries.at(paths)), problems: [...problems], opened: new Map() },
  );
  return {
    entries,
    verdicts,
    assessedAt,
    openIndex: once(openIndex),
    placesNaming: parts.placesNaming ?? (() => all((paths) => paths)),
    problems,
    get catalog() {
      return listed();
    },
    get assessed() {
      return assessed();
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
function indexById(assessed: readonly AssessedRecord[]): Map<string, AssessedRecord> {
  const byId = new Map<string, AssessedRecord>();
  const rank = ({ trust, isHere, isActive }: AssessedRecord): number =>
    (isTrusted(trust) ? 4 : 0) + (isHere ? 2 : 0) + (isActive ? 1 : 0);
  for (const one of assessed) {
    const other = byId.get(one.excerpt.id);
    if (other === undefined || rank(one) >= rank(other)) byId.set(one.excerpt.id, one);
  }
  return byId;
}

/** Observations that a session may be told of: trusted, standing, of this branch. */
export function tellable(recordSet: RecordSet): AssessedRecord[] {
  return recordSet.assessed.filter(isTellable);
}

export function isTellable({ excerpt, trust, isHere, isActive }: AssessedRecord): boolean {
  return isActive && isHere && excerpt.type !== 'session' && isTrusted(trust);
}

/** Standing observations of others that nobody reviewed. */
export function foreignOnes(recordSet: RecordSet): AssessedRecord[] {
  return recordSet.assessed.filter((one) => one.isActive && one.excerpt.type !== 'session' && one.trust === 'foreign');
}
