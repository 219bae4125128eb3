import { RepomemError } from '../domain/errors.ts';
import { findForgetting } from '../history/forgotten.ts';
import { recordAsJson } from '../memory/as-json.ts';
import { freshnessOf } from '../memory/mark-stale.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { recordText } from '../memory/record-text.ts';
import { readRecordSet, type AssessedRecord } from '../memory/records.ts';
import { safeId } from '../memory/safe-id.ts';
import { defineCommand, type Options } from './command.ts';
import { openPage } from './view.ts';

export const showOptions = {
  raw: 'print the file as it stands',
  foreign: 'show records that nobody reviewed, too',
} as const satisfies Options;

export const command = defineCommand({
  usage: 'show ID…',
  details: 'An id may be cut to a unique prefix. Foreign records (unreviewed, from elsewhere) need --foreign.',
  words: { min: 1, expected: 'at least one id', hint: 'repomem list and repomem search print ids' },
  options: { ...showOptions, web: 'open its page in the browser, as repomem view /o/ID' },
  async run(context, { raw, foreign, web }, ids) {
    const { open, isJson, print, answer } = context;
    const memory = await open({ withFiles: true });
    const recordSet = await readRecordSet(memory);
    if (web) return openPage(context, `/o/${encodeURIComponent(resolveId(recordSet, ids[0] ?? '').excerpt.id)}`);
    const records = [];
    for (const id of ids) {
      const forgotten = await findForgetting(memory, recordSet, id);
      if (forgotten) throw forgotten;
      const assessed = resolveId(recordSet, id);
      const shown = safeId(assessed.excerpt);
      requireTrust(assessed, foreign, `repomem show ${shown} --foreign shows it; repomem trust ${shown} trusts it`);
      records.push(readFull(memory, assessed));
    }
    if (raw && !isJson) {
      for (const record of records) print.out(record.text);
      return 0;
    }
    const states = freshnessOf(memory, records, 'ask');
    const { root } = memory.paths;
    return answer({ records: records.map((record) => recordAsJson(record, root, states.get(record.excerpt.path))) }, [
      records.map((record) => recordText(record, states.get(record.excerpt.path))).join('\n\n'),
    ]);
  },
});

/** Throws RepomemError `untrusted` on a foreign record that was not asked for as such. */
export function requireTrust({ excerpt, trust }: AssessedRecord, isAskedFor: boolean, hint: string): void {
  if (trust === 'foreign' && !isAskedFor)
    throw new RepomemError('untrusted', `${safeId(excerpt)}: unreviewed, came from elsewhere; not shown`, { hint });
}
