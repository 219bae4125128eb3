// The conformance check of the protocol, made from terms.ts.
import { at, isFields } from '../json-fields.ts';
import { answerTerms, eventNames, eventTerms, type ProtocolEvent, type Term } from './terms.ts';

export function neededKeys(terms: Readonly<Record<string, Term>>, event: ProtocolEvent): string[] {
  return Object.entries(terms).flatMap(([key, term]) => (term.neededBy?.includes(event) ? [key] : []));
}

/** Errors of an event, one line each: where, expected, got. Empty when it conforms. */
export function checkEvent(value: unknown): string[] {
  if (!isFields(value)) return ['expected an object'];
  const event = eventNames.find((name) => name === at(value, 'event'));
  const missing = neededKeys(eventTerms, event ?? 'start').filter((key) => at(value, key) === undefined);
  const errors = missing.map((key) => `${key}: expected in ${event ?? 'every'} event; it is missing`);
  return [...errors, ...checkTerms(eventTerms, value, '')];
}

/** The same for an answer, which may have no other keys. */
export function checkAnswer(value: unknown): string[] {
  if (!isFields(value)) return ['expected an object'];
  const strange = Object.keys(value).filter((key) => !Object.hasOwn(answerTerms, key));
  return [...strange.map((key) => `${key}: no key of an answer`), ...checkTerms(answerTerms, value, '')];
}

function checkTerms(terms: Readonly<Record<string, Term>>, value: unknown, path: string): string[] {
  return Object.entries(terms).flatMap(([key, term]) => {
    const found = at(value, key);
    return found === undefined ? [] : checkTerm(term, found, path + key);
  });
}

const isOfType = {
  integer: Number.isInteger,
  object: isFields,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  any: () => true,
} satisfies Record<Term['type'], (value: unknown) => boolean>;

function checkTerm({ type, values, pattern, fields }: Term, found: unknown, path: string): string[] {
  const wrong = (expected: string): string[] => [
    `${path}: expected ${expected}; got ${JSON.stringify(found)?.slice(0, 60) ?? String(found)}`,
  ];
  if (!isOfType[type](found)) return wrong(type === 'integer' ? 'a whole number' : `a ${type}`);
  if (values && !values.includes(String(found))) return wrong(`one of ${values.join(', ')}`);
  if (pattern && !new RegExp(pattern).test(String(found))) return wrong(pattern);
  if (!fields) return [];
  const missing = at(found, 'name') === undefined ? [`${path}.name: it is missing`] : [];
  return [...missing, ...checkTerms(fields, found, `${path}.`)];
}
