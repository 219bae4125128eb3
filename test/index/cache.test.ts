import { wordsOfRecord } from '../../src/index/record-words.ts';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blankRecord, type MemoryRecord } from '../../src/domain/record.ts';
import { formatTable as piecesOf, parseTable, readTable, writeTable } from '../../src/index/cache.ts';
import { fieldNames } from '../../src/index/fields.ts';
import { type FreshRow, overlayTable } from '../../src/index/overlay.ts';
import type { RecordTable } from '../../src/index/table.ts';
import { excerpt, tempPlace, type TempPlace } from '../helpers/search-place.ts';
import { allPostings, documents, rowOf, tableOf } from './table-at.ts';

const formatTable = (table: RecordTable, inspectedAt: number): Buffer =>
  Buffer.concat(piecesOf(table, inspectedAt).pieces);

const columns = [
  'path',
  'bytes',
  'mtimeMs',
  'blob',
  'type',
  'created',
  'branch',
  'session',
  'lengths',
  'supersedes',
  'forgets',
] as const;

/** Everything that can be asked of a table. */
function contentOf(table: RecordTable): unknown {
  return {
    columns: columns.map((name) => table.column(name)),
    excerpts: Array.from({ length: table.count }, (_, row) => table.excerptAt(row)),
    postings: [...allPostings(table)].sort(),
  };
}

describe('the records file', () => {
  it('gives back the table that was written', () => {
    fc.assert(
      fc.property(documents, (words) => {
        const table = tableOf(words);
        expect(contentOf(parseTable(formatTable(table, 7)))).toEqual(contentOf(table));
      }),
    );
  });
  it('is not read when a byte of it is another or it is cut short', () => {
    const bytes = formatTable(tableOf([fieldNames.map(() => ['alpha', 'é'])]), 7);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const other = Buffer.from(bytes);
        other[at] = other[at]! ^ change;
        expect(() => parseTable(other)).toThrow();
        expect(() => parseTable(bytes.subarray(0, at))).toThrow();
      }),
    );
  });
  it('finds the rows that hold a text, such as a cited path or a part of one', () => {
    const rows = ['src/a.ts', 'src/b.ts', 'src/a.ts', 'a "quoted" path'].map((path, row): FreshRow => {
      return { excerpt: excerpt({ id: String(row), cites: [{ path }] }) };
    });
    for (const table of [overlayTable(rows), parseTable(formatTable(overlayTable(rows), 7))]) {
      expect(table.rowsNaming('src/a.ts')).toEqual([0, 2]);
      expect(table.rowsNaming('a "quoted" path')).toEqual([3]);
      expect(table.rowsNaming('rc/a.ts')).toEqual([0, 2]);
      expect(table.rowsNaming('src/c.ts')).toEqual([]);
    }
  });
});

describe('rows beside the cache', () => {
  const records = fc.array(
    fc.record({ title: fc.constantFrom('alpha beta', 'gamma', 'delta delta'), body: fc.lorem({ maxCount: 12 }) }),
    { minLength: 1, maxLength: 20 },
  );
  const freshRow = (words: Partial<MemoryRecord>, row: number): FreshRow => ({
    ...rowOf(row),
    words: () => wordsOfRecord({ ...blankRecord(String(row), 'decision', '2026-11-20T12:00:00Z'), ...words }),
  });

  it('make the table that reading everything anew makes, whichever rows stay, change, come and go', () => {
    fc.assert(
      fc.property(
        records,
        records,
        fc.array(fc.constantFrom('stays', 'changes', 'is gone'), { maxLength: 40 }),
        (before, after, fates) => {
          const cached = parseTable(formatTable(overlayTable(before.map(freshRow)), 7));
          const count = Math.max(before.length, after.length);
          const now = Array.from({ length: count }, (_, row) => {
            const fate = row >= before.length ? 'changes' : row >= after.length ? 'is gone' : (fates[row] ?? 'stays');
            if (fate === 'is gone') return [];
            const words = fate === 'stays' ? before[row]! : after[row]!;
            return [{ kept: fate === 'stays' ? row : freshRow(words, row), anew: freshRow(words, row) }];
          }).flat();
          const overlay = overlayTable(
            now.map(({ kept }) => kept),
            cached,
          );
          const anew = overlayTable(now.map(({ anew: one }) => one));
          expect(contentOf(overlay)).toEqual(contentOf(anew));
          expect(formatTable(overlay, 7)).toEqual(formatTable(anew, 7));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the records file on disk', () => {
  let temp: TempPlace;
  beforeEach(() => {
    temp = tempPlace();
  });
  afterEach(() => temp.remove());
  const cacheDir = (): string => join(temp.paths.privateDir, 'cache');

  it.each(['', '{', 'null', '["repomem records",3]', '["repomem records",2,"00000000"]\n', '\0'])(
    'is absent when it holds %j',
    (text) => {
      writeTable(temp.paths, tableOf([fieldNames.map(() => ['alpha'])]), 7);
      expect(readTable(temp.paths)?.count).toBe(1);
      writeFileSync(join(cacheDir(), readdirSync(cacheDir())[0]!), text);
      expect(readTable(temp.paths)).toBeUndefined();
    },
  );
  it('is one of two whole files when two are written, and leaves nothing else behind', () => {
    const [one, two] = ['alpha', 'beta'].map((term) => tableOf([fieldNames.map(() => [term])]));
    const ids = [writeTable(temp.paths, one!, 7), writeTable(temp.paths, two!, 7)];
    expect(readTable(temp.paths)?.id).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[1]);
    expect(readdirSync(cacheDir())).toEqual(['records-v3-main.jsonl']);
  });
  it('is not written where that cannot be done, and nothing breaks', () => {
    rmSync(temp.paths.privateDir, { recursive: true, force: true });
    writeFileSync(join(temp.paths.root, 'file'), '');
    const paths = { ...temp.paths, privateDir: join(temp.paths.root, 'file') };
    expect(writeTable(paths, tableOf([fieldNames.map(() => ['alpha'])]), 7)).toBeUndefined();
  });
});
