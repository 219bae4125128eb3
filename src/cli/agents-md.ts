import { lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { blockFile } from '../agents/host-files.ts';
import { renderBrief } from '../recall/brief.ts';
import { openMemory } from '../memory/open.ts';
import { readRecordSet } from '../memory/records.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { askYes, hasTerminal } from './ask.ts';
import { RepomemError } from '../domain/errors.ts';
import { jsonOption, type Command } from './command.ts';
import { readOwn } from './init-files.ts';

const fileName = 'AGENTS.md';
const marks = {
  open: '<!-- repomem:start (written by `repomem agents-md`; what you write between the marks is replaced) -->',
  close: '<!-- repomem:end -->',
};

export const command: Command = {
  usage: 'agents-md',
  details:
    'For agents without hooks: a short block between two marks in AGENTS.md, made anew with each run. Only records\n' +
    'that git holds stand in it: they are reviewed with the file, which any agent obeys. Nothing else of the file is changed.',
  maxWords: 0,
  options: {
    yes: { type: 'boolean', short: 'y', describe: 'do not ask; without a terminal it is needed' },
    undo: { type: 'boolean', describe: 'take the block out again' },
    json: jsonOption,
  },
  async run({ env, print }, values) {
    const memory = await openMemory(env);
    const { root } = memory.paths;
    const before = readOwn(root, fileName);
    const isThere = before?.includes(marks.open) === true;
    if (values['undo'] === true && before === undefined) {
      print.out(`Nothing to take back: there is no ${fileName}.`);
      return 0;
    }
    if (!isThere && values['yes'] !== true && values['undo'] !== true) await requireConsent((text) => print.err(text));
    const file = blockFile(fileName, renderBrief(memory, await readRecordSet(memory)), marks);
    const after = values['undo'] === true ? file.remove(before ?? '', fileName) : file.add(before, fileName);
    const path = join(root, fileName);
    if (after === '' && after !== before) rmSync(path);
    else if (after !== before)
      writeFileAtomic(path, after, { within: root, mode: before === undefined ? 0o666 : lstatSync(path).mode & 0o777 });
    if (values['json']) print.json({ path: fileName, changed: after !== before });
    else print.out(after === before ? `Nothing to do: ${path} is as it should be.` : `Written: ${path}`);
    return 0;
  },
};

/** The file belongs to the repository's owner: it is written only when its owner says yes. */
async function requireConsent(say: (text: string) => void): Promise<void> {
  if (!hasTerminal())
    throw new RepomemError('usage', `${fileName}: nothing was written; it needs a yes`, {
      hint: 'repomem agents-md --yes',
    });
  if (!(await askYes(`Write a block of the memory into ${fileName}?`, say)))
    throw new RepomemError('usage', `${fileName}: nothing was written`);
}
