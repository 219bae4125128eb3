// A shelf brought up to date: only files whose size or time moved are opened.
import type { Place } from '../domain/place.ts';
import type { MemoryRecord, Problem } from '../domain/record.ts';
import { absolutePath } from '../store/layout.ts';
import { listRecordNames, statRecordFile, type RecordNames } from '../store/list.ts';
import { readPlainFile } from '../store/read-with.ts';
import { excerptOf } from './catalog-rows.ts';
import { makeShelf, type Shelf, type Stock } from './shelf.ts';

export interface Restocked {
  /** The very same when nothing moved. */
  shelf: Shelf;
  problems: readonly Problem[];
  /** Records that had to be opened, by path. */
  opened: ReadonlyMap<string, MemoryRecord>;
}

/** `areNamesSame`: no file came, went or was something else than a record, so that nothing need be listed. */
export async function restock(
  place: Place,
  shelf: Shelf,
  algorithm: 'sha1' | 'sha256',
  areNamesSame: boolean,
): Promise<Restocked> {
  const paths = shelf.paths();
  const listed: RecordNames = areNamesSame
    ? {
        names: paths.map((path, at) => ({ path, absolute: absolutePath(place, path), tier: shelf.tierAt(at) })),
        problems: [],
      }
    : listRecordNames(place);
  const placeOf = areNamesSame ? undefined : new Map(paths.map((path, at) => [path, at]));
  const problems = [...listed.problems];
  const opened = new Map<string, MemoryRecord>();
  const stock: Stock[] = [];
  for (const [ordinal, name] of listed.names.entries()) {
    const file = statRecordFile(name);
    if (file === undefined) continue;
    if ('problem' in file) {
      problems.push(file.problem);
      continue;
    }
    const at = placeOf ? placeOf.get(name.path) : ordinal;
    if (at !== undefined && shelf.mtimes[at] === file.mtimeMs && shelf.sizes[at] === file.bytes) {
      stock.push(at);
      continue;
    }
    const read = readPlainFile(file, algorithm) ?? (await import('../store/read.ts')).readRecordFile(file, algorithm);
    if ('problem' in read) {
      problems.push(read.problem);
      continue;
    }
    opened.set(name.path, read.record);
    stock.push(excerptOf(file, read));
  }
  const isSame = stock.length === paths.length && stock.every((one, at) => one === at);
  return { shelf: isSame ? shelf : makeShelf(stock, shelf), problems, opened };
}
