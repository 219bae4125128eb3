// Doctor's check for conflicts after merges: records of two branches that supersede the same one, duplicate or contradict each other.
import { judgeKnown } from '../compress/plan/known.ts';
import { wordsOf } from '../compress/plan/similarity.ts';
import type { MemoryRecord } from '../domain/record.ts';
import type { Memory } from '../memory/open.ts';
import { readFull } from '../memory/read.ts';
import { tellable, type AssessedRecord, type RecordSet } from '../memory/records.ts';
import type { Finding } from './doctor-finding.ts';

/** Maximum number of pairs whose full text is compared; a larger memory is only checked in part. */
const maxPairs = 20_000;
const maxTold = 10;
/** Minimum similarity of titles and descriptions for a full comparison. */
const minCommon = 0.25;

export function checkMerges(memory: Memory, recordSet: RecordSet): Finding[] {
  const active = tellable(recordSet).sort((a, b) => (a.excerpt.created < b.excerpt.created ? -1 : 1));
  const rivals = findRivals(active);
  const told = new Set(rivals.flatMap(({ ids }) => pairsOf(ids)));
  const pairs = findPairs(memory, active).filter(({ ids }) => !told.has(ids.join(' ')));
  const all = [...rivals, ...pairs].map(({ what, cure }): Finding => ({ level: 'note', what, cure }));
  if (all.length <= maxTold) return all;
  return [
    ...all.slice(0, maxTold),
    { level: 'note', what: `${all.length - maxTold} more pairs of records like these` },
  ];
}

interface Clash {
  ids: string[];
  what: string;
  cure: string;
}

function findRivals(active: readonly AssessedRecord[]): Clash[] {
  const byOld = new Map<string, string[]>();
  for (const { excerpt } of active)
    for (const old of excerpt.supersedes) byOld.set(old, [...(byOld.get(old) ?? []), excerpt.id]);
  return [...byOld]
    .filter(([, ids]) => ids.length > 1)
    .map(([old, ids]) => ({
      ids,
      what: `${ids.join(' and ')} both supersede ${old}`,
      cure: `repomem show ${ids.join(' ')}; then forget one, or add one that supersedes them`,
    }));
}

/** Finds pairs; the older record comes first. */
function findPairs(memory: Memory, active: readonly AssessedRecord[]): Clash[] {
  const words = active.map(({ excerpt: { title, description } }) =>
    wordsOf({ title, description, facts: [], body: '' }),
  );
  const full = new Map<number, MemoryRecord | undefined>();
  const recordAt = (index: number): MemoryRecord | undefined => {
    const assessed = active[index];
    if (!full.has(index)) full.set(index, assessed && readQuietly(memory, assessed));
    return full.get(index);
  };
  const clashes: Clash[] = [];
  let compared = 0;
  /** Word → earlier records that contain it. */
  const holders = new Map<string, number[]>();
  active.forEach(({ excerpt: b }, newer) => {
    const common = new Map<number, number>();
    for (const word of words[newer] ?? [])
      for (const older of holders.get(word) ?? []) common.set(older, (common.get(older) ?? 0) + 1);
    for (const word of words[newer] ?? []) {
      const list = holders.get(word);
      if (list) list.push(newer);
      else holders.set(word, [newer]);
    }
    for (let older = 0; older < newer; older++) {
      const a = active[older]?.excerpt;
      if (!a) continue;
      const isNamed = b.contradicts.includes(a.id) || a.contradicts.includes(b.id);
      const both = common.get(older) ?? 0;
      const all = (words[older]?.size ?? 0) + (words[newer]?.size ?? 0) - both;
      if (!isNamed && (compared >= maxPairs || both < minCommon * all || both === 0)) continue;
      compared++;
      const kind = isNamed ? 'contradict' : compare(recordAt(older), recordAt(newer));
      if (kind) clashes.push(describe(kind, a.id, b.id));
    }
  });
  return clashes;
}

function compare(
  older: MemoryRecord | undefined,
  newer: MemoryRecord | undefined,
): 'contradict' | 'repeat' | undefined {
  if (!older || !newer) return undefined;
  const verdict = judgeKnown(newer, [older], []);
  if (verdict.kind === 'known') return 'repeat';
  if (verdict.contradicts.length > 0) return 'contradict';
  return verdict.supersedes.length > 0 ? 'repeat' : undefined;
}

function describe(kind: 'contradict' | 'repeat', older: string, newer: string): Clash {
  return kind === 'contradict'
    ? {
        ids: [older, newer],
        what: `${older} and ${newer} contradict each other`,
        cure: `repomem show ${older} ${newer}; then forget the wrong one`,
      }
    : {
        ids: [older, newer],
        what: `${older} and ${newer} say nearly the same`,
        cure: `repomem show ${older} ${newer}; then forget one of them`,
      };
}

function pairsOf(ids: readonly string[]): string[] {
  return ids.flatMap((one) => ids.map((other) => `${one} ${other}`));
}

function readQuietly(memory: Memory, assessed: AssessedRecord): MemoryRecord | undefined {
  try {
    return readFull(memory, assessed).record;
  } catch {
    return undefined;
  }
}
