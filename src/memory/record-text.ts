// A whole record as people and models read it: what the file says, without the machine's part of it.
import { cleanLine, cleanText } from '../privacy/invisible.ts';
import { isObservationType, observationTypes } from '../domain/types.ts';
import type { RecordFreshness } from '../git/cites/freshness.ts';
import type { FullRecord } from './records.ts';
import { placeText, staleLines } from './stale-lines.ts';

/** Title line, one line of where it comes from, description, body, facts, files; with `state` which of them are stale. */
export function recordText({ record, excerpt, trust, isActive }: FullRecord, state?: RecordFreshness): string {
  const icon = isObservationType(record.type) ? observationTypes[record.type].icon : '·';
  const notes = [
    cleanLine(record.id, 80),
    record.type,
    record.created.slice(0, 16).replace('T', ' '),
    ...(record.branch ? [cleanLine(record.branch, 60)] : []),
    ...(record.confidence === undefined ? [] : [`confidence ${record.confidence}`]),
    excerpt.tier,
    ...(trust === 'foreign' ? ['UNREVIEWED'] : []),
    ...(isActive ? [] : ['superseded or forgotten']),
    ...(record.source === 'external' ? ['external source: text of others'] : []),
  ];
  const lines = [`${icon} ${cleanLine(record.title)}`, notes.join(' · ')];
  if (record.description) lines.push(cleanLine(record.description));
  if (record.body.trim()) lines.push(cleanText(record.body.trim()));
  lines.push(...record.facts.map((fact) => `- ${cleanLine(fact)}`));
  if (record.cites.length > 0) lines.push(`Files: ${record.cites.map(placeText).join(', ')}`);
  const stale = staleLines(excerpt, state);
  if (stale.length > 0) lines.push(`No longer so: ${stale.join('; ')}`);
  if (record.supersedes.length > 0)
    lines.push(`Supersedes: ${record.supersedes.map((id) => cleanLine(id, 80)).join(', ')}`);
  if (record.contradicts.length > 0)
    lines.push(`Contradicts: ${record.contradicts.map((id) => cleanLine(id, 80)).join(', ')}`);
  return lines.join('\n');
}
