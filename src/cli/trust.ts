import { listUntrusted, trustFiles } from '../curate/trust.ts';
import { RepomemError } from '../domain/errors.ts';
import { isBlobPrefix } from '../memory/safe-id.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { defineCommand } from './command.ts';

export const command = defineCommand({
  usage: 'trust ID…|FILE…|--all',
  details:
    'What stands on the default branch is trusted because it was reviewed there. This trusts other records, settings and modes, on this machine alone: these very bytes, not later ones.',
  words: {},
  options: { all: 'everything that is listed without it' },
  async run({ open, print, answer }, { all }, names) {
    const memory = await open();
    const untrusted = await listUntrusted(memory);
    if (names.length === 0 && !all)
      return answer({ untrusted }, [
        ...untrusted.map(({ name, path }) => `${name}  ${path}`),
        untrusted.length === 0 ? 'Nothing here is untrusted.' : print.dim('Read them first: repomem show ID --foreign'),
      ]);
    const chosen = all ? untrusted : names.map((name) => pickOne(untrusted, name));
    trustFiles(memory, chosen);
    return answer(
      { trusted: chosen },
      chosen.map(({ name, title }) => `trusted: ${name} ${cleanLine(title)}`),
    );
  },
});

type Untrusted = Awaited<ReturnType<typeof listUntrusted>>[number];

function pickOne(untrusted: readonly Untrusted[], name: string): Untrusted {
  const [first, second] = untrusted.filter(
    (one) => one.path === name || one.name.startsWith(name) || isBlobPrefix(name, one.blob),
  );
  const hint = 'repomem trust lists what is untrusted';
  if (!first) throw new RepomemError('not-found', `${name}: nothing untrusted has this name`, { hint });
  if (second) throw new RepomemError('ambiguous', `${name}: more than one begins so`, { hint });
  return first;
}
