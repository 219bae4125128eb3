// Compares a provider's drafts with the statements, refusals and overturned claims of the session.
import { describe, expect, it } from 'vitest';
import { blankMode } from '../../src/compress/providers/provider.ts';
import { gateReply } from '../../src/compress/plan/gate.ts';
import { isToldAsPast, sharesNames } from '../../src/compress/plan/overturned.ts';
import type { CompressReply, CompressRequest } from '../../src/compress/providers/provider.ts';
import type { Draft, Overturned, SummaryDraft } from '../../src/domain/draft.ts';
import type { Event } from '../../src/domain/event.ts';
import { tellingTurn } from './providers/telling-turn.ts';

const draft = (more: Partial<Draft>): Draft => ({
  type: 'bugfix',
  title: 'The pool ran dry because releaseSocket() left idleTimer running',
  description: '',
  body: '',
  facts: [],
  concepts: [],
  aliases: [],
  cites: [],
  confidence: 0.9,
  importance: 0.5,
  supersedes: [],
  contradicts: [],
  ...more,
});

function gate(
  drafts: readonly Draft[],
  overturned: readonly Overturned[] = [],
  events: readonly Partial<Event>[] = tellingTurn(),
  summary?: SummaryDraft,
) {
  const request: CompressRequest = {
    events: events.map((event) => ({ at: '2026-05-04T10:00:00Z', key: 'k', ...event }) as Event),
    known: [
      { id: 'bcdf0123', type: 'gotcha', title: 'Known', description: '', facts: [], cites: [], body: '', created: '' },
    ],
    mode: { ...blankMode, concepts: ['gotcha'] },
    language: 'auto',
    session: 's',
  };
  const usage = { requests: 1, tokensIn: 1, tokensOut: 1 };
  const reply: CompressReply = {
    drafts: [...drafts],
    overturned: [...overturned],
    ...(summary && { summary }),
    usage,
    by: 'm/1',
  };
  return gateReply(request, reply);
}

const one = (more: Partial<Draft>, overturned: readonly Overturned[] = [], events = tellingTurn()): Draft => {
  const [first] = gate([draft(more)], overturned, events).drafts;
  if (first === undefined) throw new Error('nothing passed');
  return first;
};

describe('the gate', () => {
  it('takes out whole facts and sentences with a name, a quotation or a number that was never said', () => {
    const passed = one({
      facts: [
        '`maxIdleMs` stays below 60000',
        '`FluxRegulator.drainAll()` is called by `zebraHook`',
        'It answers after 4711 ms',
        'Its author calls it "the reaper of sockets"',
        'Tests pass: 31',
      ],
      body: 'A higher maxIdleMs hides the leak. The quantumRelay is slow.\n\nNot taken: a retry loop in src/client.ts.',
      description: 'The pool stays at 4 sockets. It took 99 days.',
    });
    expect(passed.facts).toEqual(['`maxIdleMs` stays below 60000', 'Tests pass: 31']);
    expect(passed.body).toBe('A higher maxIdleMs hides the leak.\n\nNot taken: a retry loop in src/client.ts.');
    expect(passed.description).toBe('The pool stays at 4 sockets.');
  });

  it('tells the error of a cured failure as past, in a bugfix alone', () => {
    const error = 'error: the socket pool is exhausted';
    const events = [
      { kind: 'prompt', text: 'Repair the pool.' },
      { kind: 'command', command: 'npm run check', ok: false, output: error },
      { kind: 'edit', path: 'src/pool.ts', ok: true, created: false, hunks: [] },
      { kind: 'command', command: 'npm run check', ok: true, output: 'all good' },
    ] as unknown as ReturnType<typeof tellingTurn>;
    const facts = [error, `was: ${error}`];
    const told = { title: 'The pool releases its sockets', facts };
    expect(one(told, [], events).facts).toEqual([`was: ${error}`, `was: ${error}`]);
    expect(one({ ...told, type: 'gotcha' }, [], events).facts).toEqual(facts);
  });

  it('removes paths, ids and concepts that the session did not name, and keeps the provider’s confidence', () => {
    const passed = one({
      cites: [{ path: 'src/pool.ts', lines: [41, 41] }, { path: 'src/imagined.ts' }],
      supersedes: ['bcdf0123', 'zzzz9999'],
      concepts: ['gotcha', 'astrology'],
      confidence: 0.97,
    });
    expect(passed).toMatchObject({
      cites: [{ path: 'src/pool.ts' }],
      supersedes: ['bcdf0123'],
      concepts: ['gotcha'],
      confidence: 0.97,
    });
  });

  it('keeps an invented name in a title out of the shared places', () => {
    const invented = 'The `quantumRelay` swallows sockets';
    expect(one({ title: invented, body: 'Clear the timer.' }).place).toBe('local');
    expect(gate([draft({ title: invented })]).refused).toMatchObject([{ title: invented }]);
  });

  it('keeps overturned statements local, except as history', () => {
    const overturned = [{ what: '`maxIdleMs` may be raised to 60000', turn: 1 }];
    expect(one({ title: '`maxIdleMs` may be raised to 60000' }, overturned).place).toBe('local');
    expect(one({ title: '`maxIdleMs` was to be raised to 60000, until the leak was found' }, overturned).place).toBe(
      undefined,
    );
    const replacement = { title: '`maxIdleMs` has to stay low', body: 'A retry loop in src/client.ts was not taken.' };
    expect(one(replacement, overturned).place).toBe(undefined);
  });

  it('takes no record that rests on a refused plan, but the refusal itself', () => {
    const events: Partial<Event>[] = [
      { kind: 'prompt', key: 'p', text: 'Plan the job queue.' },
      { kind: 'text', key: 't', text: 'The queue uses RabbitMQ.' },
      {
        kind: 'verdict',
        key: 'v',
        on: 'plan',
        verdict: 'refused',
        what: '',
        reason: 'no broker, use a Postgres table',
      },
    ];
    const resting = draft({ type: 'decision', title: 'The queue uses RabbitMQ', turn: 1, evidence: 'agent' });
    const found = draft({ type: 'gotcha', title: 'The job queue has no plan', turn: 1, evidence: 'agent' });
    const ruling = draft({ title: 'The queue is a Postgres table, no broker', turn: 1, evidence: 'user' });
    const { drafts, refused } = gate([resting, found, ruling], [], events);
    expect(drafts.map(({ title }) => title)).toEqual([found.title, ruling.title]);
    expect(drafts[0]?.place).toBe('local');
    expect(refused).toMatchObject([{ title: resting.title, reason: expect.stringContaining('refused') }]);
  });

  it('keeps records local that a commit message covers, and prefers decisions of the user, traps and dead ends', () => {
    const told = one({
      title: 'Clear the idle timer on release',
      description: 'The reaper closed sockets in use.',
      evidence: 'commit',
    });
    expect(told.place).toBe('local');
    const importance = (more: Partial<Draft>): number => one(more).importance;
    expect(importance({ evidence: 'user', type: 'decision' })).toBeGreaterThan(importance({ type: 'gotcha' }));
    expect(importance({ type: 'dead-end' })).toBeGreaterThan(importance({ type: 'bugfix' }));
    expect(importance({ isCommitted: true })).toBeLessThan(importance({}));
    expect(importance({ facts: ['Three workers wait for the queue, and each takes ten jobs'] })).toBeGreaterThan(
      importance({ facts: [] }),
    );
  });

  it('takes no record that a commit or document of the session tells, unless the user ruled it', () => {
    const message = 'Add a cache for tokens\n\nTokens are cached for an hour because the service limits calls.';
    const events: Partial<Event>[] = [
      { kind: 'prompt', key: 'p', text: 'Add a cache.' },
      { kind: 'command', key: 'c', command: 'git commit', ok: true, output: '', commit: { message } },
    ];
    const told = {
      type: 'feature' as const,
      title: 'Tokens are cached for an hour',
      body: 'The service limits calls.',
    };
    const more = {
      ...told,
      body: 'Refresh happens five minutes early, so that long uploads never see an expired one.',
    };
    const { drafts, refused } = gate(
      [draft(told), draft({ ...told, evidence: 'user' }), draft(more), draft({ ...told, type: 'gotcha' })],
      [],
      events,
    );
    expect(drafts.map(({ body, place }) => [body, place])).toEqual([
      [told.body, undefined],
      [more.body, undefined],
      [told.body, 'local'],
    ]);
    expect(refused).toMatchObject([{ title: told.title }]);
  });

  it('says nothing of names that are gone, but as past', () => {
    const edit = (before: string, after: string): Partial<Event> => ({
      kind: 'edit',
      key: after,
      path: 'src/trace.ts',
      ok: true,
      created: false,
      hunks: [{ start: 1, lines: 1, removed: [before], added: [after] }],
    });
    const events = [
      { kind: 'prompt' as const, key: 'p', text: 'Trace the span of each job.' },
      edit('', 'export function getTraceId() {}'),
      edit('export function getTraceId() {}', 'export function traceId() {}'),
    ];
    const learned = ['getTraceId is public', 'traceId reads the span', 'readSpan() in lib/none.ts retries 7 times'];
    const { drafts, refused, summary } = gate(
      [
        draft({ title: 'getTraceId reads the span of a job' }),
        draft({
          title: 'The span of a job has an id',
          facts: ['getTraceId is public', 'traceId, formerly getTraceId, is public', 'traceId reads it'],
        }),
      ],
      [],
      events,
      { title: 's', request: '', investigated: [], learned, completed: [], nextSteps: [] },
    );
    expect(summary?.learned).toEqual(['traceId reads the span']);
    expect(refused).toMatchObject([{ title: 'getTraceId reads the span of a job' }]);
    expect(drafts[0]?.facts).toEqual(['traceId, formerly getTraceId, is public', 'traceId reads it']);
  });

  it('lists no step as open that the end shows as done, nor a commit that nobody asked for', () => {
    const nextSteps = ['Commit src/a.ts', 'Cache tokens for an hour', 'Write the guide'];
    const summary = { title: 's', request: '', investigated: [], learned: [], completed: [], nextSteps };
    const left = (...events: Partial<Event>[]): string[] | undefined =>
      gate([], [], [{ kind: 'prompt', key: 'p', text: 'Work.' }, ...events], summary).summary?.nextSteps;
    const status = { kind: 'command' as const, key: 'g', command: 'git status', ok: true };
    const done = { message: 'Cache tokens for an hour', id: 'abc1234' };
    expect(left()).toEqual(['Cache tokens for an hour', 'Write the guide']);
    expect(left({ kind: 'prompt', key: 'q', text: 'commit it' })).toEqual(nextSteps);
    expect(
      left(
        { kind: 'prompt', key: 'q', text: 'commit it' },
        { kind: 'command', key: 'c', command: 'git commit', ok: true, output: '', commit: done },
        { ...status, output: 'nothing to commit, working tree clean' },
      ),
    ).toEqual(['Write the guide']);
  });

  it('shares a discovery that a command proved', () => {
    expect(one({ type: 'discovery', evidence: 'command', confidence: 0.9 }).place).toBe('shared');
    expect(one({ type: 'discovery', evidence: 'agent', confidence: 0.9 }).place).toBe(undefined);
  });
});

describe('an overturned line', () => {
  it.each([
    ['The queue lives in Redis', 'the queue lives in Redis', true],
    ['`write_csv()` schreibt `utf-8-sig` wegen Excel', 'write_csv() schreibt utf-8', false],
    ['parse_rows() raises a plain ValueError', 'parse_rows() raises MissingAmount', false],
    ['The timeout is 30 s', 'the timeout is 5 s', false],
  ])('%j about %j: %s', (statement, line, isSame) => {
    expect(sharesNames(statement, line)).toBe(isSame);
  });

  it('may be repeated as past, in the languages of sessions', () => {
    for (const text of ['It was Redis until May', 'Kein Redis mehr', 'Ya no se usa Redis', "Redis n'est plus utilisé"])
      expect(isToldAsPast(text)).toBe(true);
    expect(isToldAsPast('The queue lives in Redis')).toBe(false);
  });
});
