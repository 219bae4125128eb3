import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readAtHand } from '../../src/git/at-hand.ts';
import { takeSnapshot } from '../../src/git/snapshot.ts';
import { tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { placeAt, testEnv } from './places.ts';

let repo: TempRepo;
beforeEach(() => {
  repo = tempRepo({ '.claude-mem/settings.yaml': 'version: 1\n', 'a.txt': 'a\n' });
});
afterEach(() => repo.remove());

it('asks again for the last commits when git gave no answer', () => {
  const place = placeAt(repo.dir);
  const snapshot = takeSnapshot(place, { env: testEnv });
  const git = repo.write('.git/no-git/git', '#!/bin/sh\nexit 1\n');
  chmodSync(git, 0o755);
  const broken = { ...testEnv, PATH: `${dirname(git)}:${process.env['PATH'] ?? ''}` };
  expect(readAtHand(place, snapshot, { env: broken }).recentFiles.size).toBe(0);
  expect([...readAtHand(place, snapshot, { env: testEnv }).recentFiles]).toEqual(['a.txt']);
  // Known now: nobody is asked.
  expect([...readAtHand(place, snapshot, { env: broken }).recentFiles]).toEqual(['a.txt']);
});
