// Text → record. Tolerant of hand-written files, strict about dangerous content; a bad file is returned as a value with line and reason.
import jsYaml from 'js-yaml';
import { parsePlainRecord } from './plain-record.ts';
import { cleanText, recordOfData, refuseText, type ParsedRecord, type RecordProblem } from './record-of-data.ts';

/** Parses a record file. `created` is the default for files without a date (hand-written ones): ISO 8601. Never throws. */
export function parseRecord(id: string, text: string, created = '1970-01-01T00:00:00Z'): ParsedRecord {
  return parsePlainRecord(id, text, created) ?? parseYamlRecord(id, text, created);
}

/** Parses with the YAML library only; tests compare the fast parser with it. */
export function parseYamlRecord(id: string, text: string, created: string): ParsedRecord {
  const clean = cleanText(text);
  const refused = refuseText(clean);
  if (refused) return { problem: refused };
  const split = splitText(clean);
  return 'problem' in split ? split : recordOfData({ id, created, text: clean, ...split });
}

/** refuseText has found both lines of dashes. */
function splitText(text: string): { entries: [string, unknown][]; body: string } | { problem: RecordProblem } {
  const end = text.indexOf('\n---', 3);
  let anchorLine: number | undefined;
  const fail = (line: number, reason: string): { problem: RecordProblem } => ({
    problem: { code: 'bad-yaml', line: anchorLine ?? line, reason },
  });
  try {
    const data = jsYaml.safeLoad(text.slice(3, end), {
      schema: jsYaml.FAILSAFE_SCHEMA,
      listener: (_when, state) => {
        if (typeof state.anchor !== 'string') return;
        anchorLine = state.line + 1;
        throw new Error('anchors and aliases are not read; write the value out');
      },
    });
    return typeof data === 'object' && data !== null && !Array.isArray(data)
      ? { entries: Object.entries(data), body: text.slice(end + 5) }
      : fail(2, 'expected lines of the form key: value');
  } catch (error) {
    // js-yaml counts lines from 0; the rest of the opening `---` is line 0.
    const { reason, mark, message } = error as Error & { reason?: string; mark?: { line: number; column: number } };
    if (reason === undefined || !mark) return fail(1, message);
    return fail(mark.line + 1, `${reason}, column ${mark.column + 1}`);
  }
}
