// Bundles src/main.ts twice: `dist/main.js` with a lazily loaded chunk for each dynamic import, which can do everything; and `dist/quick.cjs`,
// one plain script for the commands that somebody waits for, because loading a dozen modules takes Node longer than their work.
// bin/repomem.js chooses.
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from './build-page.mjs';
import { bundledLicences } from './licences.mjs';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Commands that the quick script holds; as in bin/repomem.js, `hook` apart, which is no command of the CLI. */
const quickCommands = ['search', 'why', 'git-hook'];

/** Leaves the other commands, and packages that are imported dynamically, out of the quick script. */
/** @type {import('esbuild').Plugin} */
const quickOnly = {
  name: 'quick-only',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const file = path.startsWith('.') ? relative(projectRoot, join(resolveDir, path)).replaceAll('\\', '/') : path;
      const isOutside = /^src\/(?:mcp|viewer|compress\/providers)\//.test(file) || file === 'simple-git';
      const command = /^src\/cli\/(.*)\.tsx?$/.exec(file)?.[1];
      const isLeftOut = isOutside || (command !== undefined && !['run', 'lint', ...quickCommands].includes(command));
      return isLeftOut ? { path: file, namespace: 'left-out' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path}: not in the quick bundle`)})`,
    }));
  },
};

/** Packages that few of those commands need, each a script of its own beside the quick one: to parse them takes longer than a hook's work. */
const rarePackages = ['gray-matter', 'js-yaml', 'jsonc-parser', 'yaml'];

/** @type {import('esbuild').Plugin} */
const rareApart = {
  name: 'rare-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^[a-z]/ }, ({ kind, path }) =>
      kind !== 'entry-point' && rarePackages.includes(path)
        ? { path: `./quick-${path}.cjs`, external: true }
        : undefined,
    );
  },
};

/** Written to a folder beside and renamed: a failed build leaves the last one, two builds at once leave one of the two. */
export async function buildDist(folder = join(projectRoot, 'dist')) {
  const fresh = `${folder}.${process.pid}`;
  try {
    const common = {
      absWorkingDir: projectRoot,
      outdir: fresh,
      bundle: true,
      platform: 'node',
      target: 'node20.19',
      minify: true,
      metafile: true,
      legalComments: 'none',
      logLevel: 'warning',
      // Its other form asks for its parts at run time.
      alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    };
    const all = await build({
      ...common,
      entryPoints: ['src/main.ts'],
      splitting: true,
      format: 'esm',
      chunkNames: 'chunk-[hash]',
      // Bundled CommonJS packages ask for Node's own modules through require.
      banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    });
    const quick = await build({
      ...common,
      entryPoints: [
        { in: 'src/main.ts', out: 'quick' },
        ...rarePackages.map((name) => ({ in: name, out: `quick-${name}` })),
      ],
      format: /** @type {const} */ ('cjs'),
      outExtension: { '.js': '.cjs' },
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': '__url' },
      banner: { js: "const __url=require('node:url').pathToFileURL(__filename).href;" },
      plugins: [quickOnly, rareApart],
    });
    const page = await buildPage(projectRoot, join(fresh, 'page'));
    const metafiles = [all.metafile, quick.metafile, page];
    writeFileSync(join(fresh, 'LICENCES.txt'), bundledLicences(metafiles, projectRoot));
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
