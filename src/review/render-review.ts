// The review as people read it: for a terminal, and as Markdown for a comment. What comes from records, paths and commits stands in code
// spans there: no HTML, no mention, no link, no fence comes out of them. Pure.
import type { LintFinding } from '../lint/lint-finding.ts';
import { addedLine } from './render-added.ts';
import { markdown, plain, type ReviewLinks, type Style } from './style.ts';
import type { Named, Pair, Review } from './value.ts';

/** A comment holds 65,536 characters: the first ones of each list are enough to decide by. */
const maxItems = 20;

export function renderReview(review: Review, format: 'text' | 'markdown', links?: ReviewLinks): string {
  const style = format === 'markdown' ? markdown : plain;
  const title = format === 'markdown' ? `### Project memory: ${headline(review)}` : `Memory: ${headline(review)}`;
  const errors = review.findings.filter(({ severity }) => severity === 'error');
  const rest = review.findings.filter(({ severity }) => severity !== 'error');
  const lines = [
    title,
    ...section(style, 'Must be mended before this is merged', errors, findingLine),
    ...section(style, 'Records that this diff makes stale', review.stale, staleLine),
    ...section(style, 'Contradict what stands', review.contradicting, pairLine('contradicts')),
    ...section(style, 'Say again what is known', review.duplicates, duplicateLine),
    ...section(
      style,
      'Were forgotten before',
      review.suppressed,
      ({ record, tombstone }, s) => `${nameLine(record, s)}: the tombstone ${s.quote(tombstone, 40)} bars it`,
    ),
    ...section(style, 'Replace others', review.superseding, pairLine('replaces')),
    ...section(
      style,
      'Forgotten',
      review.forgotten,
      ({ record, reason }, s) => `${nameLine(record, s)}${reason ? `: ${s.quote(reason)}` : ''}`,
    ),
    ...section(
      style,
      'Deleted without a tombstone',
      review.removed,
      ({ supersededBy, ...record }, s) =>
        `${nameLine(record, s)}${supersededBy === undefined ? '' : `: ${s.quote(supersededBy, 40)} replaced it`}`,
    ),
    ...section(
      style,
      'Reviewed before, edited here',
      review.edited,
      ({ titleBefore, ...record }, s) =>
        `${nameLine(record, s)}${titleBefore === record.title ? '' : `; the title was ${s.quote(titleBefore)}`}`,
    ),
    ...section(style, 'Renamed', review.renamed, ({ from, path }, s) => `${s.quote(from)} → ${s.quote(path)}`),
    ...section(style, 'New', review.added, (record, s) => addedLine(record, s, links)),
    ...section(
      style,
      'Other files of the memory: settings, modes and ignore are obeyed once they are merged',
      review.otherFiles,
      (path, s) => s.quote(path),
    ),
    ...section(style, 'Changed files that the memory speaks of', review.files, fileLine),
    ...section(style, 'Notes', rest, findingLine),
    ...section(
      style,
      'Allowed by settings',
      review.allowed,
      ({ path, line, fingerprint, reason }, s) => `${s.quote(path)}:${line}: ${fingerprint}: ${s.quote(reason)}`,
    ),
    ...(review.uncompared > 0 ? ['', `${review.uncompared} new records were not compared with the others.`] : []),
    '',
    costLine(review),
    ...(review.isQuiet ? [] : ['', whatNext(style)]),
  ];
  return `${lines.join('\n').trim()}\n`;
}

function headline(review: Review): string {
  const errors = review.findings.filter(({ severity }) => severity === 'error').length;
  const parts = [
    count(review.added.length, 'new record', 'new records'),
    count(review.forgotten.length + review.removed.length, 'gone', 'gone'),
    count(review.stale.length, 'made stale', 'made stale'),
    count(review.contradicting.length, 'contradiction', 'contradictions'),
    count(review.duplicates.length, 'repetition', 'repetitions'),
    count(errors, 'error', 'errors'),
  ].filter((part) => part !== '');
  if (parts.length > 0) return parts.join(', ');
  return review.isQuiet ? 'nothing new' : 'small changes';
}

function count(number: number, one: string, many: string): string {
  return number === 0 ? '' : `${number} ${number === 1 ? one : many}`;
}

function section<T>(
  style: Style,
  heading: string,
  items: readonly T[],
  line: (item: T, style: Style) => string,
): string[] {
  if (items.length === 0) return [];
  const more = items.length > maxItems ? [style.item(`and ${items.length - maxItems} more`)] : [];
  return [style.heading(heading), ...items.slice(0, maxItems).map((item) => style.item(line(item, style))), ...more];
}

/** What a reader can do about it, and how the check itself is switched. */
function whatNext({ code }: Style): string {
  const does = `Still right: ${code('repomem confirm ID')}. Wrong: edit its file here, or ${code('repomem forget ID')}.`;
  const off = `Only what ${code('repomem lint')} calls an error fails the check; who wants neither comment nor check takes the job out of the workflow (GitHub: ${code("comment: 'false'")} keeps the check alone).`;
  return `${does} ${off}`;
}

function nameLine({ id, type, title }: Named, style: Style): string {
  return [style.quote(id, 40), type, style.quote(title)].filter((part) => part !== '').join(' ');
}

function pairLine(verb: string): (pair: Pair, style: Style) => string {
  return ({ record, other, how, isBothNew }, style) =>
    `${nameLine(record, style)} ${how === 'found' ? 'seems to contradict' : verb} ${nameLine(other, style)}${isBothNew ? ' (new too)' : ''}`;
}

function duplicateLine({ record, other, saysMore, isBothNew }: Review['duplicates'][number], style: Style): string {
  const what = saysMore ? 'says more than, and does not replace,' : 'says no more than';
  return `${nameLine(record, style)} ${what} ${nameLine(other, style)}${isBothNew ? ' (new too)' : ''}`;
}

function staleLine({ record, cites, answer }: Review['stale'][number], style: Style): string {
  const places = cites.slice(0, 5).map(({ path, lines, freshness, movedTo }) => {
    const where = `${style.quote(path)}${lines ? ` lines ${lines[0]}-${lines[1]}` : ''}`;
    return `${where} ${freshness === 'gone' ? 'gone' : 'changed'}${movedTo === undefined ? '' : ` (now ${style.quote(movedTo)})`}`;
  });
  const done =
    answer?.by !== undefined
      ? `; ${style.quote(answer.by, 40)} replaces it`
      : answer
        ? `; ${answer.how} here`
        : `; confirm, correct or forget it`;
  return `${nameLine(record, style)}: ${places.join(', ')}${done}`;
}

function fileLine({ path, records }: Review['files'][number], style: Style): string {
  const said = records.slice(0, 3).map((record) => {
    const gist = record.gist === '' ? record.title : record.gist;
    return `${style.quote(record.id, 40)} ${style.quote(gist)}${record.isStale ? ' (stale now)' : ''}`;
  });
  const more = records.length > 3 ? ` and ${records.length - 3} more` : '';
  return `${style.quote(path)}: ${said.join('; ')}${more}`;
}

function findingLine({ path, line, severity, reason, cure, commit }: LintFinding, style: Style): string {
  const where = `${style.quote(path, 240)}${line === undefined ? '' : ` line ${line}`}${commit === undefined ? '' : ` in ${commit}`}`;
  return `${severity}: ${where}: ${style.quote(reason, 240)} → ${style.quote(cure, 300)}`;
}

function costLine({ cost }: Review): string {
  const { records, bytes, indexTokens, readTokens } = cost;
  const grown = bytes.after - bytes.before;
  const pays = Math.min(indexTokens.after, indexTokens.budget);
  return [
    `Every session after this starts with an index of about ${pays} tokens (its lines: ${indexTokens.before} before, ${indexTokens.after} after; budget ${indexTokens.budget}).`,
    `Reading the new records in full costs ${readTokens} tokens.`,
    `${records.before} → ${records.after} records stand; ${grown < 0 ? '' : '+'}${grown} bytes.`,
  ].join(' ');
}
