import type { Event } from './event.ts';

/** The fields that a person, a program or a file wrote, in the order in which they are read. */
const textFields: { [K in Event['kind']]: readonly (keyof Extract<Event, { kind: K }>)[] } = {
  prompt: ['text'],
  text: ['text'],
  summary: ['text'],
  command: ['command', 'description', 'output', 'commit'],
  edit: ['hunks', 'error'],
  answer: ['question', 'answer', 'subject', 'why', 'others'],
  verdict: ['what', 'reason'],
  task: ['subject'],
  report: ['description', 'text'],
  external: ['input', 'text'],
  read: [],
  boundary: [],
};
/** Of commits and hunks. */
const innerFields = ['message', 'removed', 'added'];

/** Returns the event with `change` applied to every text written by a person, program or file; paths, ids and times are kept. */
export function mapTexts<T extends Event>(event: T, change: (text: string) => string): T {
  return mapFields(event, textFields[event.kind], change);
}

/** The texts that `mapTexts` would change, in order. */
export function textsOf(event: Event): string[] {
  const texts: string[] = [];
  mapTexts(event, (text) => {
    texts.push(text);
    return text;
  });
  return texts;
}

function mapFields<T extends object>(value: T, fields: readonly string[], change: (text: string) => string): T {
  const result = { ...value } as Record<string, unknown>;
  for (const field of fields) if (result[field] !== undefined) result[field] = mapValue(result[field], change);
  return result as T;
}

function mapValue(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapValue(item, change));
  return mapFields(value as object, innerFields, change);
}
