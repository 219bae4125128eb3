import { describe, expect, it } from 'vitest';
import { cutEvents, shortSession } from '../../src/compress/claims/request.ts';
import { growStory, isWorthCompressing } from '../../src/compress/claims/story.ts';
import type { Event } from '../../src/domain/event.ts';

const base = { key: 'k', session: 's', at: '2026-11-20T12:00:00Z' };
const command = (text: string, over: Partial<Event> = {}): Event =>
  ({ ...base, kind: 'command', command: text, ok: true, output: '', ...over }) as Event;
const text = (length: number, key = 'k'): Event => ({ ...base, key, kind: 'text', text: 'x'.repeat(length) });

describe('isWorthCompressing', () => {
  it.each([
    ['an edit', { ...base, kind: 'edit', path: 'a', ok: true, created: false, hunks: [] }],
    ['a failing command', command('ls nowhere', { ok: false } as Partial<Event>)],
    ['a command that does something', command('npm test')],
    ['a command that writes a file', command('cat a > b')],
    ['an answer of the user', { ...base, kind: 'answer', question: 'which?', answer: 'this' }],
    ['a long text', text(300)],
  ] as [string, Event][])('says yes to %s', (_what, event) => expect(isWorthCompressing([event])).toBe(true));

  it.each([
    ['reading', { ...base, kind: 'read', path: 'a' }],
    ['listing', command('ls -la src')],
    ['looking at the history', command('git log --oneline -5')],
    ['a word', text(20)],
    ['a boundary', { ...base, kind: 'boundary', what: 'turn-end' }],
  ] as [string, Event][])('says no to %s', (_what, event) => expect(isWorthCompressing([event])).toBe(false));
});

describe('growStory', () => {
  it('stays bounded and lets the least telling go first', () => {
    let story: Event[] = [{ ...base, key: 'why', kind: 'prompt', text: 'make it fast' }];
    for (let n = 0; n < 400; n++)
      story = growStory(story, [command(`run ${'y'.repeat(150)}`, { key: `c${n}` } as Partial<Event>)]);
    expect(JSON.stringify(story).length).toBeLessThan(42_000);
    expect(story[0]?.key).toBe('why');
    expect(story.at(-1)?.key).toBe('c399');
  });

  it('leaves reading and boundaries out', () => {
    expect(
      growStory(
        [],
        [
          { ...base, kind: 'read', path: 'a' },
          { ...base, kind: 'boundary', what: 'start' },
        ],
      ),
    ).toEqual([]);
  });
});

describe('cutEvents', () => {
  it('keeps every event, in order, and cuts before a prompt where it can', () => {
    const prompt: Event = { ...base, key: 'p', kind: 'prompt', text: 'next' };
    const events = [text(300, 'a'), text(300, 'b'), prompt, text(300, 'c')];
    const chunks = cutEvents(events, 1000);
    expect(chunks.flat()).toEqual(events);
    expect(chunks.map((chunk) => chunk.map(({ key }) => key))).toEqual([
      ['a', 'b'],
      ['p', 'c'],
    ]);
  });

  it('gives an event that is too long a request of its own', () => {
    expect(cutEvents([text(10), text(5000), text(10)], 1000)).toHaveLength(3);
  });
});

describe('shortSession', () => {
  it('shortens what looks like a UUID and bounds the rest', () => {
    expect(shortSession('66d1bb7c-dec8-4c00-be9a-30f36f291cf1')).toBe('66d1bb7c');
    expect(shortSession('run-7')).toBe('run-7');
    expect(shortSession('z'.repeat(99))).toHaveLength(40);
  });
});
