// Removes private and secret text from every string of a payload, before any text is cut to size.
import type { Event } from '../../domain/event.ts';
import { cutPassages } from './private-passages.ts';
import type { CleanLeaves, CompressTools } from './dependencies.ts';

/** Keys of the host at the top of a payload or a transcript's line: their values are identifiers that are compared later. */
const nameKeys = new Set(
  (
    'session_id transcript_path agent_transcript_path cwd hook_event_name tool_name tool_use_id prompt_id agent_id uuid ' +
    'parentUuid sessionId timestamp type transcriptPath toolName tool_call_id turn_id conversation_id generation_id ' +
    'event session agent turn transcript'
  ).split(' '),
);
const maxDepth = 64;

/** Keys of names, paths and ids: their values are kept, whatever surrounds them. */
const structural = /^(?:type|subtype|role|name|id|uuid|status|model|.*(?:_id|Id|[pP]ath|_name|Uuid))$/;

/**
 * Searches all texts of a payload together for private passages, which may cross blocks and lines. Secrets are searched per text; a
 * list of strings (the lines of a hunk) counts as one text. Equal input gives equal output, because events are identified by it.
 */
export function makeCleaner(tools: Pick<CompressTools, 'redact'>): CleanLeaves {
  const redact = (text: string): string => (text === '' ? text : tools.redact(text, 'alone').text);
  const cleanUnit = (value: unknown): unknown => {
    const leaves: string[] = [];
    mapLeaves(value, (text, isName) => {
      if (!isName) leaves.push(text);
      return text;
    });
    const kept = cutPassages(leaves);
    let next = 0;
    return mapLeaves(value, (text, isName) => redact(isName ? text : (kept[next++] ?? text)));
  };
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return cleanUnit(value);
    // At deeper levels the same names are keys of a tool's own input: free text.
    const entries = Object.entries(value).map(([key, item]) => [
      cutPassages([redact(key)])[0],
      typeof item === 'string' && nameKeys.has(key) ? item : cleanUnit(item),
    ]);
    return Object.fromEntries(entries);
  };
}

/** A copy with every text changed, in order, including keys that may be a question or a value. Values nested too deep are dropped. */
function mapLeaves(
  value: unknown,
  change: (text: string, isName: boolean) => string,
  isName = false,
  depth = 0,
): unknown {
  if (typeof value === 'string') return change(value, isName);
  if (typeof value === 'number') {
    const changed = change(String(value), false);
    return changed === String(value) ? value : changed;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) return null;
  if (Array.isArray(value)) {
    if (!value.every((item) => typeof item === 'string'))
      return value.map((item) => mapLeaves(item, change, false, depth + 1));
    const text = value.join('\n');
    const changed = change(text, false);
    return changed === text ? value : changed.split('\n');
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.length > 24 || (key.length >= 8 && /\d/.test(key)) ? change(key, false) : key,
      mapLeaves(item, change, structural.test(key), depth + 1),
    ]),
  );
}

/** Drops turns that began with a wholly private prompt; also returns whether the last turn is private. */
export function dropPrivateTurns(
  events: readonly Event[],
  isTurnPrivate: boolean,
): { events: Event[]; isTurnPrivate: boolean } {
  const kept: Event[] = [];
  let isPrivate = isTurnPrivate;
  for (const event of events) {
    if (event.kind === 'prompt') isPrivate = event.isPrivate === true;
    // Boundaries hold no text and are needed: the session still ends.
    if (!isPrivate || event.kind === 'boundary') kept.push(event);
  }
  return { events: kept, isTurnPrivate: isPrivate };
}
