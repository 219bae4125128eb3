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

/** Unknown keys are left as they are. */
function readAsMeant(value: unknown, shape: z.ZodRawShape): unknown {
  const given = typeof value === 'string' ? (parsed(value) ?? value) : (value ?? {});
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const meant: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, one] of Object.entries(given)) {
    if (one === null) continue;
    meant[key] = Object.hasOwn(shape, key) ? readOne(one, kindOf(shape[key])) : one;
  }
  return { ...meant };
}

function readOne(value: unknown, kind: string): unknown {
  if (kind === 'number')
    return typeof value === 'string' && /^\s*-?\d+(?:\.0+)?\s*$/.test(value) ? Number(value) : value;
  if (kind === 'array') return listOf(value);
  if (kind === 'enum') return typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (Array.isArray(value) && value.length === 1) return textOf(value[0]);
  return textOf(value);
}

function listOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textOf);
  if (typeof value !== 'string') return typeof value === 'number' ? [String(value)] : value;
  const list = parsed(value);
  if (Array.isArray(list)) return list.map(textOf);
  return value.trim() === '' ? [] : [value];
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
