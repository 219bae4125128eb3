// Which of a session's records may be committed, which stay local, which go. Pure; caps are never exceeded by what it admits.
import type { Tier } from '../../domain/excerpt.ts';
import type { RecordType } from '../../domain/types.ts';
import { isDurable } from '../../domain/types.ts';

export interface ShareItem {
  id: string;
  type: RecordType;
  bytes: number;
  /** More comes first. */
  importance: number;
  /** Where it stands now; absent for a new one. */
  tier?: Tier;
  /** Where its evidence puts it; absent: where its type belongs. */
  place?: Tier | undefined;
  /** May leave its tier: git does not know it and nobody edited it. New ones always may. */
  canMove: boolean;
  /** A newer record of the session replaces it. */
  isSuperseded?: boolean;
}

export interface ShareLimits {
  maxRecords: number;
  maxBytes: number;
  maxLocalBytes: number;
  shareSessions: boolean;
  shareTypes: Partial<Record<RecordType, boolean>>;
}

/** Where each item belongs now; `undefined`: nowhere, it is dropped or removed. */
export type Placing = ReadonlyMap<string, Tier | undefined>;

function isShareable(item: ShareItem, limits: ShareLimits): boolean {
  if (item.isSuperseded === true || item.place === 'local') return false;
  if (item.type === 'session') return limits.shareSessions;
  return limits.shareTypes[item.type] ?? (item.place === 'shared' || isDurable(item.type));
}

/** The most important first; what stands already before what is new, so that equals do not chase each other. */
function byImportance(a: ShareItem, b: ShareItem): number {
  const rank = (item: ShareItem): number =>
    item.type === 'session' ? 2 : item.isSuperseded === true ? -1 : item.importance;
  return (
    // Of equals the one that was named first.
    rank(b) - rank(a) || Number(b.tier !== undefined) - Number(a.tier !== undefined)
  );
}

export function placeRecords(items: readonly ShareItem[], limits: ShareLimits): Placing {
  const placing = new Map<string, Tier | undefined>();
  let [count, sharedBytes, localBytes] = [0, 0, 0];
  const open: ShareItem[] = [];
  for (const item of items) {
    if (item.tier === undefined || item.canMove) open.push(item);
    else {
      placing.set(item.id, item.tier);
      if (item.tier === 'local') localBytes += item.bytes;
      else {
        count++;
        sharedBytes += item.bytes;
      }
    }
  }
  open.sort(byImportance);
  const left: ShareItem[] = [];
  for (const item of open) {
    // What went local stays local: its place may have been taken by a person's choice.
    const isWanted = item.tier !== 'local' && isShareable(item, limits);
    if (isWanted && count < limits.maxRecords && sharedBytes + item.bytes <= limits.maxBytes) {
      placing.set(item.id, 'shared');
      count++;
      sharedBytes += item.bytes;
    } else left.push(item);
  }
  for (const item of left) {
    const fits = localBytes + item.bytes <= limits.maxLocalBytes;
    placing.set(item.id, fits ? 'local' : undefined);
    if (fits) localBytes += item.bytes;
  }
  return placing;
}
