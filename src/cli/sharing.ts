// Where records go: into the next commit, to this branch, to others, to this machine alone.
import { adoptRecords, listElsewhere } from '../curate/adopt.ts';
import { moveRecord } from '../curate/share.ts';
import { type StagedFile, stageMemory } from '../curate/stage.ts';
import type { Tier } from '../domain/excerpt.ts';
import { recordLine } from '../memory/record-line.ts';
import { readRecordSet } from '../memory/records.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { type Command, countOf, defineCommand } from './command.ts';

const signs = { added: 'A', edited: 'M', removed: 'D', file: 'A' } satisfies Record<StagedFile['what'], string>;

const stageCommand = defineCommand({
  usage: 'stage',
  details:
    "Puts the shared records that belong to this branch into git's index, removals of forgotten ones included. What was made on another\n" +
    'branch stays out until it is adopted. Nothing is committed.',
  words: { max: 0, hint: 'it stages all that belongs to this branch; git add stages one file' },
  options: { 'dry-run': { type: 'flag', short: 'n', describe: 'only say what would be staged' } },
  async run({ open, print, answer }, { 'dry-run': dryRun }) {
    const report = await stageMemory(await open(), { dryRun });
    const { staged, left } = report;
    return answer({ dryRun, ...report }, [
      ...staged.map(
        ({ what, path, title }) =>
          `${signs[what]} ${cleanLine(path, 200)}${title ? print.dim(`  ${cleanLine(title)}`) : ''}`,
      ),
      ...left.map(({ path, why }) => `- ${cleanLine(path, 200)}\n    ${why}`),
      staged.length > 0 &&
        `${dryRun ? 'Would stage' : 'Staged'} ${countOf(staged.length, 'file')}; nothing is committed.`,
      staged.length + left.length === 0 && 'Nothing to stage.',
    ]);
  },
});

const nothing = ['Nothing waits on another branch.'];

const adoptCommand = defineCommand({
  usage: 'adopt ID…|--all',
  details:
    'Uncommitted records belong to the branch that they were made on. An adopted one belongs to the branch that is checked out, too:\n' +
    'sessions are told of it here, and stage takes it. Without an id it lists what waits on other branches.',
  words: {},
  options: { all: 'everything that is listed without an id' },
  async run({ open, print, answer }, { all }, ids) {
    const memory = await open();
    if (ids.length === 0 && !all) {
      const waiting = listElsewhere(await readRecordSet(memory));
      const lines = waiting.map(
        ({ excerpt: { id, title, branch = '?' } }) =>
          `${print.bold(id)} ${print.dim(cleanLine(branch, 60))} ${cleanLine(title)}`,
      );
      const elsewhere = waiting.map((one) => recordLine(one, memory.paths.root));
      return answer({ elsewhere }, lines.length > 0 ? lines : nothing);
    }
    const { branch, records } = await adoptRecords(memory, all ? 'all' : ids);
    const lines = records.map(({ id, title }) => `adopted on ${cleanLine(branch, 60)}: ${id} ${cleanLine(title)}`);
    return answer({ branch, adopted: records }, lines.length > 0 ? lines : nothing);
  },
});

function moveCommand(tier: Tier, usage: string, details: string): Command {
  return defineCommand({
    usage,
    details,
    words: { min: 1, expected: 'an id', hint: 'repomem list prints ids' },
    options: {},
    async run({ open, answer }, _values, ids) {
      const moved = [];
      for (const id of ids) moved.push(await moveRecord(await open(), id, tier));
      return answer(
        { tier, moved },
        moved.flatMap(({ id, title, from, to, isTracked, keptAs }) => [
          `${tier}: ${id} ${cleanLine(title)}\n  ${to}`,
          keptAs &&
            `  other branches have ${keptAs.id}: its file stays, forgotten by ${keptAs.tombstone}; repomem prune deletes it later`,
          !keptAs && isTracked && `  git has the old file: git add '${from}' stages its removal`,
        ]),
      );
    },
  });
}

const shareCommand = moveCommand(
  'shared',
  'share ID…',
  'Moves local records to where git sees them. repomem stage puts them into the next commit.',
);

const unshareCommand = moveCommand(
  'local',
  'unshare ID…',
  'Moves shared records to this machine alone. A file that git has is removed from the working tree, unstaged; others keep it until\n' +
    'that removal is committed, and history keeps it always. One that other branches have, too, stays beside a tombstone that forgets it.',
);

export const commands = { stage: stageCommand, adopt: adoptCommand, share: shareCommand, unshare: unshareCommand };
