import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compressAll, hasWork } from '../../src/compress/claims/run-claims.ts';
import { replayProvider } from '../helpers/replay-provider.ts';
import { readState } from '../../src/compress/claims/session-state.ts';
import type { Event } from '../../src/domain/event.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { tempDir } from '../helpers/temp-repo.ts';
import { namesIn, putPayload, readAll, recordsOf, simplePlace, simpleTools } from './simple-tools.ts';

let paths: MemoryPaths;
beforeEach(() => void (paths = simplePlace(tempDir())));
afterEach(() => rmSync(paths.root, { recursive: true, force: true }));

const edit = (key: string, path = 'a.ts') =>
  ({ kind: 'edit', key, path, ok: true, created: false, hunks: [] }) satisfies Partial<Event>;

describe('compressAll', () => {
  it('turns the events of a session into a record and leaves an empty spool', async () => {
    const provider = replayProvider([
      {
        reply: {
          drafts: [{ type: 'bugfix', title: 'fib() recursed forever', facts: ['It now raises'], importance: 0.9 }],
        },
      },
    ]);
    putPayload(paths, { session: 's1', events: [{ kind: 'prompt', key: 'p', text: 'fix fib' }] });
    putPayload(paths, { session: 's1', events: [edit('e')] });
    const report = await compressAll(paths, simpleTools(paths, { provider }), { waits: true });
    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({ isBusy: false, claims: 1, events: 2 });
    expect(recordsOf(paths)).toMatchObject([{ type: 'bugfix', title: 'fib() recursed forever', session: 's1' }]);
    expect([...namesIn(paths, 'new'), ...namesIn(paths, 'claims')]).toEqual([]);
    expect(provider.requests).toHaveLength(1);
    expect(provider.requests[0]?.events.map((event) => event.key)).toEqual(['p', 'e']);
  });

  it('sends no request for a session that only started', async () => {
    const provider = replayProvider([]);
    putPayload(paths, { session: 's1', events: [{ kind: 'boundary', key: 'b', what: 'start' }] });
    const report = await compressAll(paths, simpleTools(paths, { provider }), { waits: true });
    expect(report).toMatchObject({ claims: 1, events: 1, problems: [] });
    expect(provider.requests).toEqual([]);
    expect(readState(paths, 's1').claims).toHaveLength(1);
  });

  it('keeps a wholly private turn out of every request and file', async () => {
    const provider = replayProvider([]);
    putPayload(paths, { session: 's1', events: [{ kind: 'prompt', key: 'p', text: '<private>quince</private>' }] });
    putPayload(paths, { session: 's1', events: [{ ...edit('e'), path: 'quince.ts' }] });
    putPayload(paths, { session: 's1', events: [{ kind: 'prompt', key: 'q', text: 'next hunter2' }, edit('f')] });
    await compressAll(paths, simpleTools(paths, { provider }), { waits: true });
    expect(provider.requests[0]?.events.map((event) => event.key)).toEqual(['q', 'f']);
    expect(readAll(paths.root)).not.toMatch(/quince|hunter2/);
  });
});

describe('a compressor that comes too late', () => {
  it('finds no work and has nothing to write', async () => {
    expect(hasWork(paths, new Date())).toBe(false);
    putPayload(paths, { session: 's1', events: [edit('e')] });
    expect(hasWork(paths, new Date())).toBe(true);
    await compressAll(paths, simpleTools(paths, {}), { waits: true });
    expect(hasWork(paths, new Date())).toBe(false);
  });

  it('is kept out until everything that follows the records is written', async () => {
    putPayload(paths, { session: 's1', events: [edit('e')] });
    let wasBusy = false;
    const afterwards = async (): Promise<void> => {
      const other = await compressAll(paths, simpleTools(paths, {}), { waits: false });
      wasBusy = other.isBusy;
    };
    await compressAll(paths, simpleTools(paths, {}), { waits: true, afterwards });
    expect(wasBusy).toBe(true);
  });
});
