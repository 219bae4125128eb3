// The licence texts of the packages whose code is in a bundle, from esbuild's metafiles: what was really bundled, not what is installed.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Names of the packages of which at least one byte went into an output, with their folders; nested copies count apart.
 * @param {import('esbuild').Metafile[]} metafiles
 * @returns {string[]} folders such as `node_modules/yaml`, sorted
 */
export function bundledPackages(metafiles) {
  const folders = new Set();
  for (const { outputs } of metafiles)
    for (const { inputs } of Object.values(outputs))
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        const match = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file);
        if (match && bytesInOutput > 0) folders.add(match[0]);
      }
  return [...folders].sort();
}

/** The MIT licence's own text, for packages that name it and leave the file out. */
function mitText(by) {
  const own = readFileSync(new URL('../../LICENSE', import.meta.url), 'utf8');
  return own.replace(/^Copyright.*$/m, `Copyright (c) ${by}`).trim();
}

/**
 * One text: for each bundled package its name, version, licence and the texts of its licence and notice files. Throws when a
 * package has no licence file and is not under MIT.
 * @param {import('esbuild').Metafile[]} metafiles
 * @param {string} root folder that the metafiles' paths are relative to
 */
export function bundledLicences(metafiles, root) {
  const parts = bundledPackages(metafiles).map((folder) => {
    const at = join(root, folder);
    const { name, version, license, author } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
    const texts = readdirSync(at)
      .filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file))
      .sort()
      .map((file) => readFileSync(join(at, file), 'utf8').trim());
    const by = typeof author === 'string' ? author : (author?.name ?? `the authors of ${name}`);
    if (texts.length === 0) {
      if (license !== 'MIT')
        throw new Error(`${folder}: expected a licence file, or MIT in package.json; found ${license}`);
      texts.push(mitText(by));
    }
    return [`${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  return `repomem's bundles hold code of these packages, each under its own licence.${line}${parts.join(line)}\n`;
}
