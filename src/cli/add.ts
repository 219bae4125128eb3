import { readFileSync } from 'node:fs';
import { remember } from '../curate/write.ts';
import { observationTypes } from '../domain/types.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { checkType, defineCommand, table, usageError } from './command.ts';

export const command = defineCommand({
  usage: 'add TITLE [--type TYPE] [--body TEXT|-] [--file PATH[:LINES]]…',
  details:
    'Types that last (decision, gotcha, bugfix, …) are shared, the others local, unless --local or --shared says otherwise.',
  notes: () =>
    ['Types', ...table(Object.entries(observationTypes).map(([name, { meaning }]) => [name, meaning]))].join('\n'),
  words: {
    min: 1,
    expected: 'a sentence that says what is to be known; got nothing',
    hint: 'such as: repomem add "Retries end after three" --type gotcha --file src/app.ts:42',
  },
  options: {
    type: { type: 'text', short: 't', value: 'TYPE', describe: 'what sort of observation; default discovery' },
    description: { type: 'text', short: 'd', describe: 'one sentence' },
    body: { type: 'text', short: 'b', describe: 'the reasons; - reads standard input' },
    fact: { type: 'texts', describe: 'one fact; may be given several times' },
    file: {
      type: 'list',
      short: 'f',
      value: 'PATH',
      describe: 'a file that it speaks of: PATH, PATH:12 or PATH:12-30',
    },
    concept: { type: 'list', value: 'WORD', describe: 'a tag' },
    alias: { type: 'list', value: 'WORDS', describe: 'other words that somebody would search for' },
    supersedes: { type: 'list', value: 'ID', describe: 'a record that this one replaces' },
    local: 'keep it out of git',
    shared: 'share it, whatever its type',
    force: 'write it although it is known already',
  },
  async run({ open, print, answer }, values, words) {
    const { type, description, body, local, shared, force } = values;
    if (local && shared) throw usageError('add: --local and --shared exclude each other');
    if (type !== undefined) checkType(type, Object.keys(observationTypes));
    const written = await remember(
      await open(),
      {
        title: words.join(' '),
        type,
        description,
        body: body === '-' ? readFileSync(0, 'utf8') : body,
        facts: values.fact,
        files: values.file,
        concepts: values.concept,
        aliases: values.alias,
        supersedes: values.supersedes,
        tier: local ? 'local' : shared ? 'shared' : undefined,
      },
      { allowDuplicate: force, requireFiles: true },
    );
    return answer(written, () => {
      print.out(`${written.id}  ${written.path}`);
      for (const { id, title } of written.similar) print.err(`like it: ${id} ${cleanLine(title)}`);
      for (const file of written.uncited) print.err(`not cited: ${file} (missing, ignored or outside the repository)`);
      if (!local && written.path.includes('/local/'))
        print.err(`kept on this machine: share it with repomem share ${written.id}, or add --shared`);
      if (written.redactions > 0) print.err(`${written.redactions} secret or private passages were taken out`);
    });
  },
});
