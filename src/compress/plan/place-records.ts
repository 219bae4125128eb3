// Decides which of a session's records may be committed, stay local, or are dropped. Pure; never admits records beyond the limits.
import type { Tier } from '../../domain/excerpt.ts';
import type { RecordType } from '../../domain/types.ts';
import { isDurable } from '../../domain/types.ts';

export interface ShareItem {
  id: string;
  type: RecordType;
  bytes: number;
  /** Higher ranks first. */
  importance: number;
  /** Current tier; absent for a new record. */
  tier?: Tier;
  /** Tier derived from the evidence; absent: the default tier of its type. */
  place?: Tier | undefined;
  /** May leave its tier: neither in git nor edited. Always true for new ones. */
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

/** The tier of each item; `undefined`: dropped or removed. */
export type Placing = ReadonlyMap<string, Tier | undefined>;

function isShareable(item: ShareItem, limits: ShareLimits): boolean {
  if (item.isSuperseded === true || item.place === 'local') return false;
  if (item.type === 'session') return limits.shareSessions;
  return limits.shareTypes[item.type] ?? (item.place === 'shared' || isDurable(item.type));
}

/** Most important first; on ties existing records come before new ones, so that records do not swap back and forth. */
function byImportance(a: ShareItem, b: ShareItem): number {
  const rank = (item: ShareItem): number =>
    item.type === 'session' ? 2 : item.isSuperseded === true ? -1 : item.importance;
  return (
    // The sort is stable: on further ties the first one named comes first.
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
    // A record that became local stays local: a user's choice may have taken its shared slot.
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
