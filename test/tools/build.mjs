// Bundles src/main.ts as modules, with a lazily loaded chunk for everything that main imports dynamically: `dist/main.js` can do all. And
// what somebody waits for as plain scripts, because loading a dozen modules takes Node longer than the work: the agent for
// `dist/quick.cjs`, a person for `dist/quick-why.cjs`, a commit for `dist/quick-git-hook.cjs`. bin/repomem.js loads those.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from './build-page.mjs';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** What the quick bundles hold of the dynamic imports, and what lies beside them as scripts of their own; all else is main.js's. */
const quickInside = {
  quick: ['src/hooks.ts', 'src/recall/answer.ts', 'src/cli/run.ts', 'src/cli/search.ts'],
  'quick-why': ['src/cli/run.ts', 'src/cli/why.ts'],
  'quick-git-hook': ['src/cli/run.ts', 'src/cli/git-hook.ts', 'src/cli/lint.ts', 'src/lint/lint.ts'],
};
const quickBeside = [
  'src/compress/mode.ts',
  'src/format/frontmatter-read.ts',
  'src/store/read.ts',
  'src/format/yaml.ts',
  'src/search/find.ts',
  'src/memory/edited-sight.ts',
  'src/memory/read.ts',
  'src/setup/welcome.ts',
];

const besideName = (file) => file.replace(/^src/, 'quick').replace(/\.ts$/, '').replaceAll('/', '-');

/** @type {(inside: string[]) => import('esbuild').Plugin} */
const quickImports = (inside) => ({
  name: 'quick-imports',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.|^simple-git$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      if (!path.startsWith('.')) return { path, namespace: 'elsewhere' };
      const file = relative(projectRoot, join(resolveDir, path)).replaceAll('\\', '/');
      if (inside.includes(file)) return undefined;
      if (quickBeside.includes(file)) return { path: `./${besideName(file)}.cjs`, external: true };
      return { path: file, namespace: 'elsewhere' };
    });
    onLoad({ filter: /.*/, namespace: 'elsewhere' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path}: not in the quick bundle`)})`,
    }));
  },
});

/** Modules of Node that take it milliseconds to load and that a hook often does without: loaded with the first call of one of their functions. */
const lazyModules = /^node:(?:child_process|crypto|os|zlib)$/;

/** @type {import('esbuild').Plugin} */
const lazyNode = {
  name: 'lazy-node',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: lazyModules }, ({ path, namespace }) =>
      namespace === 'lazy' ? { path, external: true } : { path, namespace: 'lazy', sideEffects: false },
    );
    onLoad({ filter: /.*/, namespace: 'lazy' }, async ({ path }) => {
      const names = Object.entries(await import(path)).flatMap(([name, value]) =>
        typeof value === 'function' && name !== 'default' ? [name] : [],
      );
      const call = `let loaded;\nconst load = () => (loaded ??= require(${JSON.stringify(path)}));\n`;
      return {
        contents: call + names.map((name) => `export const ${name} = (...all) => load().${name}(...all);\n`).join(''),
      };
    });
  },
};

/**
 * Makes a script what bin/repomem.js expects: a first line by which compiled code of exactly this text is known, and ASCII throughout,
 * which Node reads without decoding.
 * @type {(file: string) => void}
 */
function finishScript(file) {
  const text = readFileSync(file, 'utf8').replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  writeFileSync(file, `//${createHash('sha256').update(text).digest('hex').slice(0, 16)}\n${text}`);
}

/** Written beside and renamed in: a build that fails leaves the last one, two at once leave one of the two. */
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
      legalComments: 'none',
      logLevel: 'warning',
    };
    await build({
      ...common,
      entryPoints: ['src/main.ts'],
      splitting: true,
      format: 'esm',
      chunkNames: 'chunk-[hash]',
      // Bundled CommonJS packages ask for Node's own modules through require.
      banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    });
    const plain = {
      ...common,
      format: /** @type {const} */ ('cjs'),
      outExtension: { '.js': '.cjs' },
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': '__url' },
      banner: { js: "const __url=require('node:url').pathToFileURL(__filename).href;" },
    };
    const beside = quickBeside.map((file) => ({ in: file, out: besideName(file) }));
    await build({ ...plain, entryPoints: beside, plugins: [quickImports([]), lazyNode] });
    for (const [out, inside] of Object.entries(quickInside))
      await build({ ...plain, entryPoints: [{ in: 'src/main.ts', out }], plugins: [quickImports(inside), lazyNode] });
    await buildPage(projectRoot, join(fresh, 'page'));
    for (const name of readdirSync(fresh)) if (name.endsWith('.cjs')) finishScript(join(fresh, name));
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
