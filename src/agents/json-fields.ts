// Tolerant access to JSON of unknown shape: own properties only; a wrong type counts as missing.
import { attempt } from '../domain/errors.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of JSON lines; other lines are skipped. */
export function recordsIn(lines: string): unknown[] {
  return lines
    .split('\n')
    .map((line) => attempt((): unknown => JSON.parse(line)))
    .filter(isFields);
}

/** The value at the path of keys; undefined when a step is missing. */
export function at(value: unknown, ...keys: string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (!isFields(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** The text at the path of keys; '' when there is none. */
export function textAt(value: unknown, ...keys: string[]): string {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : '';
}

/** The non-negative integer at the path of keys. */
export function countAt(value: unknown, ...keys: string[]): number | undefined {
  const found = at(value, ...keys);
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : undefined;
}

export function listAt(value: unknown, ...keys: string[]): readonly unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** The first non-empty text among the fields. */
export function firstText(value: unknown, ...keys: string[]): string {
  for (const key of keys) {
    const text = textAt(value, key);
    if (text !== '') return text;
  }
  return '';
}

/** The text that a model would see: a string itself, or the text blocks of a list. */
export function textOfBlocks(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((block) => (typeof block === 'string' ? block : textAt(block, 'text')))
    .filter((text) => text !== '')
    .join('\n');
}
