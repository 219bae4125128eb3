// The JSON Schema of a model's answer, and its validation. Answers are always validated here: endpoints are not trusted to enforce the
// schema.
import type { Draft, DraftCite, Evidence, Overturned, SummaryDraft } from '../../domain/draft.ts';
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
  const root = asObject(json);
  const list = root?.['records'];
  if (root === undefined || !Array.isArray(list)) return { errors: ['records: expected a list'] };
  const errors: string[] = [];
  const drafts = (list as unknown[]).flatMap((item, index) => readDraft(item, `records[${index}]`, mode, errors) ?? []);
  const summary = readSummary(root['summary'], errors);
  if (errors.length > 0 || summary === undefined) return { errors: errors.slice(0, 12) };
  return {
    drafts: mostImportant(drafts, maxRecords),
    overturned: readOverturned(root['overturned']),
    summary,
  };
}

/** The most important drafts, in the model's order. */
function mostImportant(drafts: readonly Draft[], max: number): Draft[] {
  const kept = new Set([...drafts].sort((a, b) => b.importance - a.importance).slice(0, max));
  return drafts.filter((draft) => kept.has(draft));
}

/** The whole text, or the object in it: models like to add fences and an introduction. */
function findJson(answer: string): unknown {
  const candidates = [answer, answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)];
  for (const candidate of candidates) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value === 'object' && value !== null) return value;
    } catch {
      // Try the next one.
    }
  }
  return undefined;
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** Lenient: the list is only used to check the records, and not stored. */
function readOverturned(value: unknown): Overturned[] {
  const given: unknown[] = Array.isArray(value) ? value : [];
  return given.slice(0, overturnedMax).flatMap((item) => {
    const { what, turn } = asObject(item) ?? {};
    const text = typeof what === 'string' ? what.trim() : typeof item === 'string' ? item.trim() : '';
    return text === '' ? [] : [{ what: text, turn: typeof turn === 'number' ? turn : 0 }];
  });
}

function readDraft(item: unknown, where: string, mode: Mode, errors: string[]): Draft | undefined {
  const given = asObject(item);
  if (given === undefined) {
    errors.push(`${where}: expected an object`);
    return undefined;
  }
  const count = errors.length;
  const fail = (key: string, expected: string): void => void errors.push(`${where}.${key}: expected ${expected}`);
  const readText = (key: string): string => {
    const value = given[key] ?? '';
    if (typeof value === 'string') return withoutLabels(value);
    fail(key, 'a text');
    return '';
  };
  const readList = (key: string): string[] => readTexts(given[key], () => fail(key, 'a list of texts'));
  const readFraction = (key: string): number => {
    const value = given[key] ?? 0.5;
    if (typeof value === 'number' && value >= 0 && value <= 1) return value;
    fail(key, 'a number from 0 to 1');
    return 0.5;
  };
  const type = readText('type');
  const title = readText('title').replace(/\s+/g, ' ');
  if (!isObservationType(type) || !mode.types.includes(type)) fail('type', `one of ${mode.types.join(', ')}`);
  if (title === '') fail('title', 'a sentence');
  const evidence = evidences.find((each) => each === given['evidence']);
  const draft = {
    title,
    description: readText('description'),
    body: readText('body'),
    facts: readList('facts'),
    concepts: readList('concepts'),
    aliases: readList('aliases'),
    cites: readList('cites').map(readCite),
    confidence: readFraction('confidence'),
    importance: readFraction('importance'),
    supersedes: readList('supersedes'),
    contradicts: readList('contradicts'),
    ...(Number.isInteger(given['turn']) ? { turn: given['turn'] as number } : {}),
    ...(evidence === undefined ? {} : { evidence }),
    ...(given['inRepository'] === true ? { isCommitted: true } : {}),
  };
  return errors.length === count && isObservationType(type) ? { type, ...draft } : undefined;
}

function readTexts(value: unknown, fail: () => void): string[] {
  const given = value ?? [];
  if (Array.isArray(given) && given.every((each) => typeof each === 'string'))
    return given.map(withoutLabels).filter((each) => each !== '');
  fail();
  return [];
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

function readSummary(value: unknown, errors: string[]): SummaryDraft | undefined {
  const given = asObject(value);
  if (given === undefined) {
    errors.push('summary: expected an object');
    return undefined;
  }
  const readText = (key: string): string => {
    const each = given[key] ?? '';
    if (typeof each === 'string') return withoutLabels(each);
    errors.push(`summary.${key}: expected a text`);
    return '';
  };
  const [investigated = [], learned = [], completed = [], nextSteps = []] = summaryLists.map((key) =>
    readTexts(given[key], () => errors.push(`summary.${key}: expected a list of texts`)),
  );
  const title = readText('title').replace(/\s+/g, ' ');
  if (title === '') errors.push('summary.title: expected a sentence');
  return { title, request: readText('request'), investigated, learned, completed, nextSteps };
}
