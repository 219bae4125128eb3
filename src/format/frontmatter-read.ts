// Text → record. Tolerant of hand-written files, strict about dangerous content; a bad file is returned as a value with line and reason.
import matter from 'gray-matter';
import jsYaml from 'js-yaml';
import { blankRecord } from '../domain/record.ts';
import { parsePlainRecord } from './plain-record.ts';
import { recordFieldOf } from './record-fields.ts';
import {
  cleanText,
  finishRecord,
  lineOfKey,
  problemOf,
  refuseText,
  type ParsedRecord,
  type RecordProblem,
} from './record-of-data.ts';
import { kinds } from './value-kinds.ts';

/** Parses a record file. `created` is the default for files without a date (hand-written ones): ISO 8601. Never throws. */
export function parseRecord(id: string, text: string, created = '1970-01-01T00:00:00Z'): ParsedRecord {
  return parsePlainRecord(id, text, created) ?? parseYamlRecord(id, text, created);
}

/** Parses with the YAML library only; tests compare the fast parser with it. */
export function parseYamlRecord(id: string, text: string, created: string): ParsedRecord {
  const clean = cleanText(text);
  const refused = refuseText(clean);
  if (refused) return refused;
  const data = readYaml(clean);
  if ('problem' in data) return data;
  const record = blankRecord(id, 'discovery', created);
  const properties = record as unknown as Record<string, unknown>;
  const extra: [string, unknown][] = [];
  let hasType = false;
  for (const [key, value] of data.entries) {
    const field = recordFieldOf.get(key);
    if (field === undefined) extra.push([key, value]);
    else if (value !== undefined && value !== null) {
      const { expected, read } = kinds[field.kind];
      const got = JSON.stringify(value) ?? 'nothing';
      properties[field.property] = read(value);
      if (properties[field.property] === undefined)
        return problemOf(
          'bad-value',
          `${key}: expected ${expected}; got ${got.length > 80 ? `${got.slice(0, 79)}…` : got}`,
          lineOfKey(clean, key),
        );
      hasType ||= key === 'type';
    }
  }
  if (!hasType) return problemOf('no-type', `type: missing; expected ${kinds.type.expected}`, 1);
  if (extra.some(([, value]) => depthOf(value) > maxExtraDepth))
    return problemOf('bad-yaml', `lists and maps nest more than ${maxExtraDepth} levels`);
  record.extra = Object.fromEntries(extra);
  return { record: finishRecord(record, clean.slice(clean.indexOf('\n---', 3) + 5)) };
}

/** Strings, lists, maps and null by key. */
function readYaml(text: string): { entries: [key: string, value: unknown][] } | { problem: RecordProblem } {
  let anchorLine: number | undefined;
  const parse = (front: string): object =>
    jsYaml.safeLoad(front, {
      schema: jsYaml.FAILSAFE_SCHEMA,
      listener: (_when, state) => {
        if (typeof state.anchor !== 'string') return;
        anchorLine = state.line + 1;
        throw new Error('anchors and aliases are not read; write the value out');
      },
    }) as object;
  try {
    // Whatever the first line says, nothing is run: it is read as YAML.
    const engines = { yaml: { parse }, javascript: { parse }, json: { parse } };
    const { data } = matter(text, { language: 'yaml', engines });
    return typeof data === 'object' && data !== null && !Array.isArray(data)
      ? { entries: Object.entries(data) }
      : problemOf('bad-yaml', 'expected lines of the form key: value', 2);
  } catch (error) {
    // js-yaml counts lines from 0; the rest of the opening `---` is line 0.
    const { reason, mark, message } = error as Error & { reason?: string; mark?: { line: number; column: number } };
    if (reason === undefined || !mark) return problemOf('bad-yaml', message, anchorLine ?? 1);
    return problemOf('bad-yaml', `${reason}, column ${mark.column + 1}`, anchorLine ?? mark.line + 1);
  }
}

const maxExtraDepth = 16;

function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > maxExtraDepth) return depth;
  return Math.max(depth + 1, ...Object.values(value).map((item) => depthOf(item, depth + 1)));
}
