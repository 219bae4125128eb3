import { explanationAsJson, goneId } from '../history/history-json.ts';
import { explainLocation, type CitingRecord, type Explanation } from '../history/why.ts';
import { findMemoryHere } from '../memory/open.ts';
import type { AssessedRecord } from '../memory/records.ts';
import { safeId } from '../memory/record-line.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { defineCommand, type Lines } from './command.ts';
import type { Printer } from './print.ts';

export const command = defineCommand({
  usage: 'why PATH[:LINE]',
  details: 'Records that cite the place, then the commit that brought the line and the records that came with it.',
  words: { min: 1, max: 1, expected: 'one PATH or PATH:LINE', hint: 'such as: repomem why src/main.ts:12' },
  options: {},
  async run({ env, print, answer, isJson }, _values, [target = '']) {
    const explanation = await explainLocation(env, target);
    const { path, line, citing, blamed, commits } = explanation;
    const place = cleanLine(path, 200) + (line === undefined ? '' : `:${line}`);
    return answer(
      isJson && explanationAsJson(explanation, findMemoryHere(env).root),
      [
        print.bold(place) + (blamed ? print.dim(`  ${cleanLine(blamed.text.trim(), 100)}`) : ''),
        ...citing.flatMap((one) => citingLines(print, one)),
        citing.length === 0 && 'No record cites it.',
        blamed && !blamed.commit && '\nThe line is not committed yet.',
        ...commits.flatMap((one) => commitLines(print, one)),
      ],
      citing.length === 0 && commits.every(({ records }) => records.length === 0) ? 1 : 0,
    );
  },
});

function citingLines(print: Printer, { excerpt, trust, isActive, lines, freshness, added }: CitingRecord): Lines {
  const notes = [
    ...(lines ? [`lines ${lines.join('-')}`] : []),
    ...(freshness === 'fresh' ? [] : [freshness]),
    ...(isActive ? [] : ['superseded or forgotten']),
    excerpt.tier === 'local'
      ? 'local'
      : added
        ? `added in ${added.id.slice(0, 10)} by ${cleanLine(added.author, 40)}, ${added.at.slice(0, 10)}: ${cleanLine(added.summary, 72)}`
        : 'not committed yet',
  ];
  const isTold = trust !== 'foreign' && isActive && excerpt.description !== '';
  return [
    `  ${titleOf(print, { excerpt, trust })}\n    ${print.dim(notes.join('; '))}`,
    isTold && `    ${cleanLine(excerpt.description, 300)}`,
  ];
}

function commitLines(print: Printer, { commit, merge, records, gone }: Explanation['commits'][number]): Lines {
  const { id, summary, author, at } = commit;
  const origin = print.dim(`(${cleanLine(author, 40)}, ${at.slice(0, 10)})`);
  return [
    `\n${print.warn(id.slice(0, 10))} ${cleanLine(summary, 100)} ${origin}`,
    merge && print.dim(`  merged in ${merge.slice(0, 10)}, with:`),
    ...records.map((record) => `  ${titleOf(print, record)}`),
    ...gone.map((path) => print.dim(`  ${goneId(path)} (not here any more)`)),
    records.length + gone.length === 0 && print.dim('  No record came with it.'),
  ];
}

function titleOf(print: Printer, { excerpt, trust }: Pick<AssessedRecord, 'excerpt' | 'trust'>): string {
  const { id, type, title } = excerpt;
  return trust === 'foreign'
    ? `${print.bold(safeId(excerpt))} ${type} ${print.warn('unreviewed, not shown')}`
    : `${print.bold(id)} ${type} ${cleanLine(title)}`;
}
