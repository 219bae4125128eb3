import type { Excerpt } from '../domain/excerpt.ts';

/** The fields that decide whether a record is active. */
export interface Linked extends Pick<Excerpt, 'id' | 'type' | 'created'> {
  supersedes: readonly string[];
  forgets: readonly string[];
}

/**
 * The active records: no tombstones, no forgotten or superseded ones. Only trusted records forget or supersede, a forgotten
 * one supersedes nothing, and of two that supersede each other the later one is active.
 */
export function activeExcerpts<T extends Linked>(excerpts: readonly T[], isTrusted: (excerpt: T) => boolean): T[] {
  const forgotten = new Set<string>();
  for (const excerpt of excerpts)
    if (excerpt.forgets.length > 0 && excerpt.type === 'tombstone' && isTrusted(excerpt))
      for (const id of excerpt.forgets) forgotten.add(id);

  const supersededBy = new Map<string, T[]>();
  for (const excerpt of excerpts)
    if (excerpt.supersedes.length > 0 && !forgotten.has(excerpt.id) && isTrusted(excerpt))
      for (const id of excerpt.supersedes) supersededBy.set(id, [...(supersededBy.get(id) ?? []), excerpt]);

  const replaces = (other: T, excerpt: T): boolean =>
    other.id !== excerpt.id && !(excerpt.supersedes.includes(other.id) && isLater(excerpt, other));
  return excerpts.filter(
    (excerpt) =>
      excerpt.type !== 'tombstone' &&
      !forgotten.has(excerpt.id) &&
      !supersededBy.get(excerpt.id)?.some((other) => replaces(other, excerpt)),
  );
}

function isLater(a: Linked, b: Linked): boolean {
  return a.created === b.created ? a.id > b.id : a.created > b.created;
}
