// Equal words have one key, so that a hook and the transcript are known to tell the same event. Said again later ("continue", "Let me run
// the tests:") they are another event, with a key of its own. Pure.
import type { Event } from '../domain/event.ts';
import type { TranscriptEntry } from './agent.ts';
import { groupByWords, hasPromptId, wordsOfKey } from './event-keys.ts';

/** Milliseconds. A hook may tell words so much before their time in the transcript, and a transcript the same words twice. */
const sameMs = 5_000;

export interface Slot {
  entry: TranscriptEntry;
  /** Instead of the entry's own; '' for that one. */
  key: string;
}

/**
 * Sets the keys of texts and prompts in a new part of a transcript, which tells no line twice: that of the event in `kept` that is not
 * older than they are, which a hook told, else one that is not among `seen`.
 */
export function nameRepeated(slots: readonly Slot[], kept: readonly Event[], seen: ReadonlySet<string>): void {
  const used = new Set(slots.map(({ key }) => key));
  const keptByWords = groupByWords(kept, ({ key }) => key);
  const last = new Map<string, { at: number; key: string }>();
  for (const slot of slots) {
    if (slot.key !== '' || slot.entry.kind !== 'event' || hasPromptId(slot.entry.event.key)) continue;
    const { key, at: time } = slot.entry.event;
    const words = wordsOfKey(key);
    if (words === undefined) continue;
    const at = Date.parse(time);
    const isSame = (earlier: number): boolean => !(at - earlier > sameMs);
    const before = last.get(words);
    const told = keptByWords.get(words) ?? [];
    const same = told.find((event) => !used.has(event.key) && isSame(Date.parse(event.at)));
    if (before !== undefined && isSame(before.at)) slot.key = before.key;
    else slot.key = same?.key ?? (told.length === 0 && !used.has(key) ? key : numbered(key, used, seen));
    used.add(slot.key);
    last.set(words, { at, key: slot.key });
  }
}

function numbered(key: string, used: ReadonlySet<string>, seen: ReadonlySet<string>): string {
  let count = 2;
  while (used.has(`${key}#${count}`) || seen.has(`${key}#${count}`)) count++;
  return `${key}#${count}`;
}
