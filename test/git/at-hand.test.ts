import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readWorkingSet } from '../../src/git/state/read-working-set.ts';
import { takeSnapshot } from '../../src/git/state/snapshot.ts';
import { tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { placeAt, withVars } from './places.ts';

let repo: TempRepo;
beforeEach(() => {
  repo = tempRepo({ '.claude-mem/settings.yaml': 'version: 1\n', 'a.txt': 'a\n' });
});
afterEach(() => repo.remove());

it('asks again for the last commits when git gave no answer', () => {
  const paths = placeAt(repo.dir);
  const snapshot = takeSnapshot(paths);
  const git = repo.write('.git/no-git/git', '#!/bin/sh\nexit 1\n');
  chmodSync(git, 0o755);
  const broken = { PATH: `${dirname(git)}:${process.env['PATH'] ?? ''}` };
  const recent = (): string[] => [...readWorkingSet(paths, snapshot).recentFiles];
  expect(withVars(broken, recent)).toEqual([]);
  expect(recent()).toEqual(['a.txt']);
});
