import { jsonOption, type Command } from './command.ts';
import { openMemory } from '../memory/open.ts';
import { pruneMemory, type Prunable, type PruneReason } from '../curate/prune.ts';
import { cleanLine } from '../privacy/invisible.ts';

export const command: Command = {
  usage: 'prune [--superseded] [--dry-run]',
  details:
    'Deletes shared records that newer ones replaced, that were forgotten and came back, or that stand in a digest, and tombstones that bar nothing. Git keeps them. On the default branch only, and only when no new record waits to be committed; nothing is staged or committed.',
  maxWords: 0,
  options: {
    superseded: { type: 'boolean', describe: 'only those that newer ones replaced' },
    'dry-run': { type: 'boolean', short: 'n', describe: 'say what would go, and why; delete nothing' },
    json: jsonOption,
  },
  async run({ env, print }, values) {
    const report = await pruneMemory(
      await openMemory(env),
      values['dry-run'] === true,
      values['superseded'] === true ? 'superseded' : undefined,
    );
    if (values['json']) {
      print.json(report);
      return 0;
    }
    for (const record of report.records)
      print.out(
        `${print.bold(cleanLine(record.id, 40))} ${cleanLine(record.title)}\n         ${print.dim(whyOf(record))}`,
      );
    const { length } = report.records;
    const what = `${length} ${length === 1 ? 'record' : 'records'}, ${report.bytes} bytes`;
    if (length === 0) print.out('Nothing to prune.');
    else if (!report.isDone) print.out(`Would go: ${what}.`);
    else {
      print.out(`Deleted: ${what}. Git keeps them. Commit this alone:`);
      print.out('  git add -u .claude-mem && git commit -m "Prune the memory" -- .claude-mem');
    }
    if (report.blocked !== undefined) print.err(`Not now: ${report.blocked}`);
    return 0;
  },
};

const reasons = {
  superseded: 'replaced',
  forgotten: 'forgotten, and still there',
  folded: 'fades, and stands in a digest',
  'redundant-tombstone': 'another tombstone bars the same',
  'spent-tombstone': 'bars nothing: no branch ever had what it names',
} satisfies Record<PruneReason, string>;

function whyOf({ reason, by }: Prunable): string {
  return `${reasons[reason]}${by === undefined ? '' : `: ${cleanLine(by, 40)}`}`;
}
