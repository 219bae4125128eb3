// What hooks told and what the transcript tells, as one story. Pure.
import type { Event } from '../domain/event.ts';
import type { TranscriptEntry } from './agent.ts';
import { firstKey, toolOfKey } from './keys.ts';

/**
 * Events in the order of the transcript. Hook events stand where the transcript has their tool use, prompt or text;
 * others stand before the next one (in order of arrival) that has a place, or at the end. Nothing stands twice.
 * Tools that no hook told of come from the transcript.
 */
export function joinTranscript(entries: readonly TranscriptEntry[], hookEvents: readonly Event[]): Event[] {
  const events = onceEach(hookEvents);
  const slots = entries.map((entry) => ({ entry, before: [] as Event[], told: [] as Event[], isFinal: false }));
  const placeOf = placeFinder(entries);
  let waiting: Event[] = [];
  for (const event of events) {
    const index = placeOf(event);
    const slot = index === undefined ? undefined : slots[index];
    if (!slot) {
      waiting.push(event);
      continue;
    }
    slot.before.push(...waiting);
    waiting = [];
    if (slot.entry.kind === 'tool') slot.told.push(event);
    else if (event.kind === 'text' && event.isFinal) slot.isFinal = true;
  }
  const joined = slots.flatMap(({ entry, before, told, isFinal }) => {
    if (entry.kind === 'tool')
      return [...before, ...(entry.isFuller ? fuller(entry.events, told) : told.length > 0 ? told : entry.events)];
    return [...before, isFinal && entry.event.kind === 'text' ? { ...entry.event, isFinal: true } : entry.event];
  });
  return dropEchoes(onceEach([...joined, ...waiting]));
}

/** The transcript's events under the keys that the hooks gave them: a later delivery is known by those. */
function fuller(own: readonly Event[], told: readonly Event[]): readonly Event[] {
  if (own.length === 0 || told.length === 0) return own.length === 0 ? told : own;
  return own.map((event, index) => ({ ...event, key: told[index]?.key ?? event.key }));
}

/** Finds an event's entry. One tool use has one place for all its events; of equal ids, prompts and texts each takes the next place. */
function placeFinder(entries: readonly TranscriptEntry[]): (event: Event) => number | undefined {
  const byName = new Map<string, number[]>();
  const known = new Map<string, number>();
  entries.forEach((entry, index) => {
    const name = entry.kind === 'tool' ? entry.id : nameOf(entry.event);
    byName.set(name, [...(byName.get(name) ?? []), index]);
    const first = entry.kind === 'tool' ? entry.events[0]?.key : undefined;
    if (first !== undefined) known.set(first, index);
  });
  return (event) => {
    const key = firstKey(event.key);
    const index = known.get(key) ?? (byName.get(toolOfKey(key)) ?? byName.get(nameOf(event)))?.shift();
    if (index !== undefined) known.set(key, index);
    return index;
  };
}

/** Prompts are the same when their texts are: not every host and version gives both sides an id. */
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

/** A subagent's report is told by the subagent's end and by the tool that started it: the one with the longer description stays. */
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
