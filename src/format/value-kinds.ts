// Kinds of front matter values: how each is read from YAML strings and its JSON Schema. No third-party code: hooks load it.
import type { Cite } from '../domain/cite.ts';
import type { Generated } from '../domain/record.ts';
import { isObservationType, observationTypes } from '../domain/types.ts';

export interface Kind {
  /** Expected form, for error messages. */
  expected: string;
  /** Converts output of the failsafe schema (strings, lists, maps, null). Undefined when the value is not of this kind. */
  read(value: unknown): unknown;
  /** JSON Schema of the value as other YAML tools read it. */
  schema: Record<string, unknown>;
}

export type KindName =
  'type' | 'string' | 'date' | 'strings' | 'paths' | 'generated' | 'cites' | 'files' | 'fraction' | 'external';

const recordTypes = [...Object.keys(observationTypes), 'session', 'tombstone'];
const stringList = { type: 'array', items: { type: 'string' } };
const pathSchema = {
  type: 'string',
  description: 'Relative to the top of the working tree, with forward slashes; never leaves it.',
};

export const kinds = {
  type: {
    expected: `one of ${recordTypes.join(', ')}`,
    read: (value) =>
      typeof value === 'string' && (isObservationType(value) || value === 'session' || value === 'tombstone')
        ? value
        : undefined,
    schema: { enum: recordTypes },
  },
  string: { expected: 'a text', read: readString, schema: { type: 'string' } },
  date: {
    expected: 'a UTC date such as 2026-11-20T12:48:00Z',
    read: readDate,
    schema: { type: 'string', format: 'date-time' },
  },
  strings: { expected: 'a list of texts', read: (value) => readList(value, readString), schema: stringList },
  paths: {
    expected: 'a list of paths inside the repository',
    read: (value) => readList(value, readPath),
    schema: { type: 'array', items: pathSchema },
  },
  generated: {
    expected: '{ by: name/version, tokens: whole number }',
    read: readGenerated,
    schema: {
      type: 'object',
      required: ['by', 'tokens'],
      properties: {
        by: { type: 'string', description: 'Provider and version, such as extractive/1.' },
        tokens: { type: 'integer', minimum: 0, description: 'Model tokens that made the record; 0 without a model.' },
      },
    },
  },
  cites: {
    expected: 'a list of { path: inside/the/repository, lines: 1-6, blob: 7 or more hex digits, text: 8 hex digits }',
    read: (value) => readList(value, readCite),
    schema: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path'],
        properties: {
          path: pathSchema,
          lines: {
            type: ['string', 'integer'],
            pattern: '^[1-9][0-9]*(-[1-9][0-9]*)?$',
            description: 'First and last line as observed, from 1, inclusive.',
          },
          blob: { type: 'string', pattern: '^[0-9a-f]{7,64}$', description: 'Git blob id, at least 7 digits of it.' },
          text: {
            type: 'string',
            pattern: '^[0-9a-f]{8}$',
            description: 'Hash of the observed lines, white space folded.',
          },
        },
      },
    },
  },
  files: {
    expected: '{ read: [paths], modified: [paths] }',
    read: readFiles,
    schema: {
      type: 'object',
      properties: { read: { type: 'array', items: pathSchema }, modified: { type: 'array', items: pathSchema } },
    },
  },
  fraction: {
    expected: 'a number from 0 to 1',
    read: readFraction,
    schema: { type: 'number', minimum: 0, maximum: 1 },
  },
  external: {
    expected: 'external, or no such key',
    read: (value) => (value === 'external' ? value : undefined),
    schema: { const: 'external' },
  },
} satisfies Record<KindName, Kind>;

const usualDate = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}Z$/;

/** ISO 8601 in UTC, whole seconds; also reads a date alone, other offsets, milliseconds. */
function readDate(value: unknown): string | undefined {
  // Days that every month has need no conversion: thousands of records are read at once.
  if (typeof value === 'string' && usualDate.test(value)) return value;
  const pattern = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)? ?(Z|z|[+-]\d{2}:\d{2})?)?$/;
  const match = typeof value === 'string' ? pattern.exec(value.trim()) : null;
  if (match === null) return undefined;
  const [, day, time = '00:00:00', zone = 'Z'] = match;
  const at = new Date(`${day}T${time.length === 5 ? `${time}:00` : time}${zone.toUpperCase()}`);
  const year = at.getUTCFullYear();
  if (Number.isNaN(at.getTime()) || year < 0 || year > 9999) return undefined;
  return at.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function readString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A single value is read as a list of one. */
function readList<T>(value: unknown, read: (item: unknown) => T | undefined): T[] | undefined {
  const list = (Array.isArray(value) ? value : [value]).map(read);
  return list.includes(undefined) ? undefined : (list as T[]);
}

/** A path that stays inside the working tree. */
function readPath(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) return undefined;
  if (/^(?:[/\\~]|[A-Za-z]:[/\\])/.test(value) || value.split(/[/\\]/).includes('..')) return undefined;
  return value;
}

const [blobPattern, hashPattern] = [/^[0-9a-f]{7,64}$/, /^[0-9a-f]{8}$/];
const linesPattern = /^([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/;

/** One cite: a map of texts, or a path alone. */
export function readCite(value: unknown): Cite | undefined {
  const map: Record<string, unknown> | undefined = typeof value === 'string' ? { path: value } : readMap(value);
  const path = readPath(map?.['path']);
  if (map === undefined || path === undefined) return undefined;
  const cite: Cite = { path };
  const { lines = null, blob = null, text = null } = map;
  if (lines !== null) {
    const [, first, last = first] = linesPattern.exec(readString(lines) ?? '') ?? [];
    if (first === undefined || Number(last) < Number(first)) return undefined;
    cite.lines = [Number(first), Number(last)];
  }
  if (blob !== null) {
    if (typeof blob !== 'string' || !blobPattern.test(blob)) return undefined;
    cite.blob = blob;
  }
  if (text !== null) {
    if (typeof text !== 'string' || !hashPattern.test(text)) return undefined;
    cite.text = text;
  }
  return cite;
}

function readGenerated(value: unknown): Generated | undefined {
  const map = readMap(value);
  const by = readString(map?.['by']);
  const tokens = readString(map?.['tokens'] ?? '0');
  if (by === undefined || tokens === undefined || !/^\d{1,15}$/.test(tokens)) return undefined;
  return { by, tokens: Number(tokens) };
}

function readFiles(value: unknown): { read: string[]; modified: string[] } | undefined {
  const map = readMap(value);
  if (map === undefined) return undefined;
  const read = readList(map['read'] ?? [], readPath);
  const modified = readList(map['modified'] ?? [], readPath);
  return read && modified ? { read, modified } : undefined;
}

function readFraction(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\+?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value)) return undefined;
  const number = Number(value);
  return number >= 0 && number <= 1 ? number : undefined;
}

function readMap(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
