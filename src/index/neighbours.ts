// Who came before and after whom in a session: neighbours lend a record some of their score.
import { once } from '../domain/once.ts';
import type { RecordTable } from './table.ts';

export interface Sessions {
  /** By row, the session counted from 1; 0 without one. */
  readonly ordinals: Uint32Array;
  /** Rows by session and, within it, oldest first. */
  readonly order: Uint32Array;
  /** By row, its index in `order`. */
  readonly positions: Uint32Array;
}

const sessionsByTable = new WeakMap<RecordTable, () => Sessions>();

export function sessionsOf(table: RecordTable): Sessions {
  let sessions = sessionsByTable.get(table);
  if (sessions === undefined) {
    sessions = once(() => groupBySession(table.column('session'), table.column('created')));
    sessionsByTable.set(table, sessions);
  }
  return sessions();
}

/** By row, the session ('' without one) and the time. */
function groupBySession(sessions: readonly string[], created: readonly string[]): Sessions {
  const known = new Map([['', 0]]);
  const ordinals = new Uint32Array(sessions.length);
  for (let row = 0; row < sessions.length; row++) {
    const session = sessions[row]!;
    let ordinal = known.get(session);
    if (ordinal === undefined) known.set(session, (ordinal = known.size));
    ordinals[row] = ordinal;
  }
  // A counting sort by session keeps the order of the rows; most sessions are then in order of time already.
  const starts = new Uint32Array(known.size + 1);
  for (const ordinal of ordinals) starts[ordinal + 1]!++;
  for (let ordinal = 0; ordinal < known.size; ordinal++) starts[ordinal + 1]! += starts[ordinal]!;
  const next = starts.slice();
  const order = new Uint32Array(ordinals.length);
  for (let row = 0; row < ordinals.length; row++) order[next[ordinals[row]!]!++] = row;
  const unsorted = new Set<number>();
  for (let at = starts[1]! + 1; at < order.length; at++) {
    const ordinal = ordinals[order[at]!]!;
    const isNext = ordinal === ordinals[order[at - 1]!];
    if (isNext && created[order[at - 1]!]! > created[order[at]!]!) unsorted.add(ordinal);
  }
  for (const ordinal of unsorted)
    order
      .subarray(starts[ordinal], starts[ordinal + 1])
      .sort((a, b) => (created[a]! < created[b]! ? -1 : created[a]! > created[b]! ? 1 : a - b));
  const positions = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at++) positions[order[at]!] = at;
  return { ordinals, order, positions };
}

/** The row so many steps later (or earlier, below 0) in the same session; -1 when there is none. */
export function neighbourOf({ ordinals, order, positions }: Sessions, row: number, steps: number): number {
  const ordinal = ordinals[row]!;
  const other = ordinal === 0 ? undefined : order[positions[row]! + steps];
  return other !== undefined && ordinals[other] === ordinal ? other : -1;
}
