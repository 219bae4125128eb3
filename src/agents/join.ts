// Merges hook events and transcript entries into one sequence. Pure.
import type { Event } from '../domain/event.ts';
import type { TranscriptEntry } from './agent.ts';
import { firstKey, groupByWords, hasPromptId, knownKeys, toolOfKey, wordsOfKey } from './event-keys.ts';

/**
 * Events in transcript order. A hook event takes the position of its tool use, prompt or text in the transcript. One that the transcript
 * does not have, such as a subagent's call, comes before the first later text, else before the next event with a position, else at the end.
 * No event is repeated. Tool uses without hook events come from the transcript. `kept` and `seen`: events and keys of earlier claims; an
 * event that an earlier part of the transcript told, and what arrived before it, comes before this part.
 */
export function joinTranscript(
  entries: readonly TranscriptEntry[],
  hookEvents: readonly Event[],
  kept: readonly Event[] = [],
  seen: ReadonlySet<string> = new Set(kept.map(({ key }) => key)),
): Event[] {
  const events = onceEach(hookEvents);
  const slots = entries.map((entry) => ({
    entry,
    before: [] as Event[],
    told: [] as Event[],
    isFinal: false,
    key: '',
  }));
  const placeOf = placeFinder(entries, events, seen);
  const knownKey = knownKeys(seen);
  const texts = entries.map((entry) => (entry.kind === 'event' ? entry.event : undefined));
  const [early, waiting, rest]: [Event[], Event[], Event[]] = [[], [], []];
  const settle = (end: number): void => {
    for (const event of waiting.splice(0)) (slots[placeByTime(texts, event, end)]?.before ?? rest).push(event);
  };
  for (const event of events) {
    const index = placeOf(event);
    const slot = index === undefined ? undefined : slots[index];
    if (index === undefined || !slot) {
      const key = knownKey(event.key);
      waiting.push({ ...event, key });
      if (seen.has(key)) early.push(...waiting.splice(0));
      continue;
    }
    settle(index);
    if (slot.entry.kind === 'tool') slot.told.push(event);
    else if (event.kind === 'text' && event.isFinal) slot.isFinal = true;
    // With the prompt's id, which the transcript of some hosts does not have.
    else if (event.kind === 'prompt' && event.key.length > slot.entry.event.key.length) slot.key = event.key;
  }
  settle(slots.length);
  nameRepeated(slots, kept, seen);
  const joined = slots.flatMap(({ entry, before, told, isFinal, key }) => {
    if (entry.kind === 'tool')
      return [...before, ...(entry.isFuller ? fuller(entry.events, told) : told.length > 0 ? told : entry.events)];
    const final = isFinal && entry.event.kind === 'text' ? { isFinal: true } : {};
    return [...before, { ...entry.event, ...final, ...(key !== '' && { key }) }];
  });
  const whole = dropEchoes(onceEach([...early, ...joined, ...rest]));
  return whole.map((event) => ({ ...event, key: knownKey(event.key) }));
}

/** Kinds that have their place in the conversation; all others tell what was done. */
const conversation: ReadonlySet<Event['kind']> = new Set(['prompt', 'text', 'summary', 'boundary']);

/** Milliseconds. A text that is later than a deed by more does not follow it: the transcript, such as a replayed one, has another clock. */
const maxGapMs = 3_600_000;

/** The index at which to insert an event without a position: what was done, before the first later text; else, and at most, `end`. */
export function placeByTime(events: readonly (Event | undefined)[], event: Event, end: number): number {
  if (conversation.has(event.kind)) return end;
  const at = Date.parse(event.at);
  const later = events.findIndex((text) => text?.kind === 'text' && Date.parse(text.at) > at);
  return later < 0 || Date.parse(events[later]!.at) > at + maxGapMs ? end : Math.min(later, end);
}

/** The transcript's events with the keys of the hook events, so that a later delivery is recognised. */
function fuller(own: readonly Event[], told: readonly Event[]): readonly Event[] {
  if (own.length === 0 || told.length === 0) return own.length === 0 ? told : own;
  return own.map((event, index) => ({ ...event, key: told[index]?.key ?? event.key }));
}

/**
 * Finds an event's entry. All events of a tool use share one position; equal ids, prompts and texts take successive positions. Of prompts
 * that earlier claims told too the last positions are those of this claim.
 */
function placeFinder(
  entries: readonly TranscriptEntry[],
  events: readonly Event[],
  seen: ReadonlySet<string>,
): (event: Event) => number | undefined {
  const byName = new Map<string, number[]>();
  const known = new Map<string, number>();
  entries.forEach((entry, index) => {
    const name = entry.kind === 'tool' ? entry.id : nameOf(entry.event);
    byName.set(name, [...(byName.get(name) ?? []), index]);
    const first = entry.kind === 'tool' ? entry.events[0]?.key : entry.event.key;
    if (first !== undefined && (entry.kind === 'tool' || hasPromptId(first))) known.set(first, index);
  });
  const told = groupByWords(seen, (key) => key);
  const prompts = groupByWords(
    events.filter(({ kind }) => kind === 'prompt'),
    ({ key }) => key,
  );
  for (const [words, again] of prompts) {
    const places = byName.get(nameOf(again[0]!));
    if (places !== undefined && told.has(words)) byName.set(nameOf(again[0]!), places.slice(-again.length));
  }
  return (event) => {
    const key = firstKey(event.key);
    const index = known.get(key) ?? (byName.get(toolOfKey(key)) ?? byName.get(nameOf(event)))?.shift();
    if (index !== undefined) known.set(key, index);
    return index;
  };
}

/** Prompts match by text: not every host and version gives both sides an id. */
function nameOf(event: Event): string {
  return event.kind === 'prompt' ? `prompt ${event.text.trim()}` : event.key;
}

function onceEach(events: readonly Event[]): Event[] {
  const seen = new Set<string>();
  return events.filter((event) => {
    if (seen.has(event.key)) return false;
    seen.add(event.key);
    return true;
  });
}

/** A subagent's report comes from the subagent's end and from the tool that started it: keeps the one with the longer description. */
function dropEchoes(events: readonly Event[]): Event[] {
  const best = new Map<string, Event>();
  for (const event of events) {
    if (event.kind !== 'report') continue;
    const text = event.text.trim();
    const known = best.get(text);
    if (known?.kind !== 'report' || event.description.length > known.description.length) best.set(text, event);
  }
  return events.filter((event) => event.kind !== 'report' || best.get(event.text.trim()) === event);
}

/** Milliseconds. A hook may tell words so much before their time in the transcript, and a transcript the same words twice. */
const sameMs = 5_000;

interface Slot {
  entry: TranscriptEntry;
  /** Instead of the entry's own; '' for that one. */
  key: string;
}

/**
 * Equal words have one key, so that a hook and the transcript are known to tell the same event. Said again later ("continue", "Let me run
 * the tests:") they are another event, with a key of its own. In a new part of a transcript, which tells no line twice, texts and prompts
 * get the key of the event in `kept` that is not older than they are, which a hook told, else one that is not among `seen`.
 */
function nameRepeated(slots: readonly Slot[], kept: readonly Event[], seen: ReadonlySet<string>): void {
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
