// A shelf brought up to date: only files whose size or time moved are opened.
import type { Excerpt } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { MemoryRecord, Problem } from '../domain/record.ts';
import { absolutePath } from '../store/layout.ts';
import { isUntouched, statRecordFile, type RecordFile, type RecordNames } from '../store/list.ts';
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

/**
 * `listed`: the names of now; absent when no file came, went or was something else than a record. `touched`: then also the places whose file
 * moved, where they were looked for already.
 */
export async function restock(
  place: MemoryPaths,
  shelf: Shelf,
  algorithm: 'sha1' | 'sha256',
  listed: RecordNames | undefined,
  touched?: ReadonlySet<number>,
): Promise<Restocked> {
  const paths = shelf.paths();
  const names = listed?.names;
  const isSame = (at: number, absolute: string): boolean =>
    touched ? !touched.has(at) : isUntouched(absolute, shelf.mtimes[at]!, shelf.sizes[at]!);
  const placeOf = names && new Map(paths.map((path, at) => [path, at]));
  const problems = [...(listed?.problems ?? [])];
  const opened = new Map<string, MemoryRecord>();
  const stock: Stock[] = [];
  const count = names?.length ?? paths.length;
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const path = names ? names[ordinal]!.path : paths[ordinal]!;
    const absolute = absolutePath(place, path);
    const at = placeOf ? placeOf.get(path) : ordinal;
    if (at !== undefined && isSame(at, absolute)) {
      stock.push(shelf.edits.get(at) ?? at);
      continue;
    }
    const tier = names ? names[ordinal]!.tier : shelf.tierAt(ordinal);
    const file = statRecordFile({ path, absolute, tier });
    if (file === undefined) continue;
    const read = 'problem' in file ? file : await readEntry(file, algorithm);
    if ('problem' in read) {
      problems.push(read.problem);
      continue;
    }
    opened.set(path, read.record);
    stock.push(read.excerpt);
  }
  const isAll = stock.length === paths.length && stock.every((one, at) => one === at);
  return { shelf: isAll ? shelf : makeShelf(stock, shelf), problems, opened };
}

/** The record that a file holds, and what is kept of it; or why it is none. */
export async function readEntry(
  file: RecordFile,
  algorithm: 'sha1' | 'sha256',
): Promise<{ record: MemoryRecord; excerpt: Excerpt } | { problem: Problem }> {
  const read = readPlainFile(file, algorithm) ?? (await import('../store/read.ts')).readRecordFile(file, algorithm);
  return 'problem' in read ? read : { record: read.record, excerpt: excerptOf(file, read) };
}
