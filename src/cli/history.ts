// `repomem log` and `diff`: what happened to records.
import { diffRecords } from '../history/diff.ts';
import { changeAsJson } from '../history/history-json.ts';
import { readHistory, type RecordChange } from '../history/log.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { defineCommand } from './command.ts';
import type { Printer } from './print.ts';

const signs = {
  added: '+',
  superseding: '+',
  tombstone: '†',
  edited: '~',
  renamed: '→',
  removed: '-',
} satisfies Record<RecordChange['what'], string>;

export function changeLine({ what, record }: RecordChange, print: Printer, withBytes = false): string {
  const title = record.isForeign ? print.warn('unreviewed, not shown') : cleanLine(record.title);
  const notes = [
    ...(record.supersedes.length > 0 && what !== 'removed' ? [`supersedes ${record.supersedes.join(', ')}`] : []),
    ...(what === 'edited' || what === 'renamed' ? [what] : []),
    ...(withBytes && what !== 'removed' ? [`${record.bytes} bytes`] : []),
  ];
  const text = what === 'tombstone' ? `forgets ${record.forgets.join(', ')}` : title;
  return `${signs[what]} ${cleanLine(record.id, 60)} ${record.type.padEnd(12)} ${text}${notes.length > 0 ? print.dim(` (${notes.join('; ')})`) : ''}`;
}

/** Such as `2 added, 1 superseding, 1 forgotten, 2840 bytes`. */
export function sumOf(changes: readonly RecordChange[]): string {
  const names = { tombstone: 'forgotten' } as Partial<Record<RecordChange['what'], string>>;
  const parts = (Object.keys(signs) as RecordChange['what'][]).flatMap((what) => {
    const count = changes.filter((change) => change.what === what).length;
    return count > 0 ? [`${count} ${names[what] ?? what}`] : [];
  });
  const bytes = changes.reduce((sum, { what, record }) => sum + (what === 'removed' ? 0 : record.bytes), 0);
  return [...parts, `${bytes} bytes`].join(', ');
}

const logCommand = defineCommand({
  usage: 'log [REVISION] [--stat] [-n N]',
  details:
    'Commits that touched the memory, newest first, with the records that each added (+), edited (~), forgot (†) or removed (-).',
  words: { max: 1 },
  options: {
    stat: 'also sizes, and a sum for each commit',
    limit: { type: 'number', short: 'n', min: 1, describe: 'how many commits; default all' },
    since: { type: 'text', value: 'REVISION', describe: 'only what this revision does not have' },
  },
  async run({ open, print, answer }, { stat, limit, since }, [revision]) {
    const entries = await readHistory(await open(), { revision, since, maxCount: limit });
    const commits = entries.map(({ commit, changes, files }) => ({
      ...commit,
      records: changes.map(changeAsJson),
      files,
    }));
    const texts = entries.map(({ commit, changes, files }) => [
      `${print.warn(commit.id.slice(0, 10))} ${commit.at.slice(0, 10)} ${cleanLine(commit.author, 40)}`,
      `    ${cleanLine(commit.summary, 100)}`,
      ...changes.map((change) => `  ${changeLine(change, print, stat)}`),
      ...(stat && changes.length > 0 ? [`  ${sumOf(changes)}`] : []),
      ...(stat || changes.length === 0 ? files.map((file) => print.dim(`  ${cleanLine(file, 200)}`)) : []),
    ]);
    const text = texts.map((lines) => lines.join('\n')).join('\n\n');
    return answer({ commits }, [text || 'No commit has touched the memory yet.']);
  },
});

const diffCommand = defineCommand({
  usage: 'diff [A..B]',
  details:
    'Records added, superseded, forgotten, edited. `A...B` starts where they parted; `A` alone goes to the working tree. Without a range:\n' +
    'what this branch adds to the default one, with what is not committed yet.',
  words: { max: 1, hint: (words) => `such as: repomem diff ${words.slice(0, 2).join('..')}` },
  options: {},
  async run({ open, print, answer }, _values, [range]) {
    const { from, to, changes, files } = await diffRecords(await open(), range);
    const nameOf = ({ id, summary }: typeof from): string => `${id.slice(0, 10)} ${cleanLine(summary, 60)}`;
    return answer({ from, ...(to && { to }), records: changes.map(changeAsJson), files }, [
      print.dim(`${nameOf(from)} → ${to ? nameOf(to) : 'the working tree'}`),
      ...changes.map((change) => changeLine(change, print, true)),
      ...files.map((file) => print.dim(`  ${cleanLine(file, 200)}`)),
      changes.length > 0 ? sumOf(changes) : 'No record differs.',
    ]);
  },
});

export const commands = { log: logCommand, diff: diffCommand };
