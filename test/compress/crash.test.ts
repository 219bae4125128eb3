import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readState } from '../../src/compress/claims/session-state.ts';
import { readUsage, usageDays } from '../../src/compress/claims/usage.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { bundleProgram } from '../helpers/bundle.ts';
import { tempDir } from '../helpers/temp-repo.ts';
import { namesIn, putPayload, recordsOf, simplePlace } from './simple-tools.ts';

let bundles: string;
let compressor: string;
beforeAll(() => {
  bundles = tempDir();
  compressor = bundleProgram(join(import.meta.dirname, 'compressor-process.ts'), bundles);
});
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

let paths: MemoryPaths;
beforeEach(() => void (paths = simplePlace(tempDir())));
afterEach(() => rmSync(paths.root, { recursive: true, force: true }));

function reportOf(stdout: string): unknown {
  return JSON.parse(stdout.replace(/^ready\n/, ''));
}

function keysOnDisk(): string[] {
  return recordsOf(paths)
    .flatMap((record) => record.facts.map((fact) => fact.replace('key=', '')))
    .sort();
}

function callsOf(key: string): number {
  const calls = existsSync(join(paths.root, 'calls')) ? readFileSync(join(paths.root, 'calls'), 'utf8') : '';
  return calls.split(/\s+/).filter((word) => word === key).length;
}

describe('a killed compressor', () => {
  it('continues after a crash before any of its writes, and pays once when the reply was stored', () => {
    let survived = false;
    for (let write = 1; !survived; write++) {
      rmSync(paths.root, { recursive: true, force: true });
      paths = simplePlace(paths.root);
      for (const key of ['a', 'b', 'c'])
        putPayload(paths, {
          session: 's',
          events: [{ kind: 'edit', key, path: 'a.ts', ok: true, created: false, hunks: [] }],
        });
      const first = spawnSync(process.execPath, [compressor, paths.root, String(write)], { encoding: 'utf8' });
      survived = first.status === 0;
      const wasStored = namesIn(paths, 'claims').some((name) =>
        existsSync(join(paths.spoolDir, 'claims', name, 'reply.json')),
      );
      spawnSync(process.execPath, [compressor, paths.root]);
      expect(keysOnDisk()).toEqual(['a', 'b', 'c']);
      expect(callsOf('a')).toBeLessThanOrEqual(wasStored || survived ? 1 : 2);
      expect(readState(paths, 's')).toMatchObject({ revision: 1, seen: ['a', 'b', 'c'] });
      expect(usageDays(paths).flatMap((day) => readUsage(paths, day))).toHaveLength(1);
      if (write > 50) throw new Error('it never survives');
    }
  });

  it('leaves no lock that a living one would wait for', () => {
    putPayload(paths, {
      session: 's',
      events: [{ kind: 'edit', key: 'a', path: 'a.ts', ok: true, created: false, hunks: [] }],
    });
    spawnSync(process.execPath, [compressor, paths.root, '2']);
    expect(existsSync(join(paths.spoolDir, 'lock'))).toBe(true);
    writeFileSync(join(paths.spoolDir, 'lock.break'), '');
    utimesSync(join(paths.spoolDir, 'lock.break'), 0, 0);
    const last = spawnSync(process.execPath, [compressor, paths.root], { encoding: 'utf8', timeout: 30_000 });
    expect(reportOf(last.stdout)).toMatchObject({ claims: 1 });
    expect(existsSync(join(paths.spoolDir, 'lock'))).toBe(false);
  });
});
