// The form that our own writer gives nearly every record, as one regular expression: where thousands are read before anything is compiled, one
// call of V8's own code a record is what there is time for. Whatever else stands in a file is plain-record.ts's.
import { isObservationType } from '../domain/types.ts';
import { blankRecord, type MemoryRecord } from '../domain/record.ts';
import { usualDate } from './kinds.ts';
import { readUsualCite } from './usual-cite.ts';
import { readValue } from './plain-values.ts';

/** What plain-record.ts calls usual, but for the space, the colon and the line's end. */
const mark = String.raw`[\x21-\x39\x3b-\x7e\u00a1-\u2027\u2030-\ud7ff\ue000-\ufdff]`;
const plain = String.raw`[\w(./~$](?:${mark}|:(?![ \n])| (?![#\n]))*`;
const quoted = String.raw`"(?:[\x20\x21\x23-\x5b\x5d-\x7e\u00a1-\u2027\u2030-\ud7ff\ue000-\ufdff]|\\["\\])*"`;
const text = `(?:${plain}|${quoted})`;
const item = String.raw`[\w./~$(](?:[\w./~$()-]| (?![ ,\]]))*`;
const list = String.raw`\[(${item}(?:, ${item})*)\]`;

const front = new RegExp(
  [
    String.raw`^---\ntype: ([a-z-]+)\ntitle: (${text})\n(?:description: (${text})\n)?created: (${usualDate})\n`,
    String.raw`(?:branch: (${plain})\n)?(?:session: (${plain})\n)?(?:agent: (${plain})\n)?`,
    String.raw`(?:generated: \{ by: ([\w./][\w./-]*), tokens: (\d{1,15}) \}\n)?`,
    String.raw`(?:concepts: ${list}\n)?(?:cites:\n((?:  - \{ .*\n)+))?(?:aliases: ${list}\n)?(?:facts:\n((?:  - ${text}\n)+))?`,
    String.raw`(?:supersedes: ${list}\n)?(?:confidence: (0(?:\.\d{1,9})?|1)\n)?---(?:\n|$)`,
  ].join(''),
);

/** The record without its body, and where the body begins. Undefined for any other form. `clean` as cleanText gives it. */
export function readUsual(id: string, clean: string): { record: MemoryRecord; bodyAt: number } | undefined {
  const match = front.exec(clean);
  const type = match?.[1];
  if (match === null || type === undefined || !isObservationType(type)) return undefined;
  const record = blankRecord(id, type, match[4] ?? '');
  record.title = unquote(match[2]);
  record.description = unquote(match[3]);
  if (match[5] !== undefined) record.branch = match[5];
  if (match[6] !== undefined) record.session = match[6];
  if (match[7] !== undefined) record.agent = match[7];
  if (match[8] !== undefined) record.generated = { by: match[8], tokens: Number(match[9]) };
  if (match[10] !== undefined) record.concepts = match[10].split(', ');
  if (match[11] !== undefined)
    for (let at = 4; at < match[11].length; at = match[11].indexOf('\n', at) + 5) {
      const cite = readUsualCite(match[11], at);
      if (cite === undefined) return undefined;
      record.cites.push(cite);
    }
  if (match[12] !== undefined) record.aliases = match[12].split(', ');
  if (match[13] !== undefined) {
    record.facts = match[13].slice(4, -1).split('\n  - ');
    if (match[13].includes('  - "')) record.facts = record.facts.map(unquote);
  }
  if (match[14] !== undefined) record.supersedes = match[14].split(', ');
  if (match[15] !== undefined) record.confidence = Number(match[15]);
  return { record, bodyAt: match[0].length };
}

function unquote(said = ''): string {
  const value = said.startsWith('"') ? readValue(said) : said;
  return typeof value === 'string' ? value : said;
}
