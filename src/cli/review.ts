import { renderReview } from '../review/render-review.ts';
import { reviewRange } from '../review/review.ts';
import { linksOf } from '../review/style.ts';
import { defineCommand } from './command.ts';

export const command = defineCommand({
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
