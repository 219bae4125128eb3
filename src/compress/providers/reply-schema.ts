// The JSON Schema of a model's answer, and its validation. Answers are always validated here: endpoints are not trusted to enforce the
// schema.
import type { Draft, DraftCite, Evidence, Overturned, SummaryDraft } from '../../domain/draft.ts';
import { at, isFields, listAt, textAt, type Fields } from '../../agents/json-fields.ts';
import { attempt } from '../../domain/errors.ts';
import { isObservationType } from '../../domain/types.ts';
import type { Mode } from './provider.ts';

type JsonSchema = Record<string, unknown>;

export type ParsedReply = { drafts: Draft[]; overturned: Overturned[]; summary: SummaryDraft } | { errors: string[] };

const aText: JsonSchema = { type: 'string' };
const aList: JsonSchema = { type: 'array', items: aText };
const aNumber: JsonSchema = { type: 'number' };
const summaryLists = ['investigated', 'learned', 'completed', 'nextSteps'] as const;
const evidences = ['user', 'commit', 'command', 'edit', 'agent'] as const satisfies readonly Evidence[];
const overturnedMax = 40;

function closed(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

/**
 * Closed objects without limits: limits are in the prompt. `overturned` comes first: a model that has listed what no longer holds
 * does not state it as true afterwards.
 */
export function replySchema(mode: Mode): JsonSchema {
  const record = closed({
    turn: { type: 'integer' },
    evidence: { type: 'string', enum: [...evidences] },
    type: { type: 'string', enum: [...mode.types] },
    title: aText,
    description: aText,
    body: aText,
    facts: aList,
    inRepository: { type: 'boolean' },
    concepts: aList,
    aliases: aList,
    cites: aList,
    confidence: aNumber,
    importance: aNumber,
    supersedes: aList,
    contradicts: aList,
  });
  const lists = Object.fromEntries(summaryLists.map((name) => [name, aList]));
  return closed({
    overturned: { type: 'array', items: closed({ what: aText, turn: { type: 'integer' } }) },
    records: { type: 'array', items: record },
    summary: closed({ title: aText, request: aText, ...lists }),
  });
}

/** Names every error, so that a model can fix it. Texts that are too long and extra records are cut, without another request. */
export function parseReply(answer: string, mode: Mode, maxRecords: number): ParsedReply {
  const json = findJson(answer);
  if (json === undefined)
    return { errors: [answer.trim() === '' ? 'the reply is empty' : 'the reply is not one JSON object'] };
  const list = at(json, 'records');
  if (!Array.isArray(list)) return { errors: ['records: expected a list'] };
  const errors: string[] = [];
  const drafts = (list as unknown[]).flatMap((item, index) => readDraft(item, `records[${index}]`, mode, errors) ?? []);
  const summary = readSummary(at(json, 'summary'), errors);
  if (errors.length > 0 || summary === undefined) return { errors: errors.slice(0, 12) };
  // The most important drafts, in the model's order.
  const kept = new Set(drafts.toSorted((a, b) => b.importance - a.importance).slice(0, maxRecords));
  const overturned = readOverturned(listAt(json, 'overturned'));
  return { drafts: drafts.filter((draft) => kept.has(draft)), overturned, summary };
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

/** Reads an object's fields, absent ones as empty; faults go to `errors`. */
function fieldsOf(given: Fields, where: string, errors: string[]) {
  const fail = (key: string, expected: string): void => void errors.push(`${where}.${key}: expected ${expected}`);
  const text = (key: string): string => {
    const value = given[key] ?? '';
    if (typeof value === 'string') return withoutLabels(value);
    fail(key, 'a text');
    return '';
  };
  return {
    fail,
    text,
    sentence(key: string): string {
      const line = text(key).replace(/\s+/g, ' ');
      if (line === '') fail(key, 'a sentence');
      return line;
    },
    list(key: string): string[] {
      const value = given[key] ?? [];
      if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
        return value.map(withoutLabels).filter((each) => each !== '');
      fail(key, 'a list of texts');
      return [];
    },
    fraction(key: string): number {
      const value = given[key] ?? 0.5;
      if (typeof value === 'number' && value >= 0 && value <= 1) return value;
      fail(key, 'a number from 0 to 1');
      return 0.5;
    },
  };
}

function readDraft(given: unknown, where: string, mode: Mode, errors: string[]): Draft | undefined {
  if (!isFields(given)) return void errors.push(`${where}: expected an object`);
  const count = errors.length;
  const { text, sentence, list, fraction, fail } = fieldsOf(given, where, errors);
  const type = text('type');
  if (!isObservationType(type) || !mode.types.includes(type)) fail('type', `one of ${mode.types.join(', ')}`);
  const draft = {
    title: sentence('title'),
    description: text('description'),
    body: text('body'),
    facts: list('facts'),
    concepts: list('concepts'),
    aliases: list('aliases'),
    cites: list('cites').map(readCite),
    confidence: fraction('confidence'),
    importance: fraction('importance'),
    supersedes: list('supersedes'),
    contradicts: list('contradicts'),
    turn: Number.isInteger(given['turn']) ? (given['turn'] as number) : undefined,
    evidence: evidences.find((each) => each === given['evidence']),
    isCommitted: given['inRepository'] === true || undefined,
  };
  return errors.length === count && isObservationType(type) ? { type, ...draft } : undefined;
}

function readSummary(given: unknown, errors: string[]): SummaryDraft | undefined {
  if (!isFields(given)) return void errors.push('summary: expected an object');
  const { text, sentence, list } = fieldsOf(given, 'summary', errors);
  return {
    title: sentence('title'),
    request: text('request'),
    investigated: list('investigated'),
    learned: list('learned'),
    completed: list('completed'),
    nextSteps: list('nextSteps'),
  };
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
