import { afterEach, expect, it } from 'vitest';
import { startIn } from '../../src/git/run/runner.ts';
import { tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { placeAt } from './places.ts';

let repo: TempRepo;
afterEach(() => repo.remove());

/** Nothing else runs in this process meanwhile. */
const block = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

it('lets git finish that waited for us beyond its time limit', async () => {
  // More than a pipe holds: git cannot end before it is read.
  repo = tempRepo({ 'big.txt': 'a line of many\n'.repeat(100_000) });
  const said = startIn(placeAt(repo.dir), ['show', 'HEAD:big.txt'], { timeoutMs: 1000 });
  block(1500);
  const { ok, stdout } = await said;
  expect([ok, stdout.length]).toEqual([true, 1_500_000]);
});
