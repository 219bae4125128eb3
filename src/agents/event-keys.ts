// Event keys are derived from content, so that an event delivered twice, or by hook and transcript, has the same key.
import { hash } from 'node:crypto';
import { firstText } from './json-fields.ts';

/** 16 hex digits for the trimmed text. */
export function hashText(text: string): string {
  return hash('sha256', text.trim(), 'hex').slice(0, 16);
}

export function textKey(text: string): string {
  return `text:${hashText(text)}`;
}

/** `promptId` is '' for hosts without prompt ids. */
export function promptKey(promptId: string, text: string): string {
  return `prompt:${promptId === '' ? '' : `${promptId}:`}${hashText(text)}`;
}

export const hasPromptId = (key: string): boolean => /^prompt:.+:/.test(key);

/** The words of a text or prompt, without the prompt's id and the number of a repetition; undefined for other events. */
export function wordsOfKey(key: string): string | undefined {
  const [, kind, digest] = /^(text|prompt):(?:.+:)?([0-9a-f]{16})(?:#\d+)?$/.exec(key) ?? [];
  return kind && `${kind}:${digest}`;
}

/** Items of texts and prompts by their words, in order; others are left out. */
export function groupByWords<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const words = wordsOfKey(keyOf(item));
    if (words !== undefined) groups.set(words, [...(groups.get(words) ?? []), item]);
  }
  return groups;
}

/**
 * Finds the key among `seen` that the same event has: a host may give a prompt's id in its hooks or in its transcript alone, and each may be
 * read in a claim of its own. Of words that were told again, the last. The key itself when there is none.
 */
export function knownKeys(seen: ReadonlySet<string>): (key: string) => string {
  const byWords = groupByWords(seen, (key) => key);
  return (key) => {
    const words = key.includes('#') || (hasPromptId(key) && seen.has(key)) ? undefined : wordsOfKey(key);
    const told = words === undefined ? [] : (byWords.get(words) ?? []);
    return (hasPromptId(key) ? told.filter((one) => !hasPromptId(one)) : told).at(-1) ?? key;
  };
}

export function summaryKey(text: string): string {
  return `summary:${hashText(text)}`;
}

/** The host's own id if it looks unique. Short ids (of test doubles and small hosts) restart in each run, so prompt, tool and input are added. */
export function toolKey(id: string, promptId: string, name: string, input: unknown): string {
  if (id.length >= 20) return id;
  const subject = firstText(input, 'command', 'file_path', 'notebook_path', 'url', 'query', 'description', 'subject');
  return `${id || 'tool'}:${hashText([promptId, name === 'Task' ? 'Agent' : name, subject || (JSON.stringify(input) ?? '')].join('\n'))}`;
}

/** The call of a command that the user typed: no tool use of the agent's. */
export const typedCall = (id: string): string => `typed:${id}`;
export const isTyped = (key: string): boolean => key.startsWith(typedCall(''));

/** The key of the first event of the same tool use. */
export function firstKey(key: string): string {
  return key.replace(/#\d+$/, '');
}

/** The host's tool use id in a key. */
export function toolOfKey(key: string): string {
  return firstKey(key).replace(/:[0-9a-f]{16}$/, '');
}
