import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildPackage } from '../tools/build.mjs';
import { makeGivenMemory } from './given-memory.ts';
import { tempDir } from './temp-repo.ts';

declare module 'vitest' {
  interface ProvidedContext {
    builtPackage: { folder: string; problem: string };
  }
}

/** Builds the package once for a run, in a folder of its own: runs beside each other and `dist/` are left alone. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = tempDir('repomem-package-');
  // Tests of what may not be written run the package as another user.
  chmodSync(folder, 0o755);
  const given = tempDir();
  let problem = '';
  try {
    await buildPackage(folder);
    makeGivenMemory(join(folder, 'bin/repomem.js'), given);
  } catch (error) {
    // Tests that need no bundle go on; those that do say this.
    problem = error instanceof Error ? error.message : String(error);
  }
  project.provide('builtPackage', { folder, problem });
  project.provide('givenMemory', problem === '' ? given : '');
  return () => {
    for (const dir of [folder, given]) rmSync(dir, { recursive: true, force: true });
  };
}
