// What a model reads: one line a record, what it costs, and how to get more.
import { localDate, offsetOf } from '../domain/local-time.ts';
import { cleanLine, cleanText } from '../privacy/invisible.ts';
import type { McpEntry, McpHits, McpRecord, McpTimeline, McpWritten } from './memory-face.ts';

const maxWhy = 4;
const titleChars = 110;
/** A host spills longer results into a file. */
const maxRecordChars = 45_000;

export function renderHits({ hits, total }: McpHits, offset: number): string {
  if (hits.length === 0)
    return offset > 0
      ? 'No more records.'
      : 'No record matches. Other words may: names from the code, a file path (file), fewer filters. Nothing may have been recorded about it yet.';
  const end = offset + hits.length;
  const next = end < total ? ` More: offset ${end}.` : '';
  return [
    ...hits.map((hit) => renderEntry(hit)),
    '',
    `${hits.length} of ${total}. Full text: get_observations with ids. Around one: timeline.${next}`,
  ].join('\n');
}

export function renderTimeline({ entries, anchor }: McpTimeline): string {
  if (entries.length === 0) return 'No records around that. search lists what there is.';
  return [
    ...entries.map((entry) => `${entry.id === anchor ? '>' : ' '} ${renderEntry(entry)}`),
    '',
    'Oldest first. Full text: get_observations with ids.',
  ].join('\n');
}

/** The day in the user's zone, as the block says it. */
export function dayOf(created: string): string {
  return localDate(created, offsetOf(new Date(created)));
}

export function renderEntry(entry: McpEntry): string {
  const date = dayOf(entry.created);
  if (entry.isForeign) return `${entry.id} ${date} [unreviewed work of others; text withheld]`;
  const why = entry.why
    ?.slice(0, maxWhy)
    .map((word) => cleanLine(word, 60))
    .join('; ');
  const stale = entry.isStale ? ' [what it cites has changed]' : '';
  const root = entry.root === undefined ? '' : ` [in ${cleanLine(entry.root, 200)}]`;
  return `${cleanLine(entry.id, 80)} ${date} ${entry.type}: ${cleanLine(entry.title, titleChars)}${stale}${root} (~${entry.tokens} tokens${why ? `; ${why}` : ''})`;
}

/** As many whole records as fit; those left out are named with what to do. */
export function renderRecords(records: readonly (McpRecord | { id: string; failure: string })[]): string {
  const parts: string[] = [];
  const left: string[] = [];
  let used = 0;
  for (const record of records) {
    const text = 'failure' in record ? record.failure : renderRecord(record);
    if (used > 0 && used + text.length > maxRecordChars) left.push(record.id);
    else {
      parts.push(text);
      used += text.length;
    }
  }
  if (left.length > 0) parts.push(`Left out for length, ask again with ids: ${left.join(', ')}`);
  return parts.join('\n\n---\n\n');
}

export function renderRecord(record: McpRecord): string {
  if (record.isForeign)
    return `${renderEntry(record)}\nA person can read it with: repomem show ${record.id} --foreign, and accept it with: repomem trust ${record.id}`;
  const stale = record.stale.length > 0 ? `\nNo longer so: ${cleanLine(record.stale.join('; '))}` : '';
  return `${cleanLine(record.id, 80)} · ${cleanLine(record.path, 300)}${stale}\n${cleanText(record.text.trim())}`;
}

export function renderWritten(written: McpWritten): string {
  const lines = [`Remembered as ${written.id} (${written.scope}): ${written.path}`];
  if (written.uncited.length > 0) lines.push(`Not cited, no such tracked file: ${written.uncited.join(', ')}`);
  if (written.redactions > 0) lines.push(`${written.redactions} secret or private passages were left out.`);
  for (const { id, title } of written.similar)
    lines.push(`Like it: ${cleanLine(id, 80)} ${cleanLine(title, titleChars)}`);
  if (written.similar.length > 0) lines.push('If it replaces one of them, forget that one.');
  if (written.scope === 'shared') lines.push('The file is not committed yet.');
  return lines.join('\n');
}
