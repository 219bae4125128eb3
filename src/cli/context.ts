import { jsonOption, type CliContext, type Command } from './command.ts';
import { buildBlock } from '../recall/block.ts';
import { explainBlock } from '../recall/explain.ts';
import { recordLine } from '../memory/record-line.ts';
import { openMemory, type Memory } from '../memory/open.ts';
import { readRecordSet } from '../memory/records.ts';
import { cleanLine } from '../privacy/invisible.ts';

export const command: Command = {
  usage: 'context [--why]',
  details:
    'Exactly what a session would get. Settings: context.budgetTokens, context.maxRecords, context.types, context.concepts.',
  maxWords: 0,
  options: {
    why: { type: 'boolean', describe: 'instead: what is told and what is left out, each with its reasons' },
    json: jsonOption,
  },
  async run(context, values) {
    const { env, print } = context;
    const memory = await openMemory(env);
    if (values['why']) return explain(context, memory, values['json'] === true);
    const block = await buildBlock(memory);
    if (values['json']) print.json(block);
    else if (block.text) print.write(`${block.text}\n`);
    else print.err('The context is switched off (setting context.enabled).');
    return 0;
  },
};

async function explain({ print }: CliContext, memory: Memory, isJson: boolean): Promise<number> {
  const { text: _text, ids: _ids, records, ...told } = await explainBlock(memory);
  const { assessed, byPath } = await readRecordSet(memory);
  const { context } = memory.settings;
  const count = (passes: (one: (typeof assessed)[number]) => boolean): number =>
    assessed.filter((one) => one.excerpt.type !== 'session' && one.excerpt.type !== 'tombstone' && passes(one)).length;
  const never = {
    foreign: count(({ trust }) => trust === 'foreign'),
    elsewhere: count(({ trust, isHere }) => trust !== 'foreign' && !isHere),
    inactive: count(({ trust, isHere, isActive }) => trust !== 'foreign' && isHere && !isActive),
  };
  if (isJson) {
    const lines = records.map(({ excerpt: { path }, score, reasons, isShown }) => ({
      ...recordLine(byPath.get(path)!, memory.paths.root),
      score: Number(score.toFixed(4)),
      reasons,
      isShown,
    }));
    print.json({ ...told, never, isOn: context.enabled, records: lines });
    return 0;
  }
  if (!context.enabled) print.out('Nothing is told: the context is switched off (setting context.enabled).');
  const line = ({ excerpt: { id, title }, score, reasons }: (typeof records)[number]): void => {
    print.out(`${print.bold(cleanLine(id, 40))} ${score.toFixed(2)} ${cleanLine(title, 110)}`);
    print.out(print.dim(`         ${reasons.join('; ')}`));
  };
  const [shown, left] = [records.filter(({ isShown }) => isShown), records.filter(({ isShown }) => !isShown)];
  print.out(`Told: ${shown.length} of ${told.total} records, ranked by ${told.rankedBy}`);
  shown.forEach(line);
  if (left.length > 0) {
    print.out(
      `\nLeft out: these come next, and context.maxRecords (${context.maxRecords}) or context.budgetTokens (${context.budgetTokens}) ends the list`,
    );
    left.forEach(line);
  }
  const beyond = told.total - records.length;
  if (beyond > 0) print.out(`and ${beyond} more that rank below them`);
  const reasons = [
    [never.foreign, 'came from elsewhere and nobody reviewed them: repomem trust'],
    [never.elsewhere, 'belong to other branches: repomem adopt'],
    [never.inactive, 'were replaced or forgotten'],
  ] as const;
  for (const [number, why] of reasons) if (number > 0) print.out(`Never told: ${number} ${why}`);
  return 0;
}
