import type { Command } from './command.ts';
import { jsonOption } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import type { RecordFreshness } from '../git/cites/freshness.ts';
import { findForgetting } from '../history/forgotten.ts';
import { recordAsJson } from '../memory/as-json.ts';
import { freshnessOf } from '../memory/mark-stale.ts';
import { openMemory } from '../memory/open.ts';
import { readFull, resolveId, type FullRecord } from '../memory/read.ts';
import { readRecordSet } from '../memory/records.ts';
import { recordText } from '../memory/record-text.ts';
import { safeId } from '../memory/safe-id.ts';
import { command as view } from './view.ts';

export const command: Command = {
  usage: 'show ID…',
  details: 'An id may be cut to a unique prefix. Foreign records (unreviewed, from elsewhere) need --foreign.',
  options: {
    json: jsonOption,
    raw: { type: 'boolean', describe: 'print the file as it stands' },
    foreign: { type: 'boolean', describe: 'show records that nobody reviewed, too' },
    web: { type: 'boolean', describe: 'open its page in the browser, as repomem view /o/ID' },
  },
  async run(context, values, ids) {
    const { env, print } = context;
    if (ids.length === 0)
      throw new RepomemError('usage', 'show: expected at least one id', {
        hint: 'repomem list and repomem search print ids',
      });
    const memory = await openMemory(env, undefined, { withFiles: true });
    const recordSet = await readRecordSet(memory);
    if (values['web']) {
      const { excerpt } = resolveId(recordSet, ids[0] ?? '');
      return view.run(context, { json: values['json'] }, [`/o/${encodeURIComponent(excerpt.id)}`]);
    }
    const records = [];
    for (const id of ids) {
      const forgotten = await findForgetting(memory, recordSet, id);
      if (forgotten) throw forgotten;
      const assessed = resolveId(recordSet, id);
      if (assessed.trust === 'foreign' && !values['foreign'])
        throw new RepomemError('untrusted', `${safeId(assessed.excerpt)}: unreviewed, came from elsewhere; not shown`, {
          hint: `repomem show ${safeId(assessed.excerpt)} --foreign shows it; repomem trust ${safeId(assessed.excerpt)} trusts it`,
        });
      records.push(readFull(memory, assessed));
    }
    if (values['raw'] && !values['json']) {
      for (const record of records) print.out(record.text);
      return 0;
    }
    const states = freshnessOf(memory, records, 'ask');
    const stateOf = ({ excerpt }: FullRecord): RecordFreshness | undefined => states.get(excerpt.path);
    if (values['json'])
      print.json({ records: records.map((record) => recordAsJson(record, memory.paths.root, stateOf(record))) });
    else print.out(records.map((record) => recordText(record, stateOf(record))).join('\n\n'));
    return 0;
  },
};
