// What keeps the memory true and small.
import { compactMemory } from '../curate/compact.ts';
import { confirmRecord } from '../curate/confirm.ts';
import { pruneMemory, type PruneReason } from '../curate/prune.ts';
import { forget } from '../curate/write.ts';
import { isStale } from '../domain/cite.ts';
import { deadNameText } from '../git/history/dead-names.ts';
import { checkMemory, type CheckReport } from '../history/check.ts';
import { findForgetting } from '../history/forgotten.ts';
import { readRecordSet } from '../memory/records.ts';
import { placeText, stateText } from '../memory/stale-lines.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { countOf, defineCommand, type Lines, usageError } from './command.ts';
import type { Printer } from './print.ts';

const checkCommand = defineCommand({
  usage: 'check [ID…]',
  details:
    'Looks at every place that records cite: changed, gone, moved by a rename, shifted within its file. It always exits with 0: a stale\n' +
    'record is marked and ranked down, never deleted, and breaks no build. repomem confirm ID says that one still holds.',
  words: {},
  options: {},
  async run({ open, print, answer }, _values, ids) {
    const report = await checkMemory(await open(), ids);
    return answer(report, reportLines(print, report));
  },
});

function reportLines(print: Printer, { checked, counts, records, deadNames }: CheckReport): Lines {
  const headOf = ({ id, title }: { id: string; title: string }): string => `${print.bold(id)} ${cleanLine(title)}`;
  const parts = (['gone', 'changed', 'moved', 'shifted', 'fresh'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${kind}`);
  const stale = records.find(({ freshness }) => isStale(freshness))?.id;
  return [
    ...records.flatMap((one) => [
      headOf(one),
      ...one.cites.map((cite) =>
        isStale(cite.now.freshness) ? print.warn(`  ${citeText(cite)}`) : `  ${citeText(cite)}`,
      ),
    ]),
    ...deadNames.flatMap((one) => [
      headOf(one),
      ...one.names.map((name) => `  names ${cleanLine(deadNameText(name))}`),
    ]),
    `${countOf(checked, 'record')} with cites${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`,
    stale && print.dim(`Still true: repomem confirm ${stale}. No longer: repomem forget ${stale}`),
  ];
}

function citeText({ now, commit: by, ...cite }: CheckReport['records'][number]['cites'][number]): string {
  const what = `${placeText(cite)} ${stateText(now)}`;
  if (by)
    return `${what}: ${by.id.slice(0, 8)} ${cleanLine(by.summary, 72)} (${cleanLine(by.author, 40)}, ${by.at.slice(0, 10)})`;
  return isStale(now.freshness) && now.commit === undefined ? `${what}: not committed yet, or git does not know` : what;
}

const confirmCommand = defineCommand({
  usage: 'confirm ID… [--file PATH:LINES]',
  details:
    "The record still holds although what it cites has changed: writes the same statement again, citing today's lines, and supersedes the\n" +
    'old one. Nothing is committed.',
  words: { min: 1, expected: 'an id', hint: 'repomem check lists them' },
  options: {
    file: {
      type: 'list',
      short: 'f',
      value: 'PATH:LINES',
      describe: 'cite this instead of what is found, such as src/a.ts:12-30',
    },
  },
  async run({ open, answer }, { file }, ids) {
    if (file.length > 0 && ids.length > 1) throw usageError(`confirm: --file goes with one id; got ${ids.length}`);
    const confirmed = [];
    for (const id of ids) confirmed.push(await confirmRecord(await open(), id, file));
    return answer(
      { confirmed },
      confirmed.flatMap(({ id, supersedes, title, path, cites, dropped }) => [
        `confirmed: ${id} supersedes ${supersedes} ${cleanLine(title)}\n  ${path}`,
        `  cites ${cites.map(placeText).join(', ')}`,
        dropped.length > 0 && `  gone, no longer cited: ${dropped.map((one) => cleanLine(one, 200)).join(', ')}`,
      ]),
    );
  },
});

const forgetCommand = defineCommand({
  usage: 'forget ID… [--reason TEXT]',
  details:
    'Leaves a tombstone, so that it is told no more and not learned again, and deletes the file, unstaged (git keeps what was committed).\n' +
    'A file that other branches have stays until repomem prune deletes it on the default branch.',
  words: { min: 1, expected: 'an id', hint: 'repomem list prints ids' },
  options: { reason: { type: 'text', short: 'r', describe: 'why; kept in the tombstone' } },
  async run({ open, answer }, { reason = '' }, ids) {
    const forgotten = [];
    for (const id of ids) {
      const memory = await open();
      const before = await findForgetting(memory, await readRecordSet(memory), id);
      if (before) throw before;
      forgotten.push(await forget(memory, id, reason));
    }
    return answer(
      { forgotten },
      forgotten.flatMap(({ id, title, tombstone, isKept }) => [
        `forgotten: ${id} ${title}\n  tombstone: ${tombstone}`,
        isKept && '  its file stays for now, as other branches have it: repomem prune deletes it',
        `  to take it back: ${isKept ? 'delete the tombstone' : `repomem show ${id} says how`}`,
      ]),
    );
  },
});

const compactCommand = defineCommand({
  usage: 'compact [--dry-run]',
  details:
    'Local records of types that fade, older than 30 days, become one digest a month; their files are removed. Shared records and session summaries stay as they are.',
  options: { 'dry-run': 'say what would be done, and do nothing' },
  async run({ open, answer }, { 'dry-run': dryRun }) {
    const report = await compactMemory(await open(), dryRun);
    const { digests, replaced, bytesBefore, bytesAfter } = report;
    if (digests.length === 0 && replaced.length === 0)
      return answer(report, ['Nothing to fold: no two local records of one month fade and are older than 30 days.']);
    const [folded, removed, became] = dryRun
      ? ['would fold', 'would remove', 'would become']
      : ['folded', 'removed', 'became'];
    return answer(report, [
      ...digests.flatMap(({ folded: records, month, path }) => [
        `${folded} ${records.length} records of ${month} into ${path}`,
        ...records.map(({ id, title }) => `  ${id} ${title}`),
      ]),
      ...replaced.map(({ id, title }) => `${removed} ${id} ${title} (a newer record had replaced it)`),
      `${bytesBefore} bytes ${became} ${bytesAfter}`,
    ]);
  },
});

const reasons = {
  superseded: 'replaced',
  forgotten: 'forgotten, and still there',
  folded: 'fades, and stands in a digest',
  'spent-tombstone': 'bars nothing: no branch ever had what it names',
} satisfies Record<PruneReason, string>;

const pruneCommand = defineCommand({
  usage: 'prune [--superseded] [--dry-run]',
  details:
    'Deletes shared records that newer ones replaced, that were forgotten and came back, or that stand in a digest, and tombstones that bar nothing. Git keeps them. On the default branch only, and only when no new record waits to be committed; nothing is staged or committed.',
  options: {
    superseded: 'only those that newer ones replaced',
    'dry-run': { type: 'flag', short: 'n', describe: 'say what would go, and why; delete nothing' },
  },
  async run({ open, print, answer }, { superseded, 'dry-run': isDry }) {
    const report = await pruneMemory(await open(), isDry, superseded ? 'superseded' : undefined);
    const { records, bytes, blocked, isDone } = report;
    const what = `${countOf(records.length, 'record')}, ${bytes} bytes`;
    const done = isDone
      ? `Deleted: ${what}. Git keeps them. Commit this alone:\n  git add -u .claude-mem && git commit -m "Prune the memory" -- .claude-mem`
      : `Would go: ${what}.`;
    return answer(report, () => {
      for (const { id, title, reason, by } of records) {
        const why = `${reasons[reason]}${by === undefined ? '' : `: ${cleanLine(by, 40)}`}`;
        print.out(`${print.bold(cleanLine(id, 40))} ${cleanLine(title)}\n         ${print.dim(why)}`);
      }
      print.out(records.length > 0 ? done : 'Nothing to prune.');
      if (blocked !== undefined) print.err(`Not now: ${blocked}`);
    });
  },
});

export const commands = {
  check: checkCommand,
  forget: forgetCommand,
  compact: compactCommand,
  confirm: confirmCommand,
  prune: pruneCommand,
};
