import { jsonOption, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { openMemory } from '../memory/open.ts';
import { isBlobPrefix } from '../memory/safe-id.ts';
import { listUntrusted, trustFiles } from '../curate/trust.ts';
import { cleanLine } from '../privacy/invisible.ts';

export const command: Command = {
  usage: 'trust ID…|FILE…|--all',
  details:
    'What stands on the default branch is trusted because it was reviewed there. This trusts other records, settings and modes, on this machine alone: these very bytes, not later ones.',
  options: { all: { type: 'boolean', describe: 'everything that is listed without it' }, json: jsonOption },
  async run({ env, print }, values, names) {
    const memory = await openMemory(env);
    const untrusted = await listUntrusted(memory);
    if (names.length === 0 && !values['all']) {
      if (values['json']) print.json({ untrusted });
      else if (untrusted.length === 0) print.out('Nothing here is untrusted.');
      else {
        for (const { name, path } of untrusted) print.out(`${name}  ${path}`);
        print.out(print.dim('Read them first: repomem show ID --foreign'));
      }
      return 0;
    }
    const chosen = values['all']
      ? untrusted
      : names.map((name) => {
          const found = untrusted.filter(
            (one) => one.path === name || one.name.startsWith(name) || isBlobPrefix(name, one.blob),
          );
          const [first] = found;
          if (!first || found.length > 1)
            throw new RepomemError(
              first ? 'ambiguous' : 'not-found',
              `${name}: ${first ? 'more than one begins so' : 'nothing untrusted has this name'}`,
              {
                hint: 'repomem trust lists what is untrusted',
              },
            );
          return first;
        });
    trustFiles(memory, chosen);
    if (values['json']) print.json({ trusted: chosen });
    else for (const { name, title } of chosen) print.out(`trusted: ${name} ${cleanLine(title)}`);
    return 0;
  },
};
