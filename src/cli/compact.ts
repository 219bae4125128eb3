import { compactMemory } from '../curate/compact.ts';
import { openMemory } from '../memory/open.ts';
import { jsonOption, textOf, type Command } from './command.ts';

export const command: Command = {
  usage: 'compact [--dry-run] [--month YYYY-MM]',
  details:
    'Local records of types that fade, older than 30 days, become one digest a month; their files are removed. Shared records and session summaries stay as they are.',
  maxWords: 0,
  options: {
    'dry-run': { type: 'boolean', describe: 'say what would be done, and do nothing' },
    month: { type: 'string', value: 'YYYY-MM', describe: 'this month alone' },
    json: jsonOption,
  },
  async run({ env, print }, values) {
    const isDry = values['dry-run'] === true;
    const month = textOf(values, 'month');
    const report = await compactMemory(await openMemory(env), {
      dryRun: isDry,
      ...(month === undefined ? {} : { month }),
    });
    if (values['json']) {
      print.json(report);
      return 0;
    }
    const { digests, replaced, bytesBefore, bytesAfter } = report;
    if (digests.length === 0 && replaced.length === 0) {
      print.out('Nothing to fold: no two local records of one month fade and are older than 30 days.');
      return 0;
    }
    for (const digest of digests) {
      print.out(
        `${isDry ? 'would fold' : 'folded'} ${digest.folded.length} records of ${digest.month} into ${digest.path}`,
      );
      for (const { id, title } of digest.folded) print.out(`  ${id} ${title}`);
    }
    for (const { id, title } of replaced)
      print.out(`${isDry ? 'would remove' : 'removed'} ${id} ${title} (a newer record had replaced it)`);
    print.out(`${bytesBefore} bytes ${isDry ? 'would become' : 'became'} ${bytesAfter}`);
    return 0;
  },
};
