// The excerpts that an index speaks of, by place. Behind it a list, or what a kept sight decodes when somebody asks.
import type { Excerpt } from '../domain/excerpt.ts';

export interface Entries {
  readonly count: number;
  at(place: number): Excerpt;
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
  return {
    count: excerpts.length,
    at: (place) => excerpts[place]!,
    get sessions() {
      return (sessions ??= groupBySession(excerpts));
    },
  };
}

function groupBySession(excerpts: readonly Excerpt[]): Sessions {
  const known = new Map<string, number>();
  const ordinals = Uint32Array.from(excerpts, ({ session }) => {
    if (session === undefined) return 0;
    const ordinal = known.get(session) ?? known.size + 1;
    known.set(session, ordinal);
    return ordinal;
  });
  const created = (place: number): string => excerpts[place]!.created;
  const order = Uint32Array.from(excerpts.keys()).sort(
    (a, b) => ordinals[a]! - ordinals[b]! || (created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : a - b),
  );
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
