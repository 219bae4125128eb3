// What agents are told: the block of a session, and the one in AGENTS.md.
import { join } from 'node:path';
import { blockFile } from '../agents/host-files.ts';
import type { Memory } from '../memory/open.ts';
import { recordLine } from '../memory/record-line.ts';
import { type AssessedRecord, readRecordSet } from '../memory/records.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { renderBrief } from '../recall/brief.ts';
import { buildBlock, explainBlock } from '../recall/block.ts';
import { askYes, hasTerminal } from './ask.ts';
import { type CliContext, defineCommand, usageError } from './command.ts';
import { readOwn, writeOwn } from './init-files.ts';

const contextCommand = defineCommand({
  usage: 'context [--why]',
  details:
    'Exactly what a session would get. Settings: context.budgetTokens, context.maxRecords, context.types, context.concepts.',
  options: { why: 'instead: what is told and what is left out, each with its reasons' },
  async run(context, { why }) {
    const { open, print, answer } = context;
    const memory = await open();
    if (why) return explain(context, memory);
    const block = await buildBlock(memory);
    return answer(block, () => {
      if (block.text) print.write(`${block.text}\n`);
      else print.err('The context is switched off (setting context.enabled).');
    });
  },
});

async function explain({ print, answer }: CliContext, memory: Memory): Promise<number> {
  const { text: _text, ids: _ids, records, ...told } = await explainBlock(memory);
  const { assessed, byPath } = await readRecordSet(memory);
  const { enabled, maxRecords, budgetTokens } = memory.settings.context;
  const count = (passes: (one: AssessedRecord) => boolean): number =>
    assessed.filter((one) => one.excerpt.type !== 'session' && one.excerpt.type !== 'tombstone' && passes(one)).length;
  const never = {
    foreign: count(({ trust }) => trust === 'foreign'),
    elsewhere: count(({ trust, isHere }) => trust !== 'foreign' && !isHere),
    inactive: count(({ trust, isHere, isActive }) => trust !== 'foreign' && isHere && !isActive),
  };
  const lineOf = ({ excerpt: { id, title }, score, reasons }: (typeof records)[number]): string =>
    `${print.bold(cleanLine(id, 40))} ${score.toFixed(2)} ${cleanLine(title, 110)}\n` +
    print.dim(`         ${reasons.join('; ')}`);
  const [shown, left] = [records.filter(({ isShown }) => isShown), records.filter(({ isShown }) => !isShown)];
  const beyond = told.total - records.length;
  const lines = records.map(({ excerpt: { path }, score, reasons, isShown }) => ({
    ...recordLine(byPath.get(path)!, memory.paths.root),
    score: Number(score.toFixed(4)),
    reasons,
    isShown,
  }));
  return answer({ ...told, never, isOn: enabled, records: lines }, [
    !enabled && 'Nothing is told: the context is switched off (setting context.enabled).',
    `Told: ${shown.length} of ${told.total} records, ranked by ${told.rankedBy}`,
    ...shown.map(lineOf),
    left.length > 0 &&
      `\nLeft out: these come next, and context.maxRecords (${maxRecords}) or context.budgetTokens (${budgetTokens}) ends the list`,
    ...left.map(lineOf),
    beyond > 0 && `and ${beyond} more that rank below them`,
    never.foreign > 0 && `Never told: ${never.foreign} came from elsewhere and nobody reviewed them: repomem trust`,
    never.elsewhere > 0 && `Never told: ${never.elsewhere} belong to other branches: repomem adopt`,
    never.inactive > 0 && `Never told: ${never.inactive} were replaced or forgotten`,
  ]);
}

const fileName = 'AGENTS.md';
const marks = {
  open: '<!-- repomem:start (written by `repomem agents-md`; what you write between the marks is replaced) -->',
  close: '<!-- repomem:end -->',
};

const agentsMdCommand = defineCommand({
  usage: 'agents-md',
  details:
    'For agents without hooks: a short block between two marks in AGENTS.md, made anew with each run. Only records\n' +
    'that git holds stand in it: they are reviewed with the file, which any agent obeys. Nothing else of the file is changed.',
  options: {
    yes: { type: 'flag', short: 'y', describe: 'do not ask; without a terminal it is needed' },
    undo: 'take the block out again',
  },
  async run({ open, print, answer }, { yes, undo }) {
    const memory = await open();
    const { root } = memory.paths;
    const path = join(root, fileName);
    const before = readOwn(root, fileName);
    if (undo && before === undefined)
      return answer({ path: fileName, changed: false }, [`Nothing to take back: there is no ${fileName}.`]);
    // The file belongs to the repository's owner: it is written only when its owner says yes.
    if (!before?.includes(marks.open) && !yes && !undo) {
      const question = `Write a block of the memory into ${fileName}?`;
      if (!hasTerminal())
        throw usageError(`${fileName}: nothing was written; it needs a yes`, 'repomem agents-md --yes');
      if (!(await askYes(question, print.err))) throw usageError(`${fileName}: nothing was written`);
    }
    const file = blockFile(fileName, renderBrief(memory, await readRecordSet(memory)), marks);
    const after = undo ? file.remove(before ?? '', fileName) : file.add(before, fileName);
    const isChanged = after !== before;
    if (isChanged) writeOwn(root, fileName, after);
    return answer({ path: fileName, changed: isChanged }, [
      isChanged ? `Written: ${path}` : `Nothing to do: ${path} is as it should be.`,
    ]);
  },
});

export const commands = { context: contextCommand, 'agents-md': agentsMdCommand };
