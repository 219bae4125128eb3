// Doctor's check for conflicts after merges: records of two branches that supersede the same one, duplicate or contradict each other.
import { attempt } from '../domain/errors.ts';
import type { MemoryRecord } from '../domain/record.ts';
import type { Memory } from '../memory/open.ts';
import { readFull } from '../memory/read.ts';
import { tellable, type AssessedRecord, type RecordSet } from '../memory/records.ts';
import { findLike } from '../review/repeated-records.ts';
import { note, type Finding } from './doctor-finding.ts';

/** Number of the newest records whose texts are compared: what a merge brings is among them. */
const maxCompared = 500;
const maxTold = 10;

export function checkMerges(memory: Memory, recordSet: RecordSet): Finding[] {
  const active = tellable(recordSet).sort((a, b) => (a.excerpt.created < b.excerpt.created ? -1 : 1));
  const rivals = findRivals(active);
  const told = new Set(rivals.flatMap(([ids]) => ids.flatMap((one) => ids.map((other) => `${one} ${other}`))));
  const pairs = [...findOpposed(active), ...findAlike(memory, active.slice(-maxCompared))].filter(([ids]) => {
    const isNew = !told.has(ids.join(' '));
    told.add(ids.join(' '));
    return isNew;
  });
  const all = [...rivals, ...pairs].map(([, finding]) => finding);
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

/** Pairs that repeat or contradict each other. */
function findAlike(memory: Memory, active: readonly AssessedRecord[]): Clash[] {
  const older: MemoryRecord[] = [];
  return active.flatMap((one) => {
    const record = attempt(() => readFull(memory, one).record);
    if (!record) return [];
    const alike = findLike(record, older);
    older.push(record);
    return alike.map(({ id, kind }) => clash(kind === 'contradicts' ? 'opposed' : 'alike', id, record.id));
  });
}
