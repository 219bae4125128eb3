// Fast parser for the subset of YAML that our own writer produces, one line per key. For anything else, and for faulty files, it
// returns undefined and the YAML library reads the file: both give the same record (test/format/plain-record.test.ts). Without caches
// a session start reads thousands of files, so it makes one pass and few objects.
import type { Cite } from '../domain/cite.ts';
import { attempt } from '../domain/errors.ts';
import { blankRecord, type Generated, type MemoryRecord } from '../domain/record.ts';
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
  const value = plainValues(text, end);
  let seen = 0;
  for (let at = 4, stop: number; at < end; at = stop + 1) {
    stop = text.indexOf('\n', at);
    const keyEnd = text.indexOf(':', at);
    if (keyEnd === -1 || keyEnd >= stop) return false;
    const key = text.slice(at, keyEnd);
    const field = recordFieldOf.get(key);
    const kind = field?.kind;
    let read: unknown;
    if (keyEnd + 1 < stop) {
      const from = keyEnd + 2;
      if (text.charCodeAt(from - 1) !== space) return false;
      if (kind === 'strings') read = matchList(text, from, stop);
      else if (kind === 'generated') read = matchGenerated(text, from);
      read ??= readAs(kind, value(from, stop));
    } else {
      const items: unknown[] = [];
      while (stop < end && text.startsWith(itemStart, stop + 1)) {
        const from = stop + 1 + itemStart.length;
        stop = text.indexOf('\n', from);
        const item = kind === 'cites' ? (matchCite(text, from) ?? readCite(value(from, stop))) : value(from, stop);
        if (item === undefined || (kind === 'strings' && typeof item !== 'string')) return false;
        items.push(item);
      }
      if (items.length === 0) return false;
      read = kind === 'cites' || kind === 'strings' ? items : readAs(kind, items);
    }
    if (read === undefined) return false;
    if (field === undefined) {
      if (!unknownKey.test(key) || Object.hasOwn(record.extra, key)) return false;
      record.extra[key] = read;
    } else {
      if ((seen & field.bit) !== 0) return false;
      seen |= field.bit;
      properties[field.property] = read;
    }
  }
  return (seen & recordFieldOf.get('type')!.bit) !== 0;
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

const [colon, space] = [0x3a, 0x20];
/** By ASCII code: 1 where a plain scalar may begin with it; readValue decides for other characters. */
const plainHeads = Uint8Array.from({ length: 128 }, (_, code) => (plainHead.test(String.fromCharCode(code)) ? 1 : 0));

/** Returns a reader of values up to the end of their line. Marks that end a plain scalar are searched for once, not once per line. */
function plainValues(text: string, end: number): (from: number, stop: number) => unknown {
  const fields = text.slice(4, end + 1);
  const isQuiet = !fields.includes(' #') && !fields.includes(' \n');
  let pair = 4;
  return (from, stop) => {
    if (pair < from) pair = text.indexOf(': ', from);
    if (pair === -1) pair = text.length;
    const value = text.slice(from, stop);
    const isPlain =
      isQuiet && pair >= stop && text.charCodeAt(stop - 1) !== colon && plainHeads[text.charCodeAt(from)] === 1;
    return isPlain ? value : readValue(value);
  };
}

const listPattern =
  /\[[A-Za-z0-9_./~$(](?:[\w./~$()-]| (?![ ,\]]))*(?:, [A-Za-z0-9_./~$(](?:[\w./~$()-]| (?![ ,\]]))*)*\](?=\n)/y;

function matchList(text: string, at: number, stop: number): string[] | undefined {
  listPattern.lastIndex = at;
  return listPattern.test(text) ? text.slice(at + 1, stop - 1).split(', ') : undefined;
}

const generatedPattern = /\{ by: ([\w./][\w./-]*), tokens: (\d{1,15}) \}(?=\n)/y;

function matchGenerated(text: string, at: number): Generated | undefined {
  generatedPattern.lastIndex = at;
  const [, by, tokens] = generatedPattern.exec(text) ?? [];
  return by === undefined ? undefined : { by, tokens: Number(tokens) };
}

const citePattern =
  /\{ path: (\w[\w/.-]*), lines: ([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?(?:, blob: ([0-9a-f]{7,64}))?(?:, text: ([0-9a-f]{8}))? \}(?=\n)/y;

function matchCite(text: string, at: number): Cite | undefined {
  citePattern.lastIndex = at;
  const match = citePattern.exec(text);
  if (match === null) return undefined;
  const [path, first, last] = [match[1] ?? '', Number(match[2]), Number(match[3] ?? match[2])];
  if (last < first || path.includes('..')) return undefined;
  const cite: Cite = { path, lines: [first, last] };
  if (match[4] !== undefined) cite.blob = match[4];
  if (match[5] !== undefined) cite.text = match[5];
  return cite;
}
