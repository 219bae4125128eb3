import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { condense, condenseLimits } from '../../src/compress/events/condense.ts';
import { cleanOutput, cutMiddle, cutOutput } from '../../src/compress/events/cut.ts';
import type { CommandEvent, EventOf } from '../../src/domain/event.ts';

const head = { key: 'k', at: '2026-01-01T00:00:00Z' };
const command = (output: string, ok = true): CommandEvent => ({
  ...head,
  kind: 'command',
  command: 'npm test',
  ok,
  output,
});

/** True without lone surrogates. */
function isWhole(text: string): boolean {
  return Buffer.from(text).toString() === text;
}

const noise = (name: string): string =>
  Array.from({ length: 400 }, (_unused, index) => `${name} ${index} compiling`).join('\n');

describe('cutting', () => {
  it('never exceeds the limit and keeps both ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), fc.integer({ min: 80, max: 1000 }), (text, max) => {
        const cut = cutMiddle(text, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        if (text.length <= max) expect(cut).toBe(text);
        else expect(text.startsWith(cut.split('\n[…')[0] ?? '')).toBe(true);
        if (isWhole(text)) expect(isWhole(cut)).toBe(true);
        expect(cutOutput(text, max).length).toBeLessThanOrEqual(max);
      }),
    );
  });

  it('keeps the failing line in the middle of a long run', () => {
    const output = `${noise('first')}\nAssertionError: expected 3 to be 4\n    at sum.test.ts:12\n${noise('second')}\n1 failed, 99 passed`;
    const cut = cutOutput(output, 1000);
    expect(cut).toContain('AssertionError: expected 3 to be 4');
    expect(cut).toContain('sum.test.ts:12');
    expect(cut).toContain('1 failed, 99 passed');
    expect(cut).toContain('lines cut …]');
  });

  it('reads a terminal as a person does', () => {
    const text = '\u001b[31mred\u001b[0m\r\n10%\r50%\r100%\n\u001b]0;title\u0007done\n\n\n\nagain\nagain\nagain\nend';
    expect(cleanOutput(text)).toBe('red\n100%\ndone\n\nagain\n[… the same line 2 more times …]\nend');
  });
});

describe('condense', () => {
  it('gives a failure more room than a success', () => {
    const output = Array.from({ length: 2000 }, (_unused, index) => `line ${index}`).join('\n');
    const length = (ok: boolean): number => (condense(command(output, ok)) as CommandEvent).output.length;
    expect(length(true)).toBeLessThanOrEqual(condenseLimits.output);
    expect(length(false)).toBeGreaterThan(condenseLimits.output);
    expect(length(false)).toBeLessThanOrEqual(condenseLimits.failedOutput);
  });

  it('breaks a message whose line breaks came written out', () => {
    const event = condense(
      command('Hook failed:\\n\\n[FORMAT] Code is not formatted.\\nRun it.', false),
    ) as CommandEvent;
    expect(event.output).toBe('Hook failed:\n\n[FORMAT] Code is not formatted.\nRun it.');
  });

  it('limits the lines of an edit of any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ removed: fc.integer({ min: 0, max: 300 }), added: fc.integer({ min: 0, max: 300 }) }), {
          maxLength: 60,
        }),
        (sizes) => {
          const hunks = sizes.map(({ removed, added }, start) => ({
            start,
            lines: added,
            removed: Array.from({ length: removed }, () => 'x'.repeat(1000)),
            added: Array.from({ length: added }, () => 'y'),
          }));
          const event: EventOf<'edit'> = { ...head, kind: 'edit', path: 'a', ok: true, created: false, hunks };
          const kept = (condense(event) as EventOf<'edit'>).hunks;
          expect(kept.length).toBeLessThanOrEqual(condenseLimits.hunks);
          const lines = kept.flatMap((hunk) => [...hunk.removed, ...hunk.added]);
          expect(lines.length).toBeLessThanOrEqual(2 * condenseLimits.hunkLines + 8 * condenseLimits.hunks);
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(condenseLimits.hunkLine);
        },
      ),
    );
  });
});
