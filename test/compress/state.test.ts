import { appendFileSync, existsSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addSeen, emptyState, readState, stateFile } from '../../src/compress/claims/session-state.ts';
import { appendUsage, readUsage, usageDays, type UsageLine } from '../../src/compress/claims/usage.ts';
import { writeFileAtomic } from '../../src/store/atomic.ts';
import { sweepPrivateDir } from '../../src/store/sweep-caches.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { tempDir } from '../helpers/temp-repo.ts';
import { simplePlace } from './simple-tools.ts';

let paths: MemoryPaths;
beforeEach(() => void (paths = simplePlace(tempDir())));
afterEach(() => rmSync(paths.root, { recursive: true, force: true }));

describe('the state of a session', () => {
  it('is empty when there is none and when it cannot be read', () => {
    expect(readState(paths, 's')).toEqual(emptyState('s'));
    writeFileAtomic(stateFile(paths, 's'), '{"revision":');
    expect(readState(paths, 's')).toEqual(emptyState('s'));
  });

  it.each(['../../etc/passwd', 'a/b', '', '.', 'x'.repeat(500), 'naïve\u0000'])(
    'stays in its folder for the id %j',
    (id) => {
      expect(stateFile(paths, id)).toMatch(/\/sessions\/[0-9a-f]{24}\.json$/);
    },
  );

  it('is swept after 30 days', () => {
    const [old, young] = ['old', 'young'].map((id) => stateFile(paths, id)) as [string, string];
    for (const file of [old, young]) writeFileAtomic(file, '{}');
    utimesSync(old, new Date('2026-01-01'), new Date('2026-01-01'));
    utimesSync(young, new Date('2026-01-25'), new Date('2026-01-25'));
    sweepPrivateDir(paths, new Date('2026-02-10'));
    expect([old, young].map((file) => existsSync(file))).toEqual([false, true]);
  });

  it('remembers the newest 5,000 events', () => {
    const keys = Array.from({ length: 6000 }, (_, n) => `k${n}`);
    const seen = addSeen(['first'], keys);
    expect(seen).toHaveLength(5000);
    expect(seen.at(-1)).toBe('k5999');
  });
});

describe('usage', () => {
  const line: UsageLine = {
    at: '2026-11-20T12:00:00Z',
    provider: 'm/1',
    session: 's',
    claim: 'c',
    requests: 1,
    tokensIn: 10,
    tokensOut: 2,
  };

  it('counts a claim once, and a torn line harms only itself', () => {
    appendUsage(paths, [line]);
    appendUsage(paths, [line]);
    appendFileSync(join(paths.privateDir, 'usage', '2026-11-20.jsonl'), '\n{"at":"2026-');
    appendUsage(paths, [{ ...line, claim: 'd' }]);
    expect(readUsage(paths, '2026-11-20').map(({ claim }) => claim)).toEqual(['c', 'd']);
    expect(usageDays(paths)).toEqual(['2026-11-20']);
  });
});
