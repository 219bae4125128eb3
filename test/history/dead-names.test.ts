import { afterEach, beforeEach, expect, it } from 'vitest';
import { findDeadNames, namesIn } from '../../src/git/history/dead-names.ts';
import { checkMemory } from '../../src/history/check.ts';
import { lintMemory } from '../../src/lint/lint.ts';
import { placeAt } from '../git/places.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, memoryAt, memoryRepo, recordFile, recordPath } from '../memory/memory-at.ts';

let repo: TempRepo;
beforeEach(() => {
  repo = memoryRepo({ 'src/a.ts': 'a\n', 'src/old.ts': 'old\n' });
});
afterEach(() => repo.remove());

const inText = (text: string) =>
  (findDeadNames(placeAt(repo.dir), new Map([['x', text]]), repo.git('rev-parse', 'HEAD').trim()).get('x') ?? []).map(
    ({ name, wasThere }) => `${name} ${wasThere ? 'was' : 'never'}`,
  );

it('finds names that are named as such, and no words or numbers', () => {
  expect(
    namesIn(
      'Since commit 1a2b3c4d and `deadbeef1`; face 1234567 feedbac, v1.2/x, see src/a.ts:12 and https://x.io/a/b.js',
    ),
  ).toEqual({
    commits: ['1a2b3c4d', 'deadbeef1'],
    files: ['src/a.ts'],
  });
});

it('tells what was squashed or deleted from what never was, and is silent about what stands', () => {
  repo.git('checkout', '-qb', 'side');
  repo.write('src/a.ts', 'b\n');
  const squashed = commitAll(repo, 'side');
  repo.git('checkout', '-q', 'main');
  repo.git('merge', '-q', '--squash', 'side');
  repo.git('rm', '-q', 'src/old.ts');
  const kept = commitAll(repo, 'squash');
  // To the first letter: digits alone are read as a number.
  const shortOf = (id: string): string => id.slice(0, Math.max(12, id.search(/[a-f]/) + 1));
  const short = (id: string): string => `commit ${shortOf(id)}`;
  expect(inText(`${short(kept)} and src/a.ts`)).toEqual([]);
  expect(inText(`${short(squashed)}, commit 0a0a0a0a0a, src/old.ts and src/none.ts`)).toEqual([
    `${shortOf(squashed)} was`,
    '0a0a0a0a0a never',
    'src/old.ts was',
    'src/none.ts never',
  ]);
});

it('is a notice of lint and check, never an error', async () => {
  repo.write(
    recordPath('b0000001'),
    recordFile({ id: 'b0000001', title: 'Fixed in commit 0a0a0a0a0a', body: 'See src/none.ts.' }),
  );
  commitAll(repo, 'record');
  const memory = await memoryAt(repo.dir);
  const { findings } = await lintMemory(memory, { kind: 'worktree' });
  expect(findings.filter(({ code }) => code === 'dead-name').map(({ severity }) => severity)).toEqual([
    'notice',
    'notice',
  ]);
  const { deadNames } = await checkMemory(memory);
  expect(deadNames.flatMap(({ names }) => names.map(({ name }) => name))).toEqual(['0a0a0a0a0a', 'src/none.ts']);
});
