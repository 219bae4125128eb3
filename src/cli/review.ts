import { textOf, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { openMemory } from '../memory/open.ts';
import { reviewRange } from '../review/review.ts';
import { renderReview } from '../review/render-review.ts';
import { linksOf } from '../review/style.ts';

const formats = ['text', 'markdown', 'json'] as const;

export const command: Command = {
  usage: 'review [BASE..HEAD] [--format text|markdown|json]',
  details:
    'What a branch brings to the memory, for the person who decides: new, replacing, contradicting, repeated and forgotten records, records that the diff makes stale, changed files that the memory speaks of, what lint finds, what every later session pays. Without a range: from where HEAD left the default branch. What is not committed is left aside.',
  options: {
    format: { type: 'string', value: 'text|markdown|json', describe: 'default text' },
    json: { type: 'boolean', describe: 'the same as --format json' },
  },
  async run({ env, print }, values, positionals) {
    const wanted = values['json'] ? 'json' : (textOf(values, 'format') ?? 'text');
    const format = formats.find((one) => one === wanted);
    if (format === undefined)
      throw new RepomemError('usage', `--format: expected ${formats.join(', ')}; got '${wanted}'`);
    const [range, ...more] = positionals;
    if (more.length > 0)
      throw new RepomemError('usage', `review: expected one range; got ${positionals.join(' ')}`, {
        hint: 'such as main..HEAD',
      });
    const review = await reviewRange(await openMemory(env), range, print.progress);
    if (format === 'json') print.json(review);
    else print[format === 'text' ? 'out' : 'write'](renderReview(review, format, linksOf(env.vars, review.head)));
    // A branch's name alone is where the comparison begins.
    if (format === 'text' && review.isQuiet && range !== undefined && !range.includes('..'))
      print.err(`That is what HEAD adds to ${range}; what ${range} brings: repomem review HEAD..${range}`);
    return 0;
  },
};
