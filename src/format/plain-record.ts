// Fast parser for the subset of YAML that our own writer produces, one line per key. For anything else, and for faulty files, it
// returns undefined and the YAML library reads the file: both give the same record (test/format/plain-record.test.ts). Without caches
// a session start reads thousands of files.
import { readValue } from './plain-values.ts';
import { cleanText, recordOfData, refuseText, type ParsedRecord } from './record-of-data.ts';

export function parsePlainRecord(id: string, text: string, created: string): ParsedRecord | undefined {
  const clean = cleanText(text);
  const refused = refuseText(clean);
  if (refused) return { problem: refused };
  const end = clean.indexOf('\n---', 3);
  const data = end < 4 ? undefined : readFields(clean.slice(4, end));
  return data && recordOfData({ id, created, text: clean, data, body: clean.slice(end + 5) });
}

/** Characters in the front matter that need the library: tabs, control characters, marks, line separators and lone surrogates. */
const unusual = /[^\n\x20-\x7e\u00a1-\u2027\u2030-\ud7ff\ue000-\ufdff]/;
const plainKey = /^[a-z]+(?:-[a-z]+)*$/;
const itemStart = '  - ';

/** Undefined if a line is outside the subset. */
function readFields(front: string): Record<string, unknown> | undefined {
  if (unusual.test(front)) return undefined;
  const data: Record<string, unknown> = {};
  const lines = front.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const colon = line.indexOf(':');
    const key = line.slice(0, colon);
    if (!plainKey.test(key) || Object.hasOwn(data, key)) return undefined;
    if (colon + 1 < line.length) {
      data[key] = line[colon + 1] === ' ' ? readValue(line.slice(colon + 2)) : undefined;
      if (data[key] === undefined) return undefined;
      continue;
    }
    const items: unknown[] = [];
    while (lines[at + 1]?.startsWith(itemStart)) items.push(readValue(lines[++at]!.slice(itemStart.length)));
    if (items.length === 0 || items.includes(undefined)) return undefined;
    data[key] = items;
  }
  return data;
}
