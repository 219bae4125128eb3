// The JSON Schema of a model's answer, and its validation. Answers are always validated here: endpoints are not trusted to enforce the
// schema.
import type { Draft, DraftCite, Evidence, Overturned, SummaryDraft } from '../../domain/draft.ts';
import { at, isFields, listAt, textAt } from '../../agents/json-fields.ts';
import { attempt } from '../../domain/errors.ts';
import { isObservationType } from '../../domain/types.ts';
import type { Mode } from './provider.ts';

type JsonSchema = Record<string, unknown>;

export type ParsedReply = { drafts: Draft[]; overturned: Overturned[]; summary: SummaryDraft } | { errors: string[] };

const evidences = ['user', 'commit', 'command', 'edit', 'agent'] as const satisfies readonly Evidence[];
const overturnedMax = 40;

/** How a field is asked for and read. An absent one (undefined) counts as empty; undefined is read from a value of another kind. */
interface Field<T> {
  expected: string;
  schema: JsonSchema;
  read(value: unknown): T | undefined;
}

const field = <T>(expected: string, schema: JsonSchema, read: Field<T>['read']): Field<T> => ({
  expected,
  schema,
  read,
});

const aText = field('a text', { type: 'string' }, (value = '') =>
  typeof value === 'string' ? withoutLabels(value) : undefined,
);
const aSentence = field('a sentence', aText.schema, (value) => aText.read(value)?.replace(/\s+/g, ' ') || undefined);
const aList = field('a list of texts', { type: 'array', items: aText.schema }, (value = []) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
    ? value.map(withoutLabels).filter((each) => each !== '')
    : undefined,
);
const aFraction = field('a number from 0 to 1', { type: 'number' }, (value = 0.5) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined,
);
const aTurn = field('', { type: 'integer' }, (value) => (Number.isInteger(value) ? (value as number) : 0));

const recordFields = ({ types }: Mode) => ({
  turn: aTurn,
  evidence: field(
    '',
    { type: 'string', enum: [...evidences] },
    (value) => evidences.find((each) => each === value) ?? 'agent',
  ),
  type: field(`one of ${types.join(', ')}`, { type: 'string', enum: [...types] }, (value) =>
    typeof value === 'string' && isObservationType(value) && types.includes(value) ? value : undefined,
  ),
  title: aSentence,
  description: aText,
  body: aText,
  facts: aList,
  inRepository: field('', { type: 'boolean' }, (value) => value === true),
  concepts: aList,
  aliases: aList,
  cites: field(aList.expected, aList.schema, (value) => aList.read(value)?.map(readCite)),
  confidence: aFraction,
  importance: aFraction,
  supersedes: aList,
  contradicts: aList,
});

const summaryFields = {
  title: aSentence,
  request: aText,
  investigated: aList,
  learned: aList,
  completed: aList,
  nextSteps: aList,
};

function closed(fields: Record<string, Pick<Field<unknown>, 'schema'>>): JsonSchema {
  const properties = Object.fromEntries(Object.entries(fields).map(([key, { schema }]) => [key, schema]));
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

const listOf = (items: JsonSchema) => ({ schema: { type: 'array', items } });

/**
 * Closed objects without limits: limits are in the prompt. `overturned` comes first: a model that has listed what no longer holds
 * does not state it as true afterwards.
 */
export function replySchema(mode: Mode): JsonSchema {
  return closed({
    overturned: listOf(closed({ what: aText, turn: aTurn })),
    records: listOf(closed(recordFields(mode))),
    summary: { schema: closed(summaryFields) },
  });
}

/** Names every error, so that a model can fix it. Texts that are too long and extra records are cut, without another request. */
export function parseReply(answer: string, mode: Mode, maxRecords: number): ParsedReply {
  const json = findJson(answer);
  if (json === undefined)
    return { errors: [answer.trim() === '' ? 'the reply is empty' : 'the reply is not one JSON object'] };
  const records = at(json, 'records');
  if (!Array.isArray(records)) return { errors: ['records: expected a list'] };
  const errors: string[] = [];
  const fields = recordFields(mode);
  const read = records.map((item, index) => readFields(fields, item, `records[${index}]`, errors));
  const summary = readFields(summaryFields, at(json, 'summary'), 'summary', errors);
  if (errors.length > 0) return { errors: errors.slice(0, 12) };
  // The most important ones, in the model's order.
  const kept = new Set(read.toSorted((a, b) => b.importance - a.importance).slice(0, maxRecords));
  const drafts = read
    .filter((each) => kept.has(each))
    .map(({ inRepository, ...draft }): Draft => ({ ...draft, isCommitted: inRepository || undefined }));
  return { drafts, overturned: readOverturned(listAt(json, 'overturned')), summary };
}

/** Faults go to `errors`; the result of one with faults is not used. */
function readFields<T extends object>(
  fields: { [K in keyof T]: Field<T[K]> },
  given: unknown,
  where: string,
  errors: string[],
): T {
  if (!isFields(given)) errors.push(`${where}: expected an object`);
  const read = Object.entries<Field<unknown>>(isFields(given) ? fields : {}).map(
    ([key, { expected, read: readOne }]) => {
      const value = readOne(at(given, key) ?? undefined);
      if (value === undefined) errors.push(`${where}.${key}: expected ${expected}`);
      return [key, value];
    },
  );
  return Object.fromEntries(read) as T;
}

/** The whole text, or the object in it: models like to add fences and an introduction. */
function findJson(answer: string): unknown {
  for (const candidate of [answer, answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)]) {
    const value = attempt((): unknown => JSON.parse(candidate));
    if (typeof value === 'object' && value !== null) return value;
  }
  return undefined;
}

/** Lenient: the list is only used to check the records, and not stored. */
function readOverturned(given: readonly unknown[]): Overturned[] {
  return given.slice(0, overturnedMax).flatMap((item) => {
    const what = (typeof item === 'string' ? item : textAt(item, 'what')).trim();
    const turn = at(item, 'turn');
    return what === '' ? [] : [{ what, turn: typeof turn === 'number' ? turn : 0 }];
  });
}

/** The request's own words, which say nothing to a reader of the record: numbers of turns, the notes, a host's summary. */
function withoutLabels(text: string): string {
  return text
    .replace(/\s*\((?:T\d+[\s,–-]*)+\)|\s*\((?:by |in )?the (?:host summary|notes)\)/g, '')
    .replace(/\b(?:by|in|per|from|according to) the (?:host summary|notes)[,:]?\s*|\bhost summary:\s*/gi, '')
    .trim();
}

/** `src/a.ts`, `src/a.ts:12` or `src/a.ts:12-30`. */
function readCite(text: string): DraftCite {
  const match = /^(.+?):(\d+)(?:[-–](\d+))?$/.exec(text);
  const path = (match?.[1] ?? text).replace(/^`|`$/g, '').replace(/^\.\//, '');
  if (match === null) return { path };
  const first = Number(match[2]);
  const last = Number(match[3] ?? first);
  return first > 0 && last >= first ? { path, lines: [first, last] } : { path };
}
