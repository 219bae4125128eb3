import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/domain/event.ts';
import { asKnown, bugSession, close, commit, compressEvents, edit, prompt, run, say, tellSession } from './session.ts';

/** Words that the compressor itself may say: they join and name, and claim nothing. */
const ownWords = new Set(
  'failed passed after edits in tests new defines uses tried taken out again vain spec passing still prints git status the last commit shows pending at compaction uncommitted by session'.split(
    ' ',
  ),
);

const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function foreignWords(texts: readonly string[], events: readonly Event[]): string[] {
  const told = new Set(wordsIn(JSON.stringify(events).replaceAll('\\n', ' ')));
  return texts.flatMap(wordsIn).filter((word) => !told.has(word) && !ownWords.has(word));
}

const part = fc.constantFrom(
  'The `queue` never drains because `flush()` is called before `open()`.',
  'We chose SQLite rather than a JSON file, since two processes write at once.',
  'It also breaks on Windows.',
  'Let me check the config now.',
  "That didn't work: the cache is keyed by `userId`, not by `tenantId`.",
  '- **Retry**: the client retries 3 times\n- `src/net.ts`:\n  - closes sockets on 503',
  'Der Puffer läuft über, weil `limit` fehlt. Dadurch stehen alle Jobs.',
  '```\nconst x = 1;\n```',
  'All 12 tests pass.',
);
const step = fc.oneof(
  part.map(say),
  part.map(close),
  part.map(prompt),
  fc.constantFrom(
    run('npm test', 'TypeError: x is not a function', false),
    run('npm test', '12 tests passed'),
    run('ls', 'a b'),
  ),
  fc.constantFrom(
    edit(
      'src/net.ts',
      ['const a = 1;'],
      ['// Sockets are closed by the caller, never here.', 'const a = open_socket(2);'],
    ),
    edit('src/net.ts', ['const a = open_socket(2);'], ['const a = 3;']),
  ),
  part.map((text) => commit(`fix: close sockets\n\n${text}`)),
);

describe('what the extractive provider writes', () => {
  it('consists of words of the session, whatever the session', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const events = tellSession(steps);
        const { drafts, summary } = await compressEvents(events, { wantsSummary: true });
        const texts = drafts.flatMap((draft) =>
          [draft.title, draft.description, draft.body, ...draft.facts].map((text) => text.replace(/\S+…/g, '')),
        );
        const lists = summary
          ? [summary.title, summary.request, ...summary.learned, ...summary.completed, ...summary.nextSteps]
          : [];
        expect(foreignWords([...texts, ...lists.map((text) => text.replace(/\S+…/g, ''))], events)).toEqual([]);
        for (const draft of drafts) {
          expect(draft.title).not.toMatch(/^(?:it|this|that|they)\b/i);
          expect(draft.title.length).toBeGreaterThan(8);
        }
        expect(new Set(drafts.map((draft) => draft.title)).size).toBe(drafts.length);
      }),
      { numRuns: 150 },
    );
  });

  it('is the same for the same events and does not grow when told twice', async () => {
    const first = await compressEvents(bugSession);
    const again = await compressEvents(bugSession, { known: asKnown(first) });
    expect(again.drafts).toEqual([]);
  });
});
