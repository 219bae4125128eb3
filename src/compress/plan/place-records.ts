// Decides which of a session's new records may be committed, stay local, or are dropped. Pure; never admits records beyond the limits.
import type { Tier } from '../../domain/excerpt.ts';
import type { RecordType } from '../../domain/types.ts';
import { isDurable } from '../../domain/types.ts';

export interface ShareItem {
  id: string;
  type: RecordType;
  bytes: number;
  /** Higher ranks first. */
  importance: number;
  /** Tier derived from the evidence; absent: the default tier of its type. */
  place?: Tier;
}

/** Per session. */
export interface ShareLimits {
  /** Number of shared records, and their total bytes. */
  maxRecords: number;
  maxBytes: number;
  /** Total bytes of local records and summary. */
  maxLocalBytes: number;
  /** Whether session summaries are shared. */
  sessions: boolean;
  /** Types that are shared; `auto`: those that last, and what is proven. */
  types: readonly string[];
}

function isShareable({ type, place }: ShareItem, { sessions, types }: ShareLimits): boolean {
  if (place === 'local') return false;
  if (type === 'session') return sessions;
  return types.includes(type) || (types.includes('auto') && (place === 'shared' || isDurable(type)));
}

/** The tier of each item that finds room, the most important first. `standing`: the session's records that stay where they are. */
export function placeRecords(
  items: readonly ShareItem[],
  standing: readonly { tier: Tier; bytes: number }[],
  limits: ShareLimits,
): ReadonlyMap<string, Tier> {
  const placing = new Map<string, Tier>();
  const room = { shared: limits.maxBytes, local: limits.maxLocalBytes };
  let places = limits.maxRecords;
  const take = (tier: Tier, bytes: number): void => {
    room[tier] -= bytes;
    if (tier === 'shared') places--;
  };
  for (const { tier, bytes } of standing) take(tier, bytes);
  const rank = (item: ShareItem): number => (item.type === 'session' ? 2 : item.importance);
  // The sort is stable: on ties the first one named comes first.
  const ranked = items.toSorted((a, b) => rank(b) - rank(a));
  for (const tier of ['shared', 'local'] as const)
    for (const item of ranked) {
      const isWanted = !placing.has(item.id) && (tier === 'local' || (places > 0 && isShareable(item, limits)));
      if (!isWanted || item.bytes > room[tier]) continue;
      placing.set(item.id, tier);
      take(tier, item.bytes);
    }
  return placing;
}
