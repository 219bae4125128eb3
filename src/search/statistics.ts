// What is counted over all records of an index. Whole numbers: put in and taken out again and again they never drift.
import { fieldNames } from '../index/fields.ts';
import type { SegmentParts } from './segment.ts';

export interface Statistics {
  /** How many records are indexed: all but those that vanished meanwhile. */
  documentCount: number;
  /** By field, the distinct terms of all records together. */
  totals: readonly number[];
  /** By field, the records that have it. */
  holders: readonly number[];
}

export interface Counter {
  add(segment: SegmentParts, document: number): void;
  remove(segment: SegmentParts, document: number): void;
  statistics(): Statistics;
}

/** Goes on from what was counted before, or from nothing. */
export function makeCounter(before?: Statistics): Counter {
  const fieldCount = fieldNames.length;
  const totals = [...(before?.totals ?? fieldNames.map(() => 0))];
  const holders = [...(before?.holders ?? fieldNames.map(() => 0))];
  let { documentCount } = before ?? { documentCount: 0 };
  const count = ({ lengths }: SegmentParts, document: number, times: 1 | -1): void => {
    documentCount += times;
    for (let field = 0; field < fieldCount; field++) {
      const length = lengths[document * fieldCount + field]!;
      totals[field]! += times * length;
      if (length > 0) holders[field]! += times;
    }
  };
  return {
    add: (segment, document) => count(segment, document, 1),
    remove: (segment, document) => count(segment, document, -1),
    statistics: () => ({ documentCount, totals: [...totals], holders: [...holders] }),
  };
}

/** By field, distinct terms on average of the records that have it. */
export function averageLengths({ totals, holders }: Statistics): number[] {
  return totals.map((total, field) => (holders[field] === 0 ? 1 : total / holders[field]!));
}

/** Of anything that has them among other things. */
export function statisticsIn({ documentCount, totals, holders }: Statistics): Statistics {
  return { documentCount, totals, holders };
}
