import type { Excerpt } from '../domain/excerpt.ts';

/** The fields that decide whether a record is active. */
export type Linked = Pick<Excerpt, 'id' | 'type' | 'created' | 'supersedes' | 'forgets'>;

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
      for (const id of excerpt.supersedes) {
        const list = supersededBy.get(id);
        if (list === undefined) supersededBy.set(id, [excerpt]);
        else list.push(excerpt);
      }

  const isReplaced = (excerpt: T): boolean =>
    supersededBy
      .get(excerpt.id)
      ?.some(
        (other) => other.id !== excerpt.id && !(excerpt.supersedes.includes(other.id) && isLater(excerpt, other)),
      ) ?? false;
  return excerpts.filter(
    (excerpt) => excerpt.type !== 'tombstone' && !forgotten.has(excerpt.id) && !isReplaced(excerpt),
  );
}

function isLater(a: Linked, b: Linked): boolean {
  return a.created === b.created ? a.id > b.id : a.created > b.created;
}
