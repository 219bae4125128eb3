import { jsonOption, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import type { CommitInfo } from '../git/history/commits.ts';
import { explanationAsJson, goneId } from '../history/history-json.ts';
import { explainLocation, type CitingRecord, type ExplainedCommit, type Explanation } from '../history/why.ts';
import { findMemoryHere } from '../memory/open.ts';
import { safeId } from '../memory/safe-id.ts';
import type { AssessedRecord } from '../memory/records.ts';
import { cleanLine } from '../privacy/invisible.ts';
import type { Printer } from './print.ts';

export const command: Command = {
  usage: 'why PATH[:LINE]',
  details: 'Records that cite the place, then the commit that brought the line and the records that came with it.',
  options: { json: jsonOption },
  async run({ env, print }, values, positionals) {
    const [target] = positionals;
    if (target === undefined || positionals.length > 1)
      throw new RepomemError('usage', 'why: expected one PATH or PATH:LINE', {
        hint: 'such as: repomem why src/main.ts:12',
      });
    const explanation = await explainLocation(env, target);
    if (values['json']) print.json(explanationAsJson(explanation, findMemoryHere(env).root));
    else printExplanation(print, explanation);
    const isSilent =
      explanation.citing.length === 0 && explanation.commits.every(({ records }) => records.length === 0);
    return isSilent ? 1 : 0;
  },
};

function printExplanation(print: Printer, { path, line, citing, blamed, commits }: Explanation): void {
  const paths = cleanLine(path, 200) + (line === undefined ? '' : `:${line}`);
  print.out(print.bold(paths) + (blamed ? print.dim(`  ${cleanLine(blamed.text.trim(), 100)}`) : ''));
  for (const one of citing) printCiting(print, one);
  if (citing.length === 0) print.out('No record cites it.');
  if (blamed && !blamed.commit) print.out('\nThe line is not committed yet.');
  for (const one of commits) printCommit(print, one);
}

function printCiting(print: Printer, { excerpt, trust, isActive, lines, freshness, added }: CitingRecord): void {
  const notes = [
    ...(lines ? [`lines ${lines.join('-')}`] : []),
    ...(freshness === 'fresh' ? [] : [freshness]),
    ...(isActive ? [] : ['superseded or forgotten']),
    excerpt.tier === 'local' ? 'local' : added ? `added in ${commitText(added)}` : 'not committed yet',
  ];
  print.out(`  ${titleOf(print, { excerpt, trust })}\n    ${print.dim(notes.join('; '))}`);
  if (trust !== 'foreign' && isActive && excerpt.description) print.out(`    ${cleanLine(excerpt.description, 300)}`);
}

function printCommit(print: Printer, { commit, merge, records, gone }: ExplainedCommit): void {
  print.out(
    `\n${print.warn(commit.id.slice(0, 10))} ${cleanLine(commit.summary, 100)} ${print.dim(`(${cleanLine(commit.author, 40)}, ${commit.at.slice(0, 10)})`)}`,
  );
  if (merge) print.out(print.dim(`  merged in ${merge.slice(0, 10)}, with:`));
  for (const record of records) print.out(`  ${titleOf(print, record)}`);
  for (const path of gone) print.out(print.dim(`  ${goneId(path)} (not here any more)`));
  if (records.length === 0 && gone.length === 0) print.out(print.dim('  No record came with it.'));
}

function titleOf(print: Printer, { excerpt, trust }: Pick<AssessedRecord, 'excerpt' | 'trust'>): string {
  const head = `${print.bold(trust === 'foreign' ? safeId(excerpt) : excerpt.id)} ${excerpt.type}`;
  return trust === 'foreign' ? `${head} ${print.warn('unreviewed, not shown')}` : `${head} ${cleanLine(excerpt.title)}`;
}

function commitText({ id, author, at, summary }: CommitInfo): string {
  return `${id.slice(0, 10)} by ${cleanLine(author, 40)}, ${at.slice(0, 10)}: ${cleanLine(summary, 72)}`;
}
