// `repomem view --out FILE`: the shared, standing, trusted records as one page that needs no server and asks nobody for anything.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import { isTrusted } from '../domain/excerpt.ts';
import { openMemory, type Memory } from '../memory/open.ts';
import { readFull } from '../memory/read.ts';
import { readRecordSet } from '../memory/records.ts';
import { placeText } from '../memory/stale-lines.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { treeOf } from './server/markdown-tree.ts';
import type { ExportedMemory } from './wire.ts';

export interface Exported {
  file: string;
  records: number;
  bytes: number;
}

/** RepomemError `usage` where something stands at `file` and `isForced` is false, and where it is a folder. */
export async function exportMemory(env: Env, asked: string, isForced: boolean): Promise<Exported> {
  const file = resolve(env.cwd || '/', asked);
  if (existsSync(file)) {
    if (statSync(file).isDirectory())
      throw new RepomemError('usage', `${asked}: expected a file's name; got a folder`, {
        hint: `such as ${join(asked, 'memory.html')}`,
      });
    if (!isForced)
      throw new RepomemError('usage', `${asked}: stands there already; nothing was written`, {
        hint: '--force writes over it',
      });
  }
  const memory = await collect(await openMemory(env));
  const html = pageOf(env, memory);
  writeFileAtomic(file, html);
  return { file, records: memory.records.length, bytes: Buffer.byteLength(html) };
}

async function collect(memory: Memory): Promise<ExportedMemory> {
  const { paths, snapshot, env } = memory;
  const chosen = (await readRecordSet(memory)).assessed.filter(
    ({ excerpt, trust, isHere, isActive }) =>
      excerpt.tier === 'shared' && excerpt.type !== 'tombstone' && isTrusted(trust) && isHere && isActive,
  );
  chosen.sort((a, b) => (a.excerpt.created > b.excerpt.created ? -1 : 1));
  return {
    name: basename(paths.root),
    at: env.now().toISOString(),
    ...(snapshot.head && { head: snapshot.head }),
    records: chosen.map((assessed) => {
      const { record } = readFull(memory, assessed);
      const { id, type, created, branch, concepts, aliases, facts } = record;
      const text = [record.body.trim(), facts.map((fact) => `- ${fact}`).join('\n')].filter(Boolean).join('\n\n');
      const cites = record.cites.map(placeText);
      const words = [id, type, record.title, record.description, text, ...concepts, ...aliases, ...cites];
      return {
        id,
        type,
        title: cleanLine(record.title),
        gist: cleanLine(record.description),
        created,
        ...(branch && { branch: cleanLine(branch, 80) }),
        concepts: concepts.map((concept) => cleanLine(concept, 60)),
        body: treeOf(text),
        cites,
        search: [
          ...new Set(
            words
              .join(' ')
              .toLowerCase()
              .match(/[\p{L}\p{N}_]+/gu),
          ),
        ].join(' '),
      };
    }),
  };
}

/** Script and style stand in the page under a policy that names their hashes: nothing else runs, and no request is made. */
function pageOf(env: Env, memory: ExportedMemory): string {
  const folder = join(env.packageDir, 'dist/page');
  const read = (name: string): string =>
    readFileSync(join(folder, name), 'utf8')
      .trim()
      .replace(/<\/(?=script|style)/gi, '<\\/');
  // The page's own style: it has all that this page needs.
  const styleName = readdirSync(folder).find((name) => name.endsWith('.css')) ?? '';
  const [script, style] = [read('out.js'), read(styleName)];
  const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'`;
  const data = gzipSync(JSON.stringify(memory), { level: 9 }).toString('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>repomem</title>
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<script type="text/plain" id="data">${data}</script>
<script>${script}</script>
</body>
</html>
`;
}
