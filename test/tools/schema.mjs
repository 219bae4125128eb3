// Writes the JSON Schemas of schema/ from the tables that the code runs on.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const bundle = await build({
  entryPoints: [new URL('schema-files.ts', import.meta.url).pathname],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
});
const { extensionFiles, schemaFiles } = await import(
  `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString('base64')}`
);
for (const [name, text] of Object.entries(schemaFiles())) {
  writeFileSync(new URL(`../../schema/${name}`, import.meta.url), text);
  console.log(`schema/${name}`);
}

// What `gemini extensions install` takes.
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
for (const [name, text] of Object.entries(extensionFiles(version))) {
  const file = new URL(`../../src/agents/gemini/extension/${name}`, import.meta.url);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
  console.log(`src/agents/gemini/extension/${name}`);
}
