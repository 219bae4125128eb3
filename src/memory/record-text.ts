// A whole record as people and models read it: what the file says, without the machine's part of it.
import { cleanLine, cleanText } from '../privacy/invisible.ts';
import type { Cite } from '../domain/cite.ts';
import { isObservationType, observationTypes } from '../domain/types.ts';
import type { FullRecord } from './read.ts';

/** Title line, one line of where it comes from, description, body, facts, files. */
export function recordText({ record, excerpt, trust, isActive }: FullRecord): string {
  const icon = isObservationType(record.type) ? observationTypes[record.type].icon : '·';
  const notes = [
    record.id,
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
  if (record.cites.length > 0) lines.push(`Files: ${record.cites.map(citeText).join(', ')}`);
  if (record.supersedes.length > 0) lines.push(`Supersedes: ${record.supersedes.join(', ')}`);
  if (record.contradicts.length > 0) lines.push(`Contradicts: ${record.contradicts.join(', ')}`);
  return lines.join('\n');
}

export function citeText(cite: Pick<Cite, 'path' | 'lines'>): string {
  return cleanLine(cite.path, 200) + (cite.lines ? `:${cite.lines[0]}-${cite.lines[1]}` : '');
}
