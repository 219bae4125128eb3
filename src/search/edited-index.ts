// A kept index brought up to date where a few records were edited in place: only the small part is made anew, and no document is looked
// for by its key.
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { MemoryRecord } from '../domain/record.ts';
import { segmentBuilder } from './build-segment.ts';
import type { Entries } from './entries.ts';
import { fieldNames, wordsOfRecord } from '../index/fields.ts';
import {
  asIndex,
  type IndexPart,
  isSmallPart,
  type KeptIndex,
  openKeptIndex,
  partOf,
  readKeptSegments,
  type SearchIndex,
} from './index.ts';
import { formatSegment, parseSegment } from './segment.ts';
import { type Counter, makeCounter, statisticsIn } from './statistics.ts';

export interface EditedIndex extends SearchIndex {
  /** Its small part, as formatSegment gives it: nobody else has it. */
  recent?: Uint8Array;
}

/**
 * `edited`: by place in `entries`, the record that stands there now. Undefined when the files are not those that the index was kept with, or
 * when too much moved for the small part: openIndex then makes it.
 */
export function openEditedIndex(
  place: MemoryPaths,
  entries: Entries,
  kept: KeptIndex,
  edited: ReadonlyMap<number, MemoryRecord>,
): EditedIndex | undefined {
  if (edited.size === 0) {
    const index = openKeptIndex(place, entries, kept);
    return index && { ...index, ...(kept.recent && { recent: kept.recent }) };
  }
  const segments = readKeptSegments(place, kept);
  const [base, recent] = segments?.map((segment, at) => partOf(segment, kept.places[at]!.slice(), entries.count)) ?? [];
  if (base === undefined) return undefined;
  const counter = makeCounter(statisticsIn(kept));
  for (const at of edited.keys()) for (const part of [base, recent]) if (part) removePlace(part, at, counter);
  const stay = (recent?.places ?? new Int32Array()).filter((at) => at >= 0);
  const places = Int32Array.of(...stay, ...edited.keys());
  if (!isSmallPart(places.length, entries.count)) return undefined;

  const builder = segmentBuilder(fieldNames.length);
  if (recent) builder.merge(recent.segment, (document) => recent.places[document]! >= 0);
  for (const [at, record] of edited) builder.add(entries.keyAt(at), wordsOfRecord(record));
  const bytes = formatSegment(builder.finish());
  const built = partOf(parseSegment(bytes, fieldNames.length), places, entries.count);
  for (let document = stay.length; document < places.length; document++) counter.add(built.segment, document);
  return { ...asIndex(entries, [base, built], counter.statistics()), recent: bytes };
}

/** The document of an edited file speaks of nothing any more. */
function removePlace(part: IndexPart, place: number, counter: Counter): void {
  const document = part.documents[place]!;
  if (document < 0) return;
  counter.remove(part.segment, document);
  part.documents[place] = -1;
  part.places[document] = -1;
  part.isWhole = false;
}
