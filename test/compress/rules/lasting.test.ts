import { describe, expect, it } from 'vitest';
import { isLasting, plainSpoken } from '../../../src/compress/rules/lasting.ts';
import { makeStatement } from '../../../src/compress/rules/statements.ts';

const lasts = (text: string, isOver = false): boolean => isLasting(makeStatement(text, 'text', 0, 0), isOver);

describe('what lasts', () => {
  it.each([
    'Everything is clean and pushed.',
    'Two issues: formatting and a missing type.',
    'The `Row` import is now unused since the table draws itself.',
    'The only one from our code is `a.ts:3`.',
    "I don't need a handler, the framework has one.",
    'The complexity warning is expected here.',
    'The selection has to be careful, but `Row` needs to be merged into `Table`.',
    'The alias was removed since it came from the old group.',
    'Der Stand ist jetzt sauber.',
  ])('is not a moment, nor what speaks of the writer: %s', (text) => {
    expect(lasts(text)).toBe(false);
  });

  it.each([
    'Even with `--force` the hook still runs.',
    '`load()` returns a record, not a tuple.',
    'The queue is drained before the workers stop, because a job may add another one.',
    'We keep sessions in the database rather than in memory.',
  ])('is what will be true tomorrow: %s', (text) => {
    expect(lasts(text)).toBe(true);
  });

  it('ends with the session when nothing was changed afterwards', () => {
    const text = 'The second parser still uses its own tables directly.';
    expect([lasts(text, false), lasts(text, true)]).toEqual([false, true]);
  });

  it('is told without its teller', () => {
    expect(plainSpoken('I tried `flock`, but my code never released it.')).toBe(
      'Tried `flock`, but the code never released it.',
    );
    expect(plainSpoken('A timeout hides stuck jobs; I chose a `finally` block.')).toBe(
      'A timeout hides stuck jobs; chose a `finally` block.',
    );
    expect(plainSpoken('Ich habe zuerst versucht, den Puffer zu leeren.')).toBe('Versucht, den Puffer zu leeren.');
  });
});
