// Arguments as models and hosts send them: a number as text, a list as its JSON text or as one item, null where nothing is meant. They are
// read as they were meant before the schema checks them; what it refuses is refused with what was expected.
import * as z from 'zod/v4';
import { attempt } from '../domain/errors.ts';

/** The same schema to whoever reads it, and one that validates what was meant. */
export function lenient<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  return z.preprocess((value) => readAsMeant(value, schema.shape), schema);
}

/** Unknown keys are left as they are, unless only the number of the name is wrong: `id` for `ids`. */
function readAsMeant(value: unknown, shape: z.ZodRawShape): unknown {
  const given = parsed(value) ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) return given;
  const meant = new Map<string, unknown>();
  for (const [written, one] of Object.entries(given)) {
    const key = [written, `${written}s`, written.replace(/s$/, '')].find((name) => Object.hasOwn(shape, name));
    if (isNothing(one, key === undefined || freeText.test(key) ? 'text' : kindOf(shape[key]))) continue;
    if (key === undefined || (key !== written && Object.hasOwn(given, key))) meant.set(written, one);
    else meant.set(key, readOne(one, kindOf(shape[key]), /^(?:ids|supersedes)$/.test(key)));
  }
  return Object.fromEntries(meant);
}

/** Any word may stand there, `null` too. */
const freeText = /^(?:query|title|body|reason)$/;

/** Null, and what takes its place in a text. An empty text is one where texts are expected. */
function isNothing(value: unknown, kind: string): boolean {
  if (value === null) return true;
  if (typeof value !== 'string' || kind === 'text') return false;
  return /^\s*(?:null|undefined|none)\s*$/i.test(value) || (value.trim() === '' && kind !== 'string');
}

function readOne(value: unknown, kind: string, isOfIds: boolean): unknown {
  if (kind === 'array') return listOf(parsed(value), isOfIds);
  const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  const word = String(one).trim().toLowerCase();
  if (kind === 'number') return typeof one === 'string' && /^-?\d+(?:\.0+)?$/.test(word) ? Number(word) : one;
  if (kind === 'boolean') return /^(?:true|1|yes)$/.test(word) || (/^(?:false|0|no)$/.test(word) ? false : one);
  if (kind === 'enum') return typeof one === 'string' ? word : one;
  if (Array.isArray(one) && one.every((part) => typeof part === 'string')) return one.join(' ');
  return textOf(one);
}

function listOf(list: unknown, isOfIds: boolean): unknown {
  if (Array.isArray(list)) return list.flat().map(textOf);
  if (typeof list === 'number') return [String(list)];
  if (typeof list !== 'string') return list;
  // An id holds neither; a path may hold both.
  return isOfIds ? list.split(/[\s,;[\]"']+/).filter((one) => one !== '') : [list];
}

function textOf(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

/** The list or object that a text writes as JSON; anything else as it is. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  return attempt((): unknown => JSON.parse(value)) ?? value;
}

/** `number`, `array`, `enum` or `string`, what is optional unwrapped. */
function kindOf(type: unknown): string {
  const { def } = type as { def: { type: string; innerType?: unknown } };
  return def.innerType === undefined ? def.type : kindOf(def.innerType);
}
