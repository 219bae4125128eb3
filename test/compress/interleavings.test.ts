import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryLock } from '../../src/compress/claims/lock.ts';
import type { Provider } from '../../src/compress/providers/provider.ts';
import { compressAll } from '../../src/compress/claims/run-claims.ts';
import { replayProvider } from '../helpers/replay-provider.ts';
import { readState } from '../../src/compress/claims/session-state.ts';
import type { Event } from '../../src/domain/event.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { writeFileAtomic } from '../../src/store/atomic.ts';
import { tempDir } from '../helpers/temp-repo.ts';
import { namesIn, putPayload, recordsOf, simplePlace, simpleSettings, simpleTools } from './simple-tools.ts';

let paths: MemoryPaths;
beforeEach(() => void (paths = simplePlace(tempDir())));
afterEach(() => rmSync(paths.root, { recursive: true, force: true }));

const edit = (key: string): Partial<Event> => ({
  kind: 'edit',
  key,
  path: `${key}.ts`,
  ok: true,
  created: false,
  hunks: [],
});

const ending: Partial<Event> = { kind: 'boundary', key: 'end', what: 'end' };

/** One record of each event; words that no two share. */
const oneEach: Provider = {
  name: 'one-each',
  async compress({ events }) {
    const drafts = events.map(({ key }) => ({
      type: 'gotcha' as const,
      title: `Event ${key}`,
      description: [1, 2, 3, 4, 5, 6].map((n) => `${key}x${n}`).join(' '),
      body: '',
      facts: [`key=${key}`],
      concepts: [],
      aliases: [],
      cites: [],
      confidence: 1,
      importance: 1,
      supersedes: [],
      contradicts: [],
    }));
    return { drafts, by: 'one-each/1', usage: { requests: 1, tokensIn: 1, tokensOut: 1 } };
  },
};
const roomy = { ...simpleSettings, maxRecords: 1e6, maxBytes: 1e9, maxLocalBytes: 1e9 };
const keysOnDisk = (): string[] => recordsOf(paths).flatMap(({ facts }) => facts.map((fact) => fact.slice(4)));

const full: typeof writeFileAtomic = (file, ...rest) => {
  if (file.endsWith('.md')) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  writeFileAtomic(file, ...rest);
};

describe('events, faults and runs in any order', () => {
  it('end in each event written once', async () => {
    const step = fc.oneof(
      fc.record({ put: fc.constantFrom('s', 't'), again: fc.boolean() }),
      fc.record({ failAt: fc.integer({ min: 1, max: 12 }) }),
      fc.constant({ run: true as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
        rmSync(paths.root, { recursive: true, force: true });
        paths = simplePlace(paths.root);
        const keys: string[] = [];
        for (const one of steps) {
          if ('put' in one) {
            const key = `${one.put}k${keys.length}`;
            keys.push(key);
            for (let times = one.again ? 2 : 1; times > 0; times--)
              putPayload(paths, { session: one.put, events: [edit(key)] });
            continue;
          }
          let writes = 0;
          const write: typeof writeFileAtomic = (...call) => {
            if ('failAt' in one && ++writes === one.failAt) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
            writeFileAtomic(...call);
          };
          await compressAll(paths, simpleTools(paths, { provider: oneEach, settings: roomy, write }), { waits: true });
        }
        await compressAll(paths, simpleTools(paths, { provider: oneEach, settings: roomy }), { waits: true });
        expect(keysOnDisk().sort()).toEqual(keys.sort());
        expect([...namesIn(paths, 'new'), ...namesIn(paths, 'claims'), ...namesIn(paths, 'dead')]).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('two compressors', () => {
  it('of one worktree: the second leaves the work to the first, which takes events that arrived meanwhile', async () => {
    let second: unknown;
    const provider: Provider = {
      name: 'slow',
      async compress(request) {
        if (second === undefined) {
          putPayload(paths, { session: 's', events: [edit('late'), { ...ending, key: 'end-2' }] });
          second = await compressAll(paths, simpleTools(paths, { provider: oneEach }), { waits: false });
        }
        return oneEach.compress(request);
      },
    };
    putPayload(paths, { session: 's', events: [edit('early'), ending] });
    await compressAll(paths, simpleTools(paths, { provider }), { waits: false });
    expect(second).toMatchObject({ isBusy: true, claims: 0 });
    expect(keysOnDisk().sort()).toEqual(['early', 'late']);
  });

  it('of two worktrees share the state of a session that moved between them', async () => {
    const other: MemoryPaths = { ...paths, worktreeKey: 'wt-x', spoolDir: join(dirname(paths.spoolDir), 'wt-x') };
    for (const name of ['tmp', 'new']) writeFileAtomic(join(other.spoolDir, name, '.keep'), '');
    const places = [paths, other];
    for (const [index, each] of places.entries())
      putPayload(each, { session: 's', events: [edit('same'), edit(`own${index}`)] });
    await Promise.all(
      places.map((each) => compressAll(each, simpleTools(paths, { provider: oneEach }), { waits: true })),
    );
    expect(keysOnDisk().sort()).toEqual(['own0', 'own1', 'same']);
    expect(readState(paths, 's')).toMatchObject({ revision: 2 });
  });

  it('publish nothing after they lost the lock, and the claim waits for its new owner', async () => {
    const provider: Provider = {
      name: 'robbed',
      async compress(request) {
        rmSync(join(paths.spoolDir, 'lock'));
        tryLock(join(paths.spoolDir, 'lock'), 'robber')?.release();
        return oneEach.compress(request);
      },
    };
    putPayload(paths, { session: 's', events: [edit('e')] });
    const report = await compressAll(paths, simpleTools(paths, { provider }), { waits: true });
    expect(report.problems).toMatchObject([{ code: 'lost-lock' }]);
    expect(recordsOf(paths)).toEqual([]);
    const next = replayProvider([]);
    await compressAll(paths, simpleTools(paths, { provider: next }), { waits: true });
    expect(next.requests).toEqual([]);
    expect(keysOnDisk()).toEqual(['e']);
  });

  it('plan again when the session continued between a plan and its replay', async () => {
    putPayload(paths, { session: 's', events: [edit('first')] });
    await compressAll(paths, simpleTools(paths, { provider: oneEach, write: full }), { waits: true });
    const other: MemoryPaths = { ...paths, worktreeKey: 'wt-x', spoolDir: join(dirname(paths.spoolDir), 'wt-x') };
    for (const name of ['tmp', 'new']) writeFileAtomic(join(other.spoolDir, name, '.keep'), '');
    putPayload(other, { session: 's', events: [edit('second')] });
    await compressAll(other, simpleTools(paths, { provider: oneEach }), { waits: true });
    await compressAll(paths, simpleTools(paths, { provider: oneEach }), { waits: true });
    expect(keysOnDisk().sort()).toEqual(['first', 'second']);
    const state = readState(paths, 's');
    expect(state.records).toHaveLength(2);
    expect(state.seen.sort()).toEqual(['first', 'second']);
  });
});
