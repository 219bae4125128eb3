// Private passages that cross blocks, lines and messages. Within one value of a payload they are removed at once; an open or headless
// passage leaves a mark, and after the events are joined, the text between two such marks is removed.
import { createHash } from 'node:crypto';
import { mapTexts } from '../../domain/event-texts.ts';
import type { Event } from '../../domain/event.ts';
import { findPrivate, type PrivatePart } from '../../privacy/private-tags.ts';

/**
 * Mark of a passage until the events are joined. Not blank, because a parser would drop the prompt of its turn; with a hash if the
 * whole text was private, so that two private prompts stay distinct.
 */
const anyMark = /\[private:(open|close|within)(?::[0-9a-f]{8})?\]/g;

/** The consecutive texts of one value, without their private passages. */
export function cutPassages(texts: readonly string[]): readonly string[] {
  const joined = texts.join('\n');
  const parts = findPrivate(joined);
  if (parts.length === 0) return texts;
  let from = 0;
  let first = 0;
  return texts.map((text) => {
    const to = from + text.length;
    while ((parts[first]?.end ?? Infinity) <= from) first++;
    const kept: string[] = [];
    const marks: string[] = [];
    let at = from;
    for (let index = first; (parts[index]?.start ?? Infinity) < to; index++) {
      const part = parts[index]!;
      kept.push(joined.slice(at, Math.max(at, part.start)));
      marks.push(markOf(part, from, to));
      at = Math.min(to, part.end);
    }
    kept.push(joined.slice(at, to));
    from = to + 1;
    if (marks.length === 0) return text;
    if (kept.join('').trim() === '') return withHash(marks, text);
    return kept.map((piece, index) => piece + (marks[index] ?? '')).join('');
  });
}

/** Mark for how the passage leaves the value, placed where it begins or ends. */
function markOf({ start, end, lacks }: PrivatePart, from: number, to: number): string {
  if (lacks === 'start' && end <= to) return '[private:close]';
  return lacks === 'end' && start >= from ? '[private:open]' : '[private:within]';
}

function withHash(marks: readonly string[], text: string): string {
  const mark = marks.find((one) => !one.includes('within')) ?? '[private:within]';
  const hash = createHash('sha256').update(text.trim()).digest('hex').slice(0, 8);
  const rest = marks.filter((one) => one !== mark && !one.includes('within')).join('');
  return `${mark.slice(0, -1)}:${hash}]${rest}`;
}

/**
 * Removes the text between an open passage and its end in a later event. `isOpen`: a passage was open at the end of the previous
 * events. A wholly private prompt is marked as such; elsewhere a plain mark remains.
 */
export function closePassages(events: readonly Event[], isOpen: boolean): { events: Event[]; isOpen: boolean } {
  const texts = events.map(textsOf);
  const gone = new Set<number>();
  let opened: { event: number; text: number } | undefined = isOpen ? { event: -1, text: -1 } : undefined;
  texts.forEach((list, event) =>
    list.forEach((text, index) => {
      for (const [, kind] of text.matchAll(anyMark)) {
        if (kind === 'open') opened = { event, text: index };
        if (kind !== 'close' || opened === undefined) continue;
        const { event: openEvent, text: openText } = opened;
        for (let each = openEvent + 1; each < event; each++) gone.add(each);
        blank(texts[openEvent], openText + 1, openEvent === event ? index : Infinity);
        if (openEvent !== event) blank(list, 0, index);
        opened = undefined;
      }
    }),
  );
  const kept = events.flatMap((event, index): Event[] => {
    if (gone.has(index) && event.kind !== 'boundary') return event.kind === 'prompt' ? [hidden(event)] : [];
    const [...left] = texts[index] ?? [];
    const plain = mapTexts(event, () => left.shift() ?? '');
    if (plain.kind === 'prompt' && plain.text.replace(anyMark, '').trim() === '') return [hidden(plain)];
    return [mapTexts(plain, (text) => text.replace(anyMark, '[private]'))];
  });
  // Only a passage opened in a prompt can be closed in a later claim.
  const isWaiting = opened !== undefined && (events[opened.event]?.kind ?? 'prompt') === 'prompt';
  return { events: kept, isOpen: isWaiting };
}

function hidden(event: Event & { kind: 'prompt' }): Event {
  return { ...event, text: '', isPrivate: true };
}

function blank(texts: string[] | undefined, from: number, to: number): void {
  for (let index = from; index < Math.min(to, texts?.length ?? 0); index++) texts![index] = '[private:within]';
}

function textsOf(event: Event): string[] {
  const texts: string[] = [];
  mapTexts(event, (text) => {
    texts.push(text);
    return text;
  });
  return texts;
}
