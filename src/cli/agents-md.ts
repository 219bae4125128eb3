import { join } from 'node:path';
import { blockFile } from '../agents/host-files.ts';
import { readRecordSet } from '../memory/records.ts';
import { renderBrief } from '../recall/brief.ts';
import { askYes, hasTerminal } from './ask.ts';
import { defineCommand, usageError } from './command.ts';
import { readOwn, writeOwn } from './init-files.ts';

const fileName = 'AGENTS.md';
const marks = {
  open: '<!-- repomem:start (written by `repomem agents-md`; what you write between the marks is replaced) -->',
  close: '<!-- repomem:end -->',
};

export const command = defineCommand({
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
