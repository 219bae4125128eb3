// The excerpts that an index speaks of, by place. Behind it a list, or what a kept sight decodes when somebody asks.
import type { Excerpt } from '../domain/excerpt.ts';
import { once } from '../domain/once.ts';
import { isDurable } from '../domain/types.ts';

export interface Entries {
  readonly count: number;
  at(place: number): Excerpt;
  /** One number that says which bytes it has. */
  keyAt(place: number): number;
  /** As fadesFrom gives it. */
  fadesAt(place: number): number;
  readonly sessions: Sessions;
}

/** Who came before and after whom, in columns: ordinals and places are cheap to keep and to load. */
export interface Sessions {
  /** Which session a place belongs to, counted from 1; 0 without one. */
  readonly ordinals: Uint32Array;
  /** Places by session and, within it, oldest first. */
  readonly order: Uint32Array;
  /** The other way round: where a place stands in `order`. */
  readonly positions: Uint32Array;
}

export function entriesOf(excerpts: readonly Excerpt[]): Entries {
  let sessions: Sessions | undefined;
  const fades = once(() => new Float64Array(excerpts.length));
  return {
    count: excerpts.length,
    at: (place) => excerpts[place]!,
    keyAt: (place) => keyOf(excerpts[place]!),
    // No record fades from 1970 on: 0 is one that was not asked yet.
    fadesAt: (place) => (fades()[place] ||= fadesFrom(excerpts[place]!)),
    get sessions() {
      return (sessions ??= groupBySession(
        excerpts.map(({ session }) => session ?? ''),
        excerpts.map(({ created }) => created),
      ));
    },
  };
}

/** 52 bits of the blob id, and nothing that is chosen freely, such as a path: or a stranger's file could be made to take the place of ours. */
export function keyOf({ blob }: Pick<Excerpt, 'blob'>): number {
  return Number.parseInt(blob.slice(0, 13), 16);
}

/** From when on a record fades, in milliseconds since 1970; Infinity for one that lasts. */
export function fadesFrom({ type, created }: Pick<Excerpt, 'type' | 'created'>): number {
  return isDurable(type) ? Number.POSITIVE_INFINITY : Date.parse(created);
}

/** By place, the session ('' without one) and the time. */
export function groupBySession(sessions: readonly string[], created: readonly string[]): Sessions {
  const known = new Map([['', 0]]);
  const ordinals = Uint32Array.from(sessions, (session) => {
    const ordinal = known.get(session) ?? known.size;
    if (ordinal === known.size) known.set(session, ordinal);
    return ordinal;
  });
  // Counted out by session, which keeps the order of the places; most sessions are then in order of time already.
  const starts = new Uint32Array(known.size + 1);
  for (const ordinal of ordinals) starts[ordinal + 1]!++;
  for (let ordinal = 0; ordinal < known.size; ordinal++) starts[ordinal + 1]! += starts[ordinal]!;
  const next = starts.slice();
  const order = new Uint32Array(ordinals.length);
  for (let place = 0; place < ordinals.length; place++) order[next[ordinals[place]!]!++] = place;
  for (let ordinal = 1; ordinal < known.size; ordinal++) {
    const own = order.subarray(starts[ordinal], starts[ordinal + 1]);
    if (own.some((place, at) => at > 0 && created[own[at - 1]!]! > created[place]!))
      own.sort((a, b) => (created[a]! < created[b]! ? -1 : created[a]! > created[b]! ? 1 : a - b));
  }
  return sessionsOf(ordinals, order);
}

export function sessionsOf(ordinals: Uint32Array, order: Uint32Array): Sessions {
  const positions = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at++) positions[order[at]!] = at;
  return { ordinals, order, positions };
}

/** The place so many steps later (or earlier, below 0) in the same session; -1 when there is none. */
export function neighbourOf({ ordinals, order, positions }: Sessions, place: number, steps: number): number {
  const ordinal = ordinals[place]!;
  const other = ordinal === 0 ? undefined : order[positions[place]! + steps];
  return other !== undefined && ordinals[other] === ordinal ? other : -1;
}
