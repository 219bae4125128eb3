// Keys of events come from what happened, so that the same event told twice, or by hook and transcript, has one key.
import { createHash } from 'node:crypto';
import { firstText } from './fields.ts';

/** 16 hex digits for a text, ends trimmed. */
export function hashText(text: string): string {
  return createHash('sha256').update(text.trim()).digest('hex').slice(0, 16);
}

export function textKey(text: string): string {
  return `text:${hashText(text)}`;
}

/** `promptId` is '' for hosts that name none. */
export function promptKey(promptId: string, text: string): string {
  return `prompt:${promptId === '' ? '' : `${promptId}:`}${hashText(text)}`;
}

export function summaryKey(text: string): string {
  return `summary:${hashText(text)}`;
}

/**
 * A host's own id where it looks like one that never repeats. Short ones (of test doubles and small hosts) begin anew in each run:
 * they are told apart by prompt, tool and what it was used on.
 */
export function toolKey(id: string, promptId: string, name: string, input: unknown): string {
  if (id.length >= 20) return id;
  const subject = firstText(input, 'command', 'file_path', 'notebook_path', 'url', 'query', 'description', 'subject');
  return `${id || 'tool'}:${hashText([promptId, name === 'Task' ? 'Agent' : name, subject || (JSON.stringify(input) ?? '')].join('\n'))}`;
}

/** The key of the first event of the tool use that an event came from. */
export function firstKey(key: string): string {
  return key.replace(/#\d+$/, '');
}

/** The host's id of the tool use that a key was made from. */
export function toolOfKey(key: string): string {
  return firstKey(key).replace(/:[0-9a-f]{16}$/, '');
}
