// A shelf of which a few records were edited in place: they lie beside its columns, which stay as they are, in memory and on disk.
import type { Excerpt } from '../domain/excerpt.ts';
import { once } from '../domain/once.ts';
import { encodeRow } from './catalog-rows.ts';
import { fadesFrom, keyOf } from './entries.ts';
import { type Shelf, textNames, type Texts, thinsOf } from './shelf.ts';

/**
 * True when nothing but the record's own text can have moved: name, place in its session, and what it says of other records, which is
 * nothing.
 */
export function isSameInStore(before: Excerpt, now: Excerpt): boolean {
  return (
    before.id === now.id &&
    before.session === now.session &&
    before.created === now.created &&
    isUnlinked(before) &&
    isUnlinked(now)
  );
}

function isUnlinked({ type, supersedes, forgets }: Excerpt): boolean {
  return type !== 'tombstone' && supersedes.length === 0 && forgets.length === 0;
}

/** By place, what stands there now; each as isSameInStore wants it, and in place of what `shelf` has of earlier edits. */
export function withEdits(shelf: Shelf, edits: ReadonlyMap<number, Excerpt>): Shelf {
  const [mtimes, sizes, keys, fades] = [shelf.mtimes, shelf.sizes, shelf.keys, shelf.fades].map((column) =>
    column.slice(),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  for (const [place, excerpt] of edits) {
    mtimes[place] = excerpt.mtimeMs;
    sizes[place] = excerpt.bytes;
    keys[place] = keyOf(excerpt);
    fades[place] = fadesFrom(excerpt);
  }
  const texts = once(() => editTexts(shelf.texts(), edits));
  const rows = once(() => [...edits].map(([place, excerpt]) => ({ place, row: JSON.stringify(encodeRow(excerpt)) })));
  const { entries } = shelf;
  return {
    ...shelf,
    entries: {
      ...entries,
      at: (place) => edits.get(place) ?? entries.at(place),
      keyAt: (place) => keys[place]!,
      fadesAt: (place) => fades[place]!,
    },
    edits: new Map([...shelf.edits, ...edits]),
    mtimes,
    sizes,
    keys,
    fades,
    texts,
    thins: once(() => thinsOf(shelf.columns, texts())),
    placesNaming: (text) => {
      const wanted = JSON.stringify(text);
      const among = rows().flatMap(({ place, row }) => (row.includes(wanted) ? [place] : []));
      return [...new Set([...shelf.placesNaming(text), ...among])].sort((a, b) => a - b);
    },
  };
}

function editTexts(before: Texts, edits: ReadonlyMap<number, Excerpt>): Texts {
  const texts: Record<keyof Texts, string[]> = { ...before };
  for (const name of textNames) {
    texts[name] = [...before[name]];
    for (const [place, excerpt] of edits) texts[name][place] = excerpt[name] ?? '';
  }
  return texts;
}
