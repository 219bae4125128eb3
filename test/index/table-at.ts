// Tables of made-up words, with no record behind them.
import * as fc from 'fast-check';
import { fieldNames } from '../../src/index/fields.ts';
import { type FreshRow, type OverlayRow, overlayTable } from '../../src/index/overlay.ts';
import type { RecordTable } from '../../src/index/table.ts';
import { excerpt } from '../helpers/search-place.ts';

/** By field. */
export type Words = string[][];

export const word = fc.oneof(
  fc.constantFrom('alpha', 'beta', 'gamma', 'delta', 'epsilon', '2026', 'é', '日本', '"', '\\n', '#time'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
);
export const documents = fc.array(
  fc.array(fc.array(word, { maxLength: 8 }), { minLength: fieldNames.length, maxLength: fieldNames.length }),
  { minLength: 1, maxLength: 30 },
);

/** A table of these words, a record each. */
export function tableOf(all: readonly Words[]): RecordTable {
  return overlayTable(all.map((words, row): OverlayRow => ({ ...rowOf(row), words: () => words })));
}

export function rowOf(row: number): FreshRow {
  return { excerpt: excerpt({ id: String(row), session: `s${row % 3}`, supersedes: row === 3 ? ['1'] : [] }) };
}

/** Every posting of a table: [term, field, row] → how often. */
export function allPostings(table: RecordTable): Map<string, number> {
  const found = new Map<string, number>();
  for (const term of table.column('terms'))
    for (const [field, pairs] of (table.postings(term) ?? []).entries())
      for (let at = 0; at < pairs.length; at += 2) found.set(JSON.stringify([term, field, pairs[at]]), pairs[at + 1]!);
  return found;
}
