// Every record with its verdict: the value that context, search and the commands choose from.
import { isTrusted, type Excerpt } from '../domain/excerpt.ts';
import type { Problem } from '../domain/record.ts';
import type { RecordTable } from '../index/table.ts';
import type { Verdict } from './verdicts.ts';

export interface AssessedRecord extends Verdict {
  excerpt: Excerpt;
}

/** Lists and maps are built on first use: a question needs a handful of the records. */
export interface RecordSet {
  /** Every readable record, tombstones and summaries included, by row: shared before local ones, each by path. */
  readonly table: RecordTable;
  /** By row. */
  readonly verdicts: readonly Verdict[];
  /** Files that are no records. */
  readonly problems: readonly Problem[];
  assessedAt(row: number): AssessedRecord;
  /** By row. */
  readonly assessed: readonly AssessedRecord[];
  readonly byId: ReadonlyMap<string, AssessedRecord>;
  /** By Excerpt.path: ids may be taken twice, paths cannot. */
  readonly byPath: ReadonlyMap<string, AssessedRecord>;
  /** Lets go of the lists, the maps and what the table parsed; they are built again on use. */
  release(): void;
}

export function makeRecordSet(parts: Pick<RecordSet, 'table' | 'verdicts' | 'problems'>): RecordSet {
  const { table, verdicts } = parts;
  const assessedAt = (row: number): AssessedRecord => ({ excerpt: table.excerptAt(row), ...verdicts[row]! });
  let made: { assessed?: AssessedRecord[]; byId?: RecordSet['byId']; byPath?: RecordSet['byPath'] } = {};
  const listAll = (): readonly AssessedRecord[] =>
    (made.assessed ??= Array.from({ length: table.count }, (_, row) => assessedAt(row)));
  return {
    ...parts,
    assessedAt,
    get assessed() {
      return listAll();
    },
    get byId() {
      return (made.byId ??= indexById(listAll()));
    },
    get byPath() {
      return (made.byPath ??= new Map(listAll().map((one) => [one.excerpt.path, one])));
    },
    release: () => {
      made = {};
      table.release();
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

/** Observations that a session may be told of: trusted, active, of this branch. */
export function tellable(recordSet: RecordSet): AssessedRecord[] {
  return recordSet.assessed.filter(isTellable);
}

export function isTellable({ excerpt, trust, isHere, isActive }: AssessedRecord): boolean {
  return isActive && isHere && excerpt.type !== 'session' && isTrusted(trust);
}

/** Active observations of others that nobody reviewed. */
export function foreignOnes(recordSet: RecordSet): AssessedRecord[] {
  return recordSet.assessed.filter((one) => one.isActive && one.excerpt.type !== 'session' && one.trust === 'foreign');
}
