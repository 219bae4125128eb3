import { jsonOption, type Command } from './command.ts';
import { countOf } from './count-of.ts';
import { RepomemError } from '../domain/errors.ts';
import { openMemory } from '../memory/open.ts';
import { stageMemory, type StagedFile } from '../curate/stage.ts';
import { cleanLine } from '../privacy/invisible.ts';

const signs = { added: 'A', edited: 'M', removed: 'D', file: 'A' } satisfies Record<StagedFile['what'], string>;

export const command: Command = {
  usage: 'stage',
  details:
    "Puts the shared records that belong to this branch into git's index, removals of forgotten ones included. What was made on another\n" +
    'branch stays out until it is adopted. Nothing is committed.',
  options: { 'dry-run': { type: 'boolean', short: 'n', describe: 'only say what would be staged' }, json: jsonOption },
  async run({ env, print }, values, positionals) {
    if (positionals.length > 0)
      throw new RepomemError('usage', `stage: unexpected '${positionals[0]}'`, {
        hint: 'it stages all that belongs to this branch; git add stages one file',
      });
    const dryRun = values['dry-run'] === true;
    const report = await stageMemory(await openMemory(env), { dryRun });
    if (values['json']) {
      print.json({ dryRun, ...report });
      return 0;
    }
    for (const { what, path, title } of report.staged)
      print.out(`${signs[what]} ${cleanLine(path, 200)}${title ? print.dim(`  ${cleanLine(title)}`) : ''}`);
    for (const { path, why } of report.left) print.out(`- ${cleanLine(path, 200)}\n    ${why}`);
    if (report.staged.length === 0 && report.left.length === 0) print.out('Nothing to stage.');
    else if (report.staged.length > 0)
      print.out(`${dryRun ? 'Would stage' : 'Staged'} ${countOf(report.staged.length, 'file')}; nothing is committed.`);
    return 0;
  },
};
