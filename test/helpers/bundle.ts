import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** One of the tests' own programs as a script of its own in `folder`, with our sources in it: for processes that are killed. */
export function bundleProgram(entry: string, folder: string): string {
  const outfile = join(folder, 'program.mjs');
  buildSync({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}
