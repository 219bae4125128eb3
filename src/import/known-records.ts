// What an imported statement is compared with: the memory's own records, and those of the run so far.
import { isTrusted, type Excerpt } from '../domain/excerpt.ts';
import type { MemoryRecord } from '../domain/record.ts';
import { findSimilar } from '../compress/plan/find-similar.ts';
import { comparedOf, judgeKnown, type Verdict } from '../compress/plan/known.ts';
import { jaccard } from '../compress/plan/similarity.ts';
import { stemmedWords } from '../index/words.ts';
import type { Memory } from '../memory/open.ts';
import { readFull } from '../memory/read.ts';
import type { RecordSet } from '../memory/records.ts';

const comparedMax = 12;
/** A word of the title that two share counts twice, a file once; files alone are no common subject. */
const wordScore = 2;
const likeMin = 3;
/** Of the records with a common word or file, the newest. */
const newestMax = 100;
/** Of the words without the body: below it neither repeats nor contradicts the other. */
const alikeMin = 0.1;

export interface KnownRecords {
  has(id: string): boolean;
  /** A tombstone names it. */
  isForgotten(id: string): boolean;
  judge(record: MemoryRecord): Verdict;
  add(record: MemoryRecord): void;
}

export function knownRecords(memory: Memory, recordSet: RecordSet): KnownRecords {
  const trusted = recordSet.assessed.filter((one) => isTrusted(one.trust) && one.isHere);
  const excerpts = trusted.filter((one) => one.isActive && one.excerpt.type !== 'tombstone').map((one) => one.excerpt);
  const stones = trusted.filter(({ excerpt }) => excerpt.type === 'tombstone');
  const tombstones = stones.map((one) => readFull(memory, one).record);
  const forgotten = new Set(stones.flatMap(({ excerpt }) => excerpt.forgets));
  const full = new Map<string, MemoryRecord>();
  const readOne = (excerpt: Excerpt): MemoryRecord[] => {
    const known = full.get(excerpt.path);
    if (known !== undefined) return [known];
    const assessed = recordSet.byPath.get(excerpt.path);
    if (assessed === undefined) return [];
    try {
      const { record } = readFull(memory, assessed);
      full.set(excerpt.path, record);
      return [record];
    } catch {
      return [];
    }
  };
  const made = madeRecords();
  const ids = new Set(recordSet.byId.keys());
  return {
    has: (id) => ids.has(id),
    isForgotten: (id) => forgotten.has(id),
    judge(record) {
      const text = [record.title, record.description, record.body, ...record.facts].join('\n');
      const similar = excerpts.length === 0 ? [] : findSimilar({ ...record, texts: [text] }, excerpts, comparedMax);
      const proposed = { supersedes: record.supersedes, contradicts: record.contradicts };
      const named = [...record.supersedes, ...record.contradicts].flatMap((id) => made.byId(id));
      const others = [...similar.flatMap(readOne), ...made.like(record), ...named];
      return judgeKnown(record, [...new Map(others.map((one) => [one.id, one])).values()], tombstones, proposed);
    },
    add(record) {
      ids.add(record.id);
      made.add(record);
    },
  };
}

/** Records of this run by the words of their titles: few of them are compared with each new one. */
function madeRecords(): {
  add(record: MemoryRecord): void;
  like(record: MemoryRecord): MemoryRecord[];
  byId(id: string): MemoryRecord[];
} {
  const records: MemoryRecord[] = [];
  const byKey = new Map<string, number[]>();
  const ids = new Map<string, MemoryRecord>();
  return {
    byId: (id) => [ids.get(id)].filter((one) => one !== undefined),
    add(record) {
      const place = records.push(record) - 1;
      ids.set(record.id, record);
      for (const key of keysOf(record)) {
        const places = byKey.get(key);
        if (places === undefined) byKey.set(key, [place]);
        else if (places.push(place) > newestMax) places.shift();
      }
    },
    like(record) {
      const subject = new Set(comparedOf(record).subject);
      const scores = new Uint16Array(records.length);
      const found: number[] = [];
      for (const key of keysOf(record)) {
        const more = key.startsWith('/') ? 1 : wordScore;
        for (const at of byKey.get(key) ?? []) {
          const before = scores[at]!;
          scores[at] = before + more;
          if (before < likeMin && before + more >= likeMin) found.push(at);
        }
      }
      return found
        .sort((a, b) => scores[b]! - scores[a]! || b - a)
        .slice(0, comparedMax)
        .flatMap((at) => records[at] ?? [])
        .filter((other) => jaccard(subject, comparedOf(other).subject) >= alikeMin);
    },
  };
}

function keysOf(record: MemoryRecord): string[] {
  return [...new Set([...stemmedWords(record.title), ...record.cites.map(({ path }) => `/${path}`)])];
}
