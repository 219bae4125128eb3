// Private and secret text goes from every string of a payload before anything cuts it to size.
import { createHash } from 'node:crypto';
import { mapTexts } from '../../domain/event-texts.ts';
import type { Event } from '../../domain/event.ts';
import { stripPrivate } from '../../privacy/private-tags.ts';
import type { CleanLeaves } from './tools.ts';

/** Keys of the host itself, at the top of a payload or a transcript's line: their values name things and are compared later. */
const nameKeys = new Set([
  'session_id',
  'transcript_path',
  'agent_transcript_path',
  'cwd',
  'hook_event_name',
  'tool_name',
  'tool_use_id',
  'prompt_id',
  'agent_id',
  'uuid',
  'parentUuid',
  'sessionId',
  'timestamp',
  'type',
  'transcriptPath',
  'toolName',
  'tool_call_id',
  'turn_id',
  'conversation_id',
  'generation_id',
  'event',
  'session',
  'agent',
  'turn',
  'transcript',
]);
const maxDepth = 64;

/**
 * Stands for a text that was private as a whole until the events are joined: not blank, or a parser would drop the prompt that
 * marks its turn, and with a hash, so that two private prompts stay two.
 */
const privateMark = /\[private:[0-9a-f]{8}\]/g;

/** Lists of strings (the lines of a hunk) are cleaned as one text: a tag or a key may span them. */
export function makeCleaner(tools: { redact(text: string): { text: string } }): { clean: CleanLeaves } {
  const cleanText = (text: string): string => {
    if (text === '') return text;
    const stripped = stripPrivate(text);
    if (stripped.isAllPrivate) return `[private:${createHash('sha256').update(text.trim()).digest('hex').slice(0, 8)}]`;
    return tools.redact(stripped.text).text;
  };
  const clean = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return cleanText(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > maxDepth) return null;
    if (Array.isArray(value)) {
      const items: unknown[] = value;
      if (items.length > 1 && items.every((item) => typeof item === 'string')) {
        const text = items.join('\n');
        const cleaned = cleanText(text);
        return cleaned === text ? items : cleaned.split('\n');
      }
      return items.map((item) => clean(item, depth + 1));
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        // Some tools key their answers by the question, some by a value.
        key.length > 24 || (key.length >= 8 && /\d/.test(key)) ? cleanText(key) : key,
        // Further down the same names are those of a tool's own input: free text.
        depth === 0 && typeof item === 'string' && nameKeys.has(key) ? item : clean(item, depth + 1),
      ]),
    );
  };
  return { clean: (value) => clean(value, 0) };
}

/** A prompt that was private as a whole is marked so; elsewhere the plain mark is left. */
export function settlePrivate(event: Event): Event {
  if (event.kind === 'prompt' && event.text.replace(privateMark, '').trim() === '')
    return { ...event, text: '', isPrivate: true };
  return mapTexts(event, (text) => text.replace(privateMark, '[private]'));
}

/** Drops the turns that began with a wholly private prompt; says how the last turn stands. */
export function dropPrivateTurns(
  events: readonly Event[],
  isTurnPrivate: boolean,
): { events: Event[]; isTurnPrivate: boolean } {
  const kept: Event[] = [];
  let isPrivate = isTurnPrivate;
  for (const event of events) {
    if (event.kind === 'prompt') isPrivate = event.isPrivate === true;
    // Boundaries say nothing and are needed: the session still ends.
    if (!isPrivate || event.kind === 'boundary') kept.push(event);
  }
  return { events: kept, isTurnPrivate: isPrivate };
}
