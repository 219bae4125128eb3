// Keys of events come from what happened, so that the same event told twice, or by hook and transcript, has one key.
import { createHash } from 'node:crypto';

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

/** The id of the tool use that an event came from, if it came from one. */
export function toolOfKey(key: string): string {
  return key.replace(/#\d+$/, '');
}
