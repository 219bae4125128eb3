// What a model reads: one line a record, what it costs, and how to get more.
import type { Written } from '../curate/write.ts';
import { localDate, offsetOf } from '../domain/local-time.ts';
import type { RecordLine } from '../memory/record-line.ts';
import { cleanLine, cleanText } from '../privacy/invisible.ts';

/** A record as lists show it. Of unreviewed work of others only id and date are shown, never its text. */
export interface Entry extends Pick<RecordLine, 'id' | 'type' | 'title' | 'created' | 'tokens' | 'trust' | 'stale'> {
  /** Such as `recursion: title, body`. */
  why?: string[];
  /** The folder of another repository that holds it. */
  root?: string | undefined;
}

export interface WholeRecord extends Entry {
  /** Where the file lies; '' when foreign: its name is a stranger's text too. */
  path: string;
  /** The whole file; '' when foreign. */
  text: string;
}

const maxWhy = 4;
const titleChars = 110;
/** A host spills longer results into a file. */
const maxRecordChars = 45_000;

export function renderHits({ hits, total }: { hits: readonly Entry[]; total: number }, offset: number): string {
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

export function renderTimeline({ entries, anchor }: { entries: readonly Entry[]; anchor?: string }): string {
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

export function renderEntry(entry: Entry): string {
  const date = dayOf(entry.created);
  if (entry.trust === 'foreign') return `${entry.id} ${date} [unreviewed work of others; text withheld]`;
  const why = entry.why
    ?.slice(0, maxWhy)
    .map((word) => cleanLine(word, 60))
    .join('; ');
  const stale = entry.stale?.length ? ' [what it cites has changed]' : '';
  const root = entry.root === undefined ? '' : ` [in ${cleanLine(entry.root, 200)}]`;
  return `${cleanLine(entry.id, 80)} ${date} ${entry.type}: ${cleanLine(entry.title, titleChars)}${stale}${root} (~${entry.tokens} tokens${why ? `; ${why}` : ''})`;
}

/** As many whole records as fit; those left out are named with what to do. */
export function renderRecords(records: readonly (WholeRecord | { id: string; failure: string })[]): string {
  const parts: string[] = [];
  const left: string[] = [];
  for (const record of records) {
    const text = 'failure' in record ? record.failure : renderRecord(record);
    if (parts.length > 0 && parts.join('').length + text.length > maxRecordChars) left.push(record.id);
    else parts.push(text);
  }
  if (left.length > 0) parts.push(`Left out for length, ask again with ids: ${left.join(', ')}`);
  return parts.join('\n\n---\n\n');
}

export function renderRecord(record: WholeRecord): string {
  if (record.trust === 'foreign')
    return `${renderEntry(record)}\nA person can read it with: repomem show ${record.id} --foreign, and accept it with: repomem trust ${record.id}`;
  const stale = record.stale?.length ? `\nNo longer so: ${cleanLine(record.stale.join('; '))}` : '';
  return `${cleanLine(record.id, 80)} · ${cleanLine(record.path, 300)}${stale}\n${cleanText(record.text.trim())}`;
}

export function renderWritten({ id, path, tier, uncited, redactions, similar }: Written): string {
  return [
    `Remembered as ${id} (${tier}): ${path}`,
    uncited.length > 0 && `Not cited, no such tracked file: ${uncited.join(', ')}`,
    redactions > 0 && `${redactions} secret or private passages were left out.`,
    ...similar.map((one) => `Like it: ${cleanLine(one.id, 80)} ${cleanLine(one.title, titleChars)}`),
    similar.length > 0 && 'If it replaces one of them, forget that one.',
    tier === 'shared' && 'The file is not committed yet.',
  ]
    .filter(Boolean)
    .join('\n');
}
