// Fast parser for the subset of YAML that our own writer produces, one line per key. For anything else, and for faulty files, it
// returns undefined and the YAML library reads the file: both give the same record (test/format/plain-record.test.ts). Without caches
// a session start reads thousands of files, so it makes one pass and few objects.
import type { Cite } from '../domain/cite.ts';
import { attempt } from '../domain/errors.ts';
import { blankRecord, type MemoryRecord } from '../domain/record.ts';
import { kinds, readCite, type KindName } from './value-kinds.ts';
import { recordFieldOf } from './record-fields.ts';
import { cleanText, finishRecord, refuseText, type ParsedRecord } from './record-of-data.ts';

export function parsePlainRecord(id: string, text: string, created: string): ParsedRecord | undefined {
  const clean = cleanText(text);
  const refused = refuseText(clean);
  if (refused) return refused;
  const end = clean.indexOf('\n---', 3);
  const record = blankRecord(id, 'discovery', created);
  if (end < 4 || unusual.test(clean.slice(4, end)) || !readFields(clean, end, record)) return undefined;
  return { record: finishRecord(record, clean.slice(end + 5)) };
}

/** Characters in the front matter that need the library: tabs, control characters, marks, line separators and lone surrogates. */
const unusual = /[^\n\x20-\x7e\u00a1-\u2027\u2030-\ud7ff\ue000-\ufdff]/;
const unknownKey = /^[a-z]+(?:-[a-z]+)*$/;
const itemStart = '  - ';

/** Fills the record from the lines between the first one and `end`; false if a line is outside the subset or has the wrong kind. */
function readFields(text: string, end: number, record: MemoryRecord): boolean {
  const properties = record as unknown as Record<string, unknown>;
  const seen = new Set<string>();
  for (let at = 4, stop: number; at < end; at = stop + 1) {
    stop = text.indexOf('\n', at);
    const keyEnd = text.indexOf(':', at);
    if (keyEnd === -1 || keyEnd >= stop) return false;
    const key = text.slice(at, keyEnd);
    const { kind, property } = recordFieldOf.get(key) ?? {};
    let read: unknown;
    if (keyEnd + 1 < stop) {
      if (text[keyEnd + 1] !== ' ') return false;
      read = readAs(kind, readValue(text.slice(keyEnd + 2, stop)));
    } else {
      const items: unknown[] = [];
      while (stop < end && text.startsWith(itemStart, stop + 1)) {
        const from = stop + 1 + itemStart.length;
        stop = text.indexOf('\n', from);
        const item =
          kind === 'cites'
            ? (matchCite(text, from) ?? readCite(readValue(text.slice(from, stop))))
            : readValue(text.slice(from, stop));
        if (item === undefined || (kind === 'strings' && typeof item !== 'string')) return false;
        items.push(item);
      }
      if (items.length === 0) return false;
      read = kind === 'strings' || kind === 'cites' ? items : readAs(kind, items);
    }
    if (read === undefined || seen.has(key) || (property === undefined && !unknownKey.test(key))) return false;
    seen.add(key);
    if (property === undefined) record.extra[key] = read;
    else properties[property] = read;
  }
  return seen.has('type');
}

function readAs(kind: KindName | undefined, value: unknown): unknown {
  if (value === undefined || kind === undefined || (kind === 'string' && typeof value === 'string')) return value;
  return kinds[kind].read(value);
}

/** First character of a plain scalar: no indicator, no white space. */
const plainHead = /^[^\s\-?:,[\]{}#&*!|>'"%@`]/;
/** The patterns below take the square of the length. */
const maxChars = 2000;
/** A key that a map may hold twice, one in quotes, or brackets nested deeper than we write them. */
const needsLibrary = /\b([a-z]+): .*\b\1: |["']\s*:|[[{][^\]}]*[[{][^\]}]*[[{]/;
/** A key, the inside of quotes, or a plain scalar in brackets without any indicator. */
const scalar =
  /([a-z]+)(?=: )|"((?:[^"\\]|\\["\\])*)"(?=$| ?[,\]}])|(?<![\w./~$(])([A-Za-z0-9_./~$(](?:[^,[\]{}:#"'&*!|>%@`?\\ ]| (?![ ,\]}]))*)(?= ?[,\]}])/g;

/** The value of one line: plain, or what is JSON once its scalars are in double quotes. Undefined for anything else. */
function readValue(text: string): unknown {
  if (plainHead.test(text)) return /: | #|[: ]$/.test(text) ? undefined : text;
  if (!/^["'[{]/.test(text) || text.length > maxChars || needsLibrary.test(text)) return undefined;
  const doubled = text.replace(/'((?:[^']|'')*)'/g, (_, inside: string) =>
    JSON.stringify(inside.replaceAll("''", "'")),
  );
  return attempt((): unknown => JSON.parse(doubled.replace(scalar, '"$1$2$3"')));
}

/** A cite as our writer writes it: of the values that are no plain text the most frequent. */
const citePattern =
  /\{ path: (\w[\w/.-]*), lines: ([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?(?:, blob: ([0-9a-f]{7,64}))?(?:, text: ([0-9a-f]{8}))? \}(?=\n)/y;

function matchCite(record: string, at: number): Cite | undefined {
  citePattern.lastIndex = at;
  const [, path, first, last = first, blob, text] = citePattern.exec(record) ?? [];
  if (path === undefined || Number(last) < Number(first) || path.includes('..')) return undefined;
  const cite: Cite = { path, lines: [Number(first), Number(last)] };
  if (blob !== undefined) cite.blob = blob;
  if (text !== undefined) cite.text = text;
  return cite;
}
