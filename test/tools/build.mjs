// Bundles src/main.ts, with a lazily loaded chunk for everything that main imports dynamically.
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Written beside and renamed in: a build that fails leaves the last one, two at once leave one of the two. */
export async function buildDist(folder = join(projectRoot, 'dist')) {
  const fresh = `${folder}.${process.pid}`;
  try {
    await build({
      absWorkingDir: projectRoot,
      entryPoints: ['src/main.ts'],
      outdir: fresh,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      minify: true,
      legalComments: 'none',
      chunkNames: 'chunk-[hash]',
      logLevel: 'warning',
      // Bundled CommonJS packages ask for Node's own modules through require.
      banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    });
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The package as npm would unpack it, freshly built, in `folder`: what runs there is what users run. */
export async function buildPackage(folder) {
  mkdirSync(folder, { recursive: true });
  const { files } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const always = readdirSync(projectRoot).filter((name) => /^(package\.json|readme|licen[cs]e)/i.test(name));
  for (const name of [...files, ...always])
    if (name !== 'dist' && existsSync(join(projectRoot, name)))
      cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
  await buildDist(join(folder, 'dist'));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await buildDist();
