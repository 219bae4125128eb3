// Doctor's check for conflicts after merges: records of two branches that supersede the same one, duplicate or contradict each other.
import { judgeKnown } from '../compress/plan/known.ts';
import { wordsOf } from '../compress/plan/similarity.ts';
import type { MemoryRecord } from '../domain/record.ts';
import type { Memory } from '../memory/open.ts';
import { readFull } from '../memory/read.ts';
import { tellable, type AssessedRecord, type RecordSet } from '../memory/records.ts';
import { note, type Finding } from './doctor-finding.ts';

/** Maximum number of pairs whose full text is compared; a larger memory is only checked in part. */
const maxPairs = 20_000;
const maxTold = 10;
/** Minimum similarity of titles and descriptions for a full comparison. */
const minCommon = 0.25;

export function checkMerges(memory: Memory, recordSet: RecordSet): Finding[] {
  const active = tellable(recordSet).sort((a, b) => (a.excerpt.created < b.excerpt.created ? -1 : 1));
  /** Pair of ids → what is wrong; the first finding about a pair counts. */
  const found = new Map<string, Finding>();
  for (const [ids, finding] of [...findRivals(active), ...findOpposed(active), ...findAlike(memory, active)]) {
    const pairs = ids.flatMap((one) => ids.map((other) => `${one} ${other}`));
    if (!pairs.some((pair) => found.has(pair))) for (const pair of pairs) found.set(pair, finding);
  }
  const all = [...new Set(found.values())];
  const left = all.length - maxTold;
  return left > 0 ? [...all.slice(0, maxTold), note(`${left} more pairs of records like these`)] : all;
}

/** Ids, the older one first, and what is to be said of them. */
type Clash = readonly [ids: readonly string[], finding: Finding];

function findRivals(active: readonly AssessedRecord[]): Clash[] {
  const replaced = new Set(active.flatMap(({ excerpt }) => excerpt.supersedes));
  return [...replaced].flatMap((old): Clash[] => {
    const ids = active.filter(({ excerpt }) => excerpt.supersedes.includes(old)).map(({ excerpt }) => excerpt.id);
    const cure = `repomem show ${ids.join(' ')}; then forget one, or add one that supersedes them`;
    return ids.length > 1 ? [[ids, note(`${ids.join(' and ')} both supersede ${old}`, cure)]] : [];
  });
}

/** Records that name another as contradicting. */
function findOpposed(active: readonly AssessedRecord[]): Clash[] {
  const ids = active.map(({ excerpt }) => excerpt.id);
  return active.flatMap(({ excerpt: { id, contradicts } }) =>
    contradicts
      .filter((other) => ids.includes(other))
      .map((other) =>
        ids.indexOf(other) < ids.indexOf(id) ? clash('opposed', other, id) : clash('opposed', id, other),
      ),
  );
}

function clash(kind: 'opposed' | 'alike', older: string, newer: string): Clash {
  const [what, which] =
    kind === 'opposed' ? ['contradict each other', 'the wrong one'] : ['say nearly the same', 'one of them'];
  return [
    [older, newer],
    note(`${older} and ${newer} ${what}`, `repomem show ${older} ${newer}; then forget ${which}`),
  ];
}

/** Pairs whose titles and descriptions share words, and whose full texts repeat or contradict each other. */
function findAlike(memory: Memory, active: readonly AssessedRecord[]): Clash[] {
  const words = active.map(({ excerpt: { title, description } }) =>
    wordsOf({ title, description, facts: [], body: '' }),
  );
  const full = new Map<AssessedRecord, MemoryRecord | undefined>();
  const read = (one: AssessedRecord): MemoryRecord | undefined => {
    if (!full.has(one)) full.set(one, readQuietly(memory, one));
    return full.get(one);
  };
  const clashes: Clash[] = [];
  let compared = 0;
  /** Word → earlier records that contain it. */
  const holders = new Map<string, number[]>();
  for (const [at, newer] of active.entries()) {
    const own = words[at]!;
    const common = new Map<number, number>();
    for (const word of own) {
      const list = holders.get(word) ?? [];
      for (const older of list) common.set(older, (common.get(older) ?? 0) + 1);
      list.push(at);
      holders.set(word, list);
    }
    for (const [index, both] of common) {
      if (both < minCommon * (words[index]!.size + own.size - both) || ++compared > maxPairs) continue;
      const [a, b] = [read(active[index]!), read(newer)];
      if (!a || !b) continue;
      const verdict = judgeKnown(b, [a], []);
      if (verdict.kind === 'new' && verdict.contradicts.length > 0) clashes.push(clash('opposed', a.id, b.id));
      else if (verdict.kind === 'known' || verdict.supersedes.length > 0) clashes.push(clash('alike', a.id, b.id));
    }
  }
  return clashes;
}

function readQuietly(memory: Memory, assessed: AssessedRecord): MemoryRecord | undefined {
  try {
    return readFull(memory, assessed).record;
  } catch {
    return undefined;
  }
}
