import { readFileSync } from 'node:fs';
import { jsonOption, listOf, textOf, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { openMemory } from '../memory/open.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { remember } from '../curate/write.ts';
import { observationTypes } from '../domain/types.ts';
import { table } from './pages.ts';
import { checkType } from './suggest.ts';

export const command: Command = {
  usage: 'add TITLE [--type TYPE] [--body TEXT|-] [--file PATH[:LINES]]…',
  details:
    'Types that last (decision, gotcha, bugfix, …) are shared, the others local, unless --local or --shared says otherwise.',
  notes: () =>
    ['Types', ...table(Object.entries(observationTypes).map(([name, { meaning }]) => [name, meaning]))].join('\n'),
  options: {
    type: { type: 'string', short: 't', value: 'TYPE', describe: 'what sort of observation; default discovery' },
    description: { type: 'string', short: 'd', value: 'TEXT', describe: 'one sentence' },
    body: { type: 'string', short: 'b', value: 'TEXT', describe: 'the reasons; - reads standard input' },
    fact: { type: 'string', multiple: true, value: 'TEXT', describe: 'one fact; may be given several times' },
    file: {
      type: 'string',
      short: 'f',
      multiple: true,
      value: 'PATH',
      describe: 'a file that it speaks of: PATH, PATH:12 or PATH:12-30',
    },
    concept: { type: 'string', multiple: true, value: 'WORD', describe: 'a tag' },
    alias: { type: 'string', multiple: true, value: 'WORDS', describe: 'other words that somebody would search for' },
    supersedes: { type: 'string', multiple: true, value: 'ID', describe: 'a record that this one replaces' },
    local: { type: 'boolean', describe: 'keep it out of git' },
    shared: { type: 'boolean', describe: 'share it, whatever its type' },
    force: { type: 'boolean', describe: 'write it although it is known already' },
    json: jsonOption,
  },
  async run({ env, print }, values, positionals) {
    const title = positionals.join(' ');
    if (values['local'] && values['shared'])
      throw new RepomemError('usage', 'add: --local and --shared exclude each other');
    if (title.trim() === '')
      throw new RepomemError('usage', 'add: expected a sentence that says what is to be known; got nothing', {
        hint: 'such as: repomem add "Retries end after three" --type gotcha --file src/app.ts:42',
      });
    const type = textOf(values, 'type');
    if (type !== undefined) checkType('--type', type, Object.keys(observationTypes));
    const body = textOf(values, 'body');
    const memory = await openMemory(env);
    const written = await remember(
      memory,
      {
        title,
        ...optional('type', type),
        ...optional('description', textOf(values, 'description')),
        ...optional('body', body === '-' ? readFileSync(0, 'utf8') : body),
        facts: Array.isArray(values['fact']) ? values['fact'] : [],
        files: listOf(values, 'file'),
        concepts: listOf(values, 'concept'),
        aliases: listOf(values, 'alias'),
        supersedes: listOf(values, 'supersedes'),
        ...(values['local'] ? { tier: 'local' as const } : values['shared'] ? { tier: 'shared' as const } : {}),
      },
      { allowDuplicate: values['force'] === true, requireFiles: true },
    );
    if (values['json']) print.json(written);
    else {
      print.out(`${written.id}  ${written.path}`);
      for (const { id, title: other } of written.similar) print.err(`like it: ${id} ${cleanLine(other)}`);
      for (const file of written.uncited) print.err(`not cited: ${file} (missing, ignored or outside the repository)`);
      if (!values['local'] && written.path.includes('/local/'))
        print.err(`kept on this machine: share it with repomem share ${written.id}, or add --shared`);
      if (written.redactions > 0) print.err(`${written.redactions} secret or private passages were taken out`);
    }
    return 0;
  },
};

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}
