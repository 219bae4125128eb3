// Bundles the page of `repomem view` into `folder`: one script that is loaded first, one a view that is loaded when it is opened,
// one stylesheet; beside it the same as one script for a file that is handed on.
import { build } from 'esbuild';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%23315efb'/%3E%3Cpath d='M9 22V10h7a4 4 0 0 1 0 8H9m7 0 5 4' fill='none' stroke='white' stroke-width='3' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

/** Gives esbuild's list of what went in. */
/** @type {(root: string, folder: string) => Promise<import('esbuild').Metafile>} */
export async function buildPage(root, folder) {
  /** @satisfies {import('esbuild').BuildOptions} */
  const common = {
    absWorkingDir: root,
    outdir: folder,
    bundle: true,
    target: 'es2022',
    minify: true,
    jsx: /** @type {const} */ ('automatic'),
    jsxImportSource: 'preact',
    legalComments: /** @type {const} */ ('none'),
    charset: /** @type {const} */ ('utf8'),
    metafile: true,
    logLevel: /** @type {const} */ ('warning'),
  };
  // What `--out` puts into its one file.
  await build({
    ...common,
    entryPoints: [{ in: 'src/viewer/page/out.tsx', out: 'out' }],
    format: 'iife',
    alias: { '@preact/signals': './src/viewer/page/still.ts' },
  });
  const { metafile } = await build({
    ...common,
    entryPoints: [{ in: 'src/viewer/page/main.tsx', out: 'page' }],
    splitting: true,
    format: 'esm',
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
  });
  const names = Object.entries(metafile.outputs).filter(([, { entryPoint }]) => entryPoint?.endsWith('/main.tsx'));
  const script = basename(names[0]?.[0] ?? '');
  const style = basename(names[0]?.[1].cssBundle ?? '');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>repomem</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/-/${style}">
<script type="module" src="/-/${script}"></script>
</head>
<body><div id="app"></div><noscript>This page needs JavaScript. Without it: repomem list, repomem show ID.</noscript></body>
</html>
`;
  writeFileSync(join(folder, 'index.html'), html);
  return metafile;
}
