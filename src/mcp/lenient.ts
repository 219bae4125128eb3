// Arguments as models and hosts send them: a number as text, a list as its JSON text or as one item, null where nothing is meant. They are
// read as they were meant before the schema checks them; what it refuses is refused with what was expected.
import type * as z from 'zod/v4';

/** The same schema to whoever reads it, and one that validates what was meant. */
export function lenient<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>): z.ZodObject<Shape> {
  const standard = schema['~standard'];
  const validate: typeof standard.validate = (value, options) =>
    standard.validate(readAsMeant(value, schema.shape), options);
  return new Proxy(schema, {
    get: (target, key) =>
      key === '~standard' ? { ...standard, validate } : (Reflect.get(target, key, target) as unknown),
  });
}

/** Unknown keys are left as they are, unless only the number of the name is wrong: `id` for `ids`. */
function readAsMeant(value: unknown, shape: z.ZodRawShape): unknown {
  const given = typeof value === 'string' ? (parsed(value) ?? value) : (value ?? {});
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const meant: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [written, one] of Object.entries(given)) {
    const key = [written, `${written}s`, written.replace(/s$/, '')].find((name) => Object.hasOwn(shape, name));
    if (isNothing(one, key === undefined || freeText.test(key) ? 'text' : kindOf(shape[key]))) continue;
    if (key === undefined || (key !== written && Object.hasOwn(given, key))) meant[written] = one;
    else meant[key] = readOne(one, kindOf(shape[key]), /^(?:ids|supersedes)$/.test(key));
  }
  return { ...meant };
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
  if (kind === 'array') return listOf(value, isOfIds);
  const one = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
  if (kind === 'number') return typeof one === 'string' && /^\s*-?\d+(?:\.0+)?\s*$/.test(one) ? Number(one) : one;
  if (kind === 'boolean') return /^\s*(?:true|false|1|0|yes|no)\s*$/i.test(String(one)) ? isYes(one) : one;
  if (kind === 'enum') return typeof one === 'string' ? one.trim().toLowerCase() : one;
  if (Array.isArray(one) && one.every((part) => typeof part === 'string')) return one.join(' ');
  return textOf(one);
}

function isYes(value: unknown): boolean {
  return /^\s*(?:true|1|yes)\s*$/i.test(String(value));
}

function listOf(value: unknown, isOfIds: boolean): unknown {
  const list = typeof value === 'string' ? (parsed(value) ?? value) : value;
  if (Array.isArray(list)) return list.flat().map(textOf);
  if (typeof list === 'number') return [String(list)];
  if (typeof list !== 'string') return list;
  // An id holds neither; a path may hold both.
  return isOfIds ? list.split(/[\s,;]+/).filter((one) => one !== '') : [list];
}

function textOf(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `number`, `array`, `enum` or `string`, what is optional unwrapped. */
function kindOf(type: unknown): string {
  const { def } = type as { def: { type: string; innerType?: unknown } };
  return def.innerType === undefined ? def.type : kindOf(def.innerType);
}
