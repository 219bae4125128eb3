// Kinds of front matter values: how each is read from YAML strings. No third-party code: hooks load it.
import type { Cite } from '../domain/cite.ts';
import type { Generated } from '../domain/record.ts';
import { observationTypes } from '../domain/types.ts';

export interface Kind {
  /** Expected form, for error messages. */
  expected: string;
  /** Converts output of the failsafe schema (strings, lists, maps, null). Undefined when the value is not of this kind. */
  read(value: unknown): unknown;
}

const recordTypes = [...Object.keys(observationTypes), 'session', 'tombstone'];

export const kinds = {
  type: {
    expected: `one of ${recordTypes.join(', ')}`,
    read: (value) => (typeof value === 'string' && recordTypes.includes(value) ? value : undefined),
  },
  string: { expected: 'a text', read: readString },
  date: { expected: 'a UTC date such as 2026-11-20T12:48:00Z', read: readDate },
  strings: { expected: 'a list of texts', read: (value) => readList(value, readString) },
  generated: { expected: '{ by: name/version, tokens: whole number }', read: readGenerated },
  cites: {
    expected: 'a list of { path: inside/the/repository, lines: 1-6, blob: 7 or more hex digits, text: 8 hex digits }',
    read: (value) => readList(value, readCite),
  },
  files: { expected: '{ read: [paths], modified: [paths] }', read: readFiles },
  fraction: { expected: 'a number from 0 to 1', read: readFraction },
  external: {
    expected: 'external, or no such key',
    read: (value) => (value === 'external' ? value : undefined),
  },
} satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;

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
