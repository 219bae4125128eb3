// The order of a session's events, where the transcript is read ahead of the hooks.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TranscriptEntry } from '../../src/agents/agent.ts';
import { joinTranscript } from '../../src/agents/join.ts';
import { mergeEvents } from '../../src/compress/claims/session-events.ts';
import type { Event } from '../../src/domain/event.ts';

const timed = (second: number) => ({ at: `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z` });
const prompt = (second: number): Event => ({
  ...timed(second),
  key: `prompt:${second}`,
  kind: 'prompt',
  text: `do ${second}`,
});
const said = (second: number): Event => ({
  ...timed(second),
  key: `text:${second}`,
  kind: 'text',
  text: `said ${second}`,
});
/** Of a background agent: the transcript does not have it. */
const edited = (second: number): Event => ({
  ...timed(second),
  key: `edit:${second}`,
  subagent: 'a',
  kind: 'edit',
  path: `${second}.ts`,
  ok: true,
  created: true,
  hunks: [],
});

const story = [prompt(1), said(2), edited(3), edited(4), said(5), edited(6), said(7), prompt(8), edited(9), said(10)];
const inTranscript = story.filter(({ kind }) => kind !== 'edit');
/** Only the end of a turn has a hook of its own, among the texts. */
const hooked = story.filter(({ kind, key }) => kind !== 'text' || key === 'text:7' || key === 'text:10');

it('is that in which things happened, however far the transcript was read ahead of the hooks', () => {
  const cuts = fc.array(fc.tuple(fc.nat(hooked.length), fc.nat(inTranscript.length)), { maxLength: 4 });
  fc.assert(
    fc.property(cuts, (passes) => {
      let kept: Event[] = [];
      let [hooks, lines] = [0, 0];
      for (const [toHook, toLine] of [...passes, [hooked.length, inTranscript.length]] as const) {
        // Never behind: a line is written before the hooks of what follows it.
        const behind = inTranscript.filter(({ at }) => at < (hooked[toHook - 1]?.at ?? '')).length;
        const line = Math.max(toLine, behind);
        const entries = inTranscript.slice(lines, line).map((event): TranscriptEntry => ({ kind: 'event', event }));
        const events = joinTranscript(entries, hooked.slice(hooks, toHook), kept);
        kept = mergeEvents(kept, events);
        [hooks, lines] = [Math.max(hooks, toHook), Math.max(lines, line)];
      }
      expect(kept.map(({ key }) => key)).toEqual(story.map(({ key }) => key));
    }),
  );
});
