// What others bring: shown to a person, and trusted.
import { listUntrusted, trustFiles } from '../curate/trust.ts';
import { RepomemError } from '../domain/errors.ts';
import { isBlobPrefix } from '../memory/record-line.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { renderReview } from '../review/render-review.ts';
import { reviewRange } from '../review/review.ts';
import { linksOf } from '../review/style.ts';
import { defineCommand } from './command.ts';

const reviewCommand = defineCommand({
  usage: 'review [BASE..HEAD] [--format text|markdown|json]',
  details:
    'What a branch brings to the memory, for the person who decides: new, replacing, contradicting, repeated and forgotten records, records that the diff makes stale, changed files that the memory speaks of, what lint finds, what every later session pays. Without a range: from where HEAD left the default branch. What is not committed is left aside.',
  words: { max: 1, hint: 'such as main..HEAD' },
  options: {
    format: { type: 'text', oneOf: ['text', 'markdown', 'json'], describe: 'default text' },
    json: 'the same as --format json',
  },
  async run({ open, env, print }, { json, format = 'text' }, [range]) {
    const review = await reviewRange(await open(), range, print.progress);
    if (json || format === 'json') print.json(review);
    else print[format === 'text' ? 'out' : 'write'](renderReview(review, format, linksOf(env.vars, review.head)));
    // A branch's name alone is where the comparison begins.
    if (!json && format === 'text' && review.isQuiet && range !== undefined && !range.includes('..'))
      print.err(`That is what HEAD adds to ${range}; what ${range} brings: repomem review HEAD..${range}`);
    return 0;
  },
});

const trustCommand = defineCommand({
  usage: 'trust ID…|FILE…|--all',
  details:
    'What stands on the default branch is trusted because it was reviewed there. This trusts other records, settings and modes, on this machine alone: these very bytes, not later ones.',
  words: {},
  options: { all: 'everything that is listed without it' },
  async run({ open, print, answer }, { all }, names) {
    const memory = await open();
    const untrusted = await listUntrusted(memory);
    if (names.length === 0 && (!all || untrusted.length === 0))
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

export const commands = { review: reviewCommand, trust: trustCommand };
