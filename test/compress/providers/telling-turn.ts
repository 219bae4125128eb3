// A turn worth a request, and a model's reply to it.
import type { Event } from '../../../src/domain/event.ts';

const failure = 'FAIL src/pool.test.ts\nError: pool drained: expected 4 sockets, got 0 after 30 s';

/** Enough of causes, decisions and proof for a request. */
export function tellingTurn(extra: readonly Partial<Event>[] = []): Partial<Event>[] {
  return [
    {
      kind: 'prompt',
      key: 'p1',
      text: 'The socket pool runs dry after half a minute. Please find out why and mend it.',
    },
    { kind: 'command', key: 'c1', command: 'npm test', ok: false, output: failure },
    {
      kind: 'text',
      key: 't1',
      text: 'The root cause is that `releaseSocket()` in `src/pool.ts` never resets `idleTimer`, so the reaper closes sockets that are in use. I decided to clear the timer on release instead of raising `maxIdleMs`, because a higher limit only hides the leak. A retry loop in `src/client.ts` did not help: it exhausts the pool even faster.',
    },
    {
      kind: 'edit',
      key: 'e1',
      path: 'src/pool.ts',
      ok: true,
      created: false,
      hunks: [
        {
          start: 41,
          lines: 2,
          removed: ['  idle.add(socket);'],
          added: ['  clearTimeout(socket.idleTimer);', '  idle.add(socket);'],
        },
      ],
    },
    { kind: 'command', key: 'c2', command: 'npm test', ok: true, output: 'Tests: 31 passed, 31 total' },
    {
      kind: 'command',
      key: 'c3',
      command: 'git commit -am "Clear the idle timer on release"',
      ok: true,
      output: '[main 1234567] Clear the idle timer on release',
      commit: {
        message:
          'Clear the idle timer on release\n\nThe reaper closed sockets in use because releaseSocket() kept the old idleTimer running. Note that maxIdleMs must stay below the load balancer timeout of 60 s, or connections are reset by the peer.',
        id: '1234567',
      },
    },
    ...extra,
    {
      kind: 'text',
      key: 't2',
      text: 'Fixed: the pool stays at 4 sockets now, because `releaseSocket()` clears `idleTimer` first. Beware: `maxIdleMs` has to stay below 60000, or the load balancer resets connections.',
      isFinal: true,
    },
  ];
}

export function modelRecord(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    turn: 1,
    evidence: 'command',
    inRepository: false,
    type: 'bugfix',
    title: 'The pool ran dry because releaseSocket() left idleTimer running',
    description: 'The reaper closed sockets that were in use; clearing the timer on release mends it.',
    body: 'A higher maxIdleMs would only hide the leak.',
    facts: ['`maxIdleMs` must stay below the 60 s of the load balancer'],
    concepts: ['problem-solution'],
    aliases: ['socket leak'],
    cites: ['src/pool.ts:41-42'],
    confidence: 0.9,
    importance: 0.9,
    supersedes: [],
    contradicts: [],
    ...overrides,
  };
}

export const modelSummary = {
  title: 'The socket pool no longer runs dry',
  request: 'Find out why the pool runs dry, and mend it.',
  investigated: [],
  learned: [],
  completed: ['Cleared idleTimer on release'],
  nextSteps: [],
};

export const modelReply = (...records: Record<string, unknown>[]): string =>
  JSON.stringify({ overturned: [], records: records.length > 0 ? records : [modelRecord()], summary: modelSummary });
