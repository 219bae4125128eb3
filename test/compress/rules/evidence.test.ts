import { describe, expect, it } from 'vitest';
import {
  countsLine,
  decisiveLine,
  findFailures,
  leftoverFiles,
  quoteCommand,
  verdictOf,
} from '../../../src/compress/rules/evidence.ts';
import type { CommandEvent } from '../../../src/domain/event.ts';
import { edit, run, tellSession } from './session.ts';

const command = (text: string, output: string, ok = true): CommandEvent =>
  tellSession([run(text, output, ok)])[0] as CommandEvent;

describe('evidence of commands', () => {
  it('sees a failure that a pipe hides from the exit code', () => {
    expect(verdictOf(command('pytest 2>&1 | tail -3', '2 failed, 11 passed in 0.4s'))).toBe('fail');
    expect(verdictOf(command('mix test | tail -1', '40 tests, 0 failures'))).toBe('pass');
    expect(verdictOf(command('cat notes.txt', '3 failures last week'))).toBeUndefined();
  });

  it('quotes the line that decides', () => {
    expect(
      decisiveLine('Traceback (most recent call last):\n  File "a.py", line 3, in f\n    g()\nKeyError: \'region\'\n'),
    ).toBe("KeyError: 'region'");
    expect(decisiveLine('error: expected one of:\n')).toBe('error: expected one of:');
  });

  it('quotes a command without pagers, redirections and the folder it ran in', () => {
    expect(quoteCommand('cd /srv/app && npm test -- worker 2>&1 | tail -20')).toBe('npm test -- worker');
  });

  it('gives the counts of a test run', () => {
    expect(countsLine('....\nFinished in 2.1 seconds\n14 doctests, 297 tests, 0 failures')).toBe(
      '14 doctests, 297 tests, 0 failures',
    );
  });

  it('pairs a failing check with the edits and the run that cured it', () => {
    const events = tellSession([
      run('cargo test', "thread 'x' panicked: index out of bounds", false),
      edit('src/lib.rs', ['a[i]'], ['a.get(i)']),
      run('cargo test --all', 'test result: ok. 12 passed; 0 failed'),
    ]);
    expect(findFailures(events)).toMatchObject([{ at: 0, curedAt: 2, editedPaths: ['src/lib.rs'] }]);
  });

  it('reads what git status still lists', () => {
    expect(leftoverFiles(command('git status --short', ' M config/app.yml\n?? notes/'))).toEqual([
      'config/app.yml',
      'notes/',
    ]);
    expect(leftoverFiles(command('git status', 'Changes not staged for commit:\n\tmodified:   src/a.ts'))).toEqual([
      'src/a.ts',
    ]);
  });
});
