// The review as people read it: for a terminal, and as Markdown for a comment. What comes from records, paths and commits stands in code
// spans there: no HTML, no mention, no link, no fence comes out of them. Pure.
import type { LintFinding } from '../lint/lint-finding.ts';
import { addressOf, markdown, plain, type ReviewLinks, type Style } from './style.ts';
import type { Named, Pair, Review } from './review.ts';

type AddedRecord = Review['added'][number];

/** A comment holds 65,536 characters: the first ones of each list are enough to decide by. */
const maxItems = 20;
const reasonChars = 1200;
/** Longer reasons are folded. */
const foldChars = 240;
const maxPlaces = 6;

export function renderReview(review: Review, format: 'text' | 'markdown', links?: ReviewLinks): string {
  const style = format === 'markdown' ? markdown : plain;
  const { quote } = style;
  const line = lineWriters(style, links);
  const section = <T>(heading: string, items: readonly T[], write: (item: T) => string): string[] => {
    if (items.length === 0) return [];
    const more = items.length > maxItems ? [`and ${items.length - maxItems} more`] : [];
    return [style.heading(heading), ...[...items.slice(0, maxItems).map(write), ...more].map(style.item)];
  };
  const others = 'Other files of the memory: settings, modes and ignore are obeyed once they are merged';
  const lines = [
    `${format === 'markdown' ? '### Project memory' : 'Memory'}: ${headline(review)}`,
    ...section('Must be mended before this is merged', errorsOf(review), line.finding),
    ...section('Records that this diff makes stale', review.stale, line.stale),
    ...section('Contradict what stands', review.contradicting, line.pair('contradicts')),
    ...section('Say again what is known', review.duplicates, line.duplicate),
    ...section('Were forgotten before', review.suppressed, ({ record, tombstone }) =>
      line.named(record, `: the tombstone ${quote(tombstone, 40)} bars it`),
    ),
    ...section('Replace others', review.superseding, line.pair('replaces')),
    ...section('Forgotten', review.forgotten, ({ record, reason }) =>
      line.named(record, reason && `: ${quote(reason)}`),
    ),
    ...section('Deleted without a tombstone', review.removed, ({ supersededBy: by, ...record }) =>
      line.named(record, by && `: ${quote(by, 40)} replaced it`),
    ),
    ...section('Reviewed before, edited here', review.edited, ({ titleBefore: was, ...record }) =>
      line.named(record, was === record.title ? '' : `; the title was ${quote(was)}`),
    ),
    ...section('Renamed', review.renamed, ({ from, path }) => `${quote(from)} → ${quote(path)}`),
    ...section('New', review.added, line.added),
    ...section(others, review.otherFiles, (path) => quote(path)),
    ...section('Changed files that the memory speaks of', review.files, line.file),
    ...section(
      'Notes',
      review.findings.filter(({ severity }) => severity !== 'error'),
      line.finding,
    ),
    ...section(
      'Allowed by settings',
      review.allowed,
      ({ path, line: at, fingerprint, reason }) => `${quote(path)}:${at}: ${fingerprint}: ${quote(reason)}`,
    ),
    ...(review.uncompared > 0 ? ['', `${review.uncompared} new records were not compared with the others.`] : []),
    '',
    costLine(review),
    ...(review.isQuiet ? [] : ['', whatNext(style)]),
  ];
  return `${lines.join('\n').trim()}\n`;
}

function errorsOf({ findings }: Review): LintFinding[] {
  return findings.filter(({ severity }) => severity === 'error');
}

function headline(review: Review): string {
  const counts: [number: number, one: string, many: string][] = [
    [review.added.length, 'new record', 'new records'],
    [review.forgotten.length + review.removed.length, 'gone', 'gone'],
    [review.stale.length, 'made stale', 'made stale'],
    [review.contradicting.length, 'contradiction', 'contradictions'],
    [review.duplicates.length, 'repetition', 'repetitions'],
    [errorsOf(review).length, 'error', 'errors'],
  ];
  const parts = counts.filter(([number]) => number > 0).map(([n, one, many]) => `${n} ${n === 1 ? one : many}`);
  if (parts.length > 0) return parts.join(', ');
  return review.isQuiet ? 'nothing new' : 'small changes';
}

/** What a reader can do about it, and how the check itself is switched. */
function whatNext({ code }: Style): string {
  const does = `Still right: ${code('repomem confirm ID')}. Wrong: edit its file here, or ${code('repomem forget ID')}.`;
  const off = `Only what ${code('repomem lint')} calls an error fails the check; who wants neither comment nor check takes the job out of the workflow (GitHub: ${code("comment: 'false'")} keeps the check alone).`;
  return `${does} ${off}`;
}

function alsoNew({ isBothNew }: Pair): string {
  return isBothNew ? ' (new too)' : '';
}

/** Writes the items of each kind of list. */
function lineWriters({ quote, more, fold, link }: Style, links: ReviewLinks | undefined) {
  const name = ({ id, type, title }: Named): string =>
    [quote(id, 40), type, quote(title)].filter((part) => part !== '').join(' ');
  const place = ({ path, lines }: AddedRecord['places'][number]): string => {
    const text = quote(lines === undefined ? path : `${path}:${lines[0]}-${lines[1]}`, 160);
    return link(text, links && addressOf(links, { path, ...(lines && { lines }) }));
  };
  return {
    named: (record: Named, text = ''): string => name(record) + text,
    pair: (verb: string) => (pair: Pair) =>
      `${name(pair.record)} ${pair.how === 'found' ? 'seems to contradict' : verb} ${name(pair.other)}${alsoNew(pair)}`,
    duplicate: (pair: Review['duplicates'][number]): string => {
      const what = pair.saysMore ? 'says more than, and does not replace,' : 'says no more than';
      return `${name(pair.record)} ${what} ${name(pair.other)}${alsoNew(pair)}`;
    },
    stale: ({ record, cites, answer }: Review['stale'][number]): string => {
      const places = cites.slice(0, 5).map(({ path, lines, freshness, movedTo }) => {
        const where = quote(path) + (lines ? ` lines ${lines[0]}-${lines[1]}` : '');
        return `${where} ${freshness}${movedTo === undefined ? '' : ` (now ${quote(movedTo)})`}`;
      });
      const done = answer?.by ? `${quote(answer.by, 40)} replaces it` : answer && `${answer.how} here`;
      return `${name(record)}: ${places.join(', ')}; ${done ?? 'confirm, correct or forget it'}`;
    },
    file: ({ path, records }: Review['files'][number]): string => {
      const said = records.slice(0, 3).map(({ id, gist, title, isStale }) => {
        return `${quote(id, 40)} ${quote(gist === '' ? title : gist)}${isStale ? ' (stale now)' : ''}`;
      });
      return `${quote(path)}: ${said.join('; ')}${records.length > 3 ? ` and ${records.length - 3} more` : ''}`;
    },
    finding: ({ path, line, severity, reason, cure, commit }: LintFinding): string => {
      const where = `${quote(path, 240)}${line === undefined ? '' : ` line ${line}`}${commit ? ` in ${commit}` : ''}`;
      return `${severity}: ${where}: ${quote(reason, 240)} → ${quote(cure, 300)}`;
    },
    /** For the person who decides about it: what it says, why, and where one can see that it is so. */
    added: (record: AddedRecord): string => {
      const why = quote(record.reason, reasonChars);
      const shown = record.places.slice(0, maxPlaces).map(place);
      if (record.places.length > maxPlaces) shown.push(`${record.places.length - maxPlaces} more`);
      return [
        `${name(record)}, ${record.tokens} tokens${record.by ? `, by ${quote(record.by, 60)}` : ''}`,
        record.gist && more(quote(record.gist, 300)),
        why && more(why.length > foldChars ? fold('why', why) : `why: ${why}`),
        shown.length > 0 && more(`see: ${shown.join(', ')}`),
      ]
        .filter(Boolean)
        .join('');
    },
  };
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
