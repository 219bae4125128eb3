import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readUsage, usageDays } from '../../../src/compress/claims/usage.ts';
import type { MemoryPaths } from '../../../src/domain/memory-paths.ts';
import { bundleProgram } from '../../helpers/bundle.ts';
import { startEndpoint, type FakeEndpoint } from '../../helpers/fake-endpoint.ts';
import { tempDir } from '../../helpers/temp-repo.ts';
import { namesIn, putPayload, recordsOf, simplePlace } from '../simple-tools.ts';
import { modelReply, tellingTurn } from './telling-turn.ts';

let bundles: string;
let compressor: string;
beforeAll(() => {
  bundles = tempDir();
  compressor = bundleProgram(join(import.meta.dirname, 'paying-process.ts'), bundles);
});
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

function runProcess(paths: MemoryPaths, endpoint: FakeEndpoint, dieAt: number): Promise<boolean> {
  const child = spawn(process.execPath, [compressor, paths.root, endpoint.url, String(dieAt)], { stdio: 'ignore' });
  return new Promise((resolve) => child.on('close', (code) => resolve(code === 0)));
}

function isStored(paths: MemoryPaths, name: string): boolean {
  return namesIn(paths, 'claims').some((claim) => existsSync(join(paths.spoolDir, 'claims', claim, `${name}.json`)));
}

it('pays for no answer twice that was stored, be it the first one or the repair, wherever it is killed', async () => {
  let hasSurvived = false;
  for (let write = 1; !hasSurvived; write++) {
    const paths = simplePlace(tempDir());
    const endpoint = await startEndpoint('openai-compatible', ({ text }) => ({
      text: text.includes('cannot be used') ? modelReply() : 'Some prose first.',
    }));
    putPayload(paths, { session: 's', events: tellingTurn() });
    hasSurvived = await runProcess(paths, endpoint, write);
    const isOver = namesIn(paths, 'claims').length === 0 && namesIn(paths, 'new').length === 0;
    const stored = isOver ? 2 : ['answer', 'repair'].filter((name) => isStored(paths, `notes-${name}`)).length;
    const lost = endpoint.asked.length - stored;
    if (!hasSurvived) expect(await runProcess(paths, endpoint, 0)).toBe(true);
    // Only an answer that had not reached the disk is asked for again.
    expect(lost).toBeLessThanOrEqual(1);
    expect(endpoint.asked.length, `killed before write ${write}`).toBe(2 + lost);
    expect(recordsOf(paths).flatMap(({ type, title }) => (type === 'bugfix' ? [title] : []))).toEqual([
      'The pool ran dry because releaseSocket() left idleTimer running',
    ]);
    expect(usageDays(paths).flatMap((day) => readUsage(paths, day))).toMatchObject([{ requests: 2, tokensIn: 2400 }]);
    expect([...namesIn(paths, 'new'), ...namesIn(paths, 'claims'), ...namesIn(paths, 'dead')]).toEqual([]);
    await endpoint.close();
    rmSync(paths.root, { recursive: true, force: true });
    if (write > 60) throw new Error('it never survives');
  }
});
