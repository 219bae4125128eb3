// Bundles src/main.ts: `dist/main.js` with a lazily loaded chunk for each dynamic import, which can do everything; and for each command that
// somebody waits for one plain script, `dist/quick-COMMAND.cjs`: to load a dozen modules takes Node longer than their work, and so does parsing what
// the other commands need. bin/repomem.js chooses.
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from './build-page.mjs';
import { bundledLicences } from './licences.mjs';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Scripts, as in bin/repomem.js, and what they load of `src/cli/`; `hook` is no command of the CLI, `search` serves why, too. */
const quickCommands = {
  hook: [],
  search: ['run', 'search', 'why'],
  'git-hook': ['run', 'git-hook', 'lint'],
};

/** What a dynamic import in those scripts seldom asks for; it then comes from a module of main.js. */
const seldom =
  /^src\/(?:cli|compress|curate|learn|mcp|meaning|setup|viewer)\/|^src\/hooks\.ts$|^src\/agents\/.*\/setup\.ts$/;

/**
 * @param {keyof typeof quickCommands} command
 * @param {import('esbuild').Metafile} modules Of main.js.
 * @returns {import('esbuild').Plugin}
 */
function seldomElsewhere(command, modules) {
  const moduleOf = new Map(Object.entries(modules.outputs).map(([out, { entryPoint }]) => [entryPoint, basename(out)]));
  // A commit searches nothing.
  const words = command === 'git-hook' ? 'src/index/record-words.ts' : undefined;
  const own = command === 'hook' ? ['src/hooks.ts'] : quickCommands[command].map((name) => `src/cli/${name}.ts`);
  return {
    name: 'seldom-elsewhere',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const file = relative(projectRoot, join(resolveDir, path)).replaceAll('\\', '/');
        if (kind !== 'dynamic-import' || own.includes(file)) return undefined;
        if (file !== words && !seldom.test(file)) return undefined;
        const name = moduleOf.get(file);
        return name === undefined ? undefined : { path: `./${name}`, external: true };
      });
    },
  };
}

/** Packages that few of those commands need, each a script of its own beside theirs: to parse them takes longer than a hook's work. */
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

/** What a search by meaning needs beside its records, a script of its own: few switch it on, and as modules of main.js it takes twice as long to load. */
const meaning = 'src/meaning/question-vector.ts';

/** @type {import('esbuild').Plugin} */
const meaningApart = {
  name: 'meaning-apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/question-vector\.ts$/ }, ({ path }) => ({ path, namespace: 'meaning' }));
    onLoad({ filter: /./, namespace: 'meaning' }, () => ({
      contents: "module.exports = require('./quick-meaning.cjs')",
    }));
    onResolve({ filter: /./, namespace: 'meaning' }, ({ path }) => ({ path, external: true }));
  },
};

/**
 * The MCP server's validator of JSON Schema, 150 KB, checks answers to questions that a server asks its user (elicitation). Ours asks none; its
 * tools' arguments are checked by zod.
 */
const withoutValidator = {
  name: 'without-validator',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@modelcontextprotocol[\\/]server[\\/]dist[\\/]ajvProvider-[^\\/]*\.mjs$/ }, () => ({
      contents:
        "class Refusing { getValidator() { throw new Error('not bundled: this server asks its user nothing'); } }\n" +
        'export { Refusing as n, Refusing as r, Refusing as t };',
    }));
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
      plugins: [withoutValidator],
      splitting: true,
      format: 'esm',
      chunkNames: 'chunk-[hash]',
      // Bundled CommonJS packages ask for Node's own modules through require.
      banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    });
    const buildPlain = (/** @type {string} */ entry, /** @type {string} */ name, /** @type {any[]} */ plugins) =>
      build({
        ...common,
        entryPoints: [{ in: entry, out: `quick-${name}` }],
        format: 'cjs',
        outExtension: { '.js': '.cjs' },
        define: { 'import.meta.url': '__url' },
        banner: { js: "const __url=require('node:url').pathToFileURL(__filename).href;" },
        plugins,
      });
    const quick = await Promise.all([
      ...Object.keys(quickCommands).map((/** @type {any} */ name) =>
        buildPlain('src/main.ts', name, [meaningApart, seldomElsewhere(name, all.metafile), rareApart]),
      ),
      buildPlain(meaning, 'meaning', [rareApart]),
      ...rarePackages.map((name) => buildPlain(name, name, [rareApart])),
    ]);
    const page = await buildPage(projectRoot, join(fresh, 'page'));
    const metafiles = [all.metafile, ...quick.map(({ metafile }) => metafile), page];
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
