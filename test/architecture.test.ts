import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = resolve(import.meta.dirname, '../src');

/** A file imports only from its own room or from rooms before it. */
const rooms = [
  'domain',
  'privacy',
  'context',
  'format',
  'store',
  'git',
  'index',
  'search',
  'agents',
  'capture',
  'compress',
  'settings',
  'memory',
  'meaning',
  'learn',
  'recall',
  'curate',
  'history',
  'lint',
  'review',
  'setup',
  'import',
  'surface',
  'main',
];
const surfaces = ['hooks', 'cli', 'mcp', 'viewer'];

/** Who may import a package; the rest asks that room. */
const owners: Record<string, string[]> = {
  'gray-matter': ['format/frontmatter'],
  'js-yaml': ['format/frontmatter'],
  yaml: ['format/yaml', 'format/frontmatter'],
  '@orama/stemmers': ['index'],
  stemmer: ['index'],
  minisearch: ['index'],
  'simple-git': ['git'],
  '@anthropic-ai/sdk': ['compress/providers/anthropic'],
  '@modelcontextprotocol/server': ['mcp'],
  zod: ['mcp'],
  ignore: ['compress/events'],
  'jsonc-parser': ['agents'],
  chokidar: ['viewer/server'],
  preact: ['viewer/page'],
  '@preact/signals': ['viewer/page'],
  'mdast-util-from-markdown': ['viewer/server/markdown'],
  'mdast-util-gfm-table': ['viewer/server/markdown'],
  'micromark-extension-gfm-table': ['viewer/server/markdown'],
  mdast: ['viewer/server/markdown'],
  diff: ['viewer/server/api/cited-lines'],
};

interface Import {
  from: string;
  target: string;
  isLazy: boolean;
  isType: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => name.replaceAll('\\', '/'))
  .sort();

function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(
    /^(?:import|export)\s+(type\s+)?[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm,
  ))
    found.push({
      from: file,
      target: match[2] ?? match[3] ?? match[4] ?? '',
      isLazy: match[4] !== undefined,
      isType: match[1] !== undefined,
    });
  return found;
}

function roomOf(file: string): string {
  const first = (file.split('/')[0] ?? '').replace(/\.tsx?$/, '');
  return surfaces.includes(first) ? 'surface' : first;
}

const all = files.flatMap(importsOf);
const inner = all.filter((one) => one.target.startsWith('.'));
const targetFile = (one: Import): string => relative(src, resolve(src, dirname(one.from), one.target));

describe('architecture', () => {
  it('has only the rooms that the map names', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !rooms.includes(room))).toEqual([]);
  });

  it('imports only from the same room or a room before it', () => {
    const wrong = inner.filter((one) => rooms.indexOf(roomOf(targetFile(one))) > rooms.indexOf(roomOf(one.from)));
    expect(wrong.map((one) => `${one.from} → ${one.target}`)).toEqual([]);
  });

  it('keeps surfaces from knowing one another', () => {
    const surfaceOf = (file: string): string => (file.split('/')[0] ?? '').replace(/\.ts$/, '');
    const wrong = inner.filter(
      (one) =>
        roomOf(one.from) === 'surface' &&
        roomOf(targetFile(one)) === 'surface' &&
        surfaceOf(one.from) !== surfaceOf(targetFile(one)),
    );
    expect(wrong.map((one) => `${one.from} → ${one.target}`)).toEqual([]);
  });

  it('gives each package one owner', () => {
    const wrong = all.filter((one) => {
      if (one.target.startsWith('.') || one.target.startsWith('node:')) return false;
      const name = one.target
        .split('/')
        .slice(0, one.target.startsWith('@') ? 2 : 1)
        .join('/');
      return !(owners[name] ?? []).some((owner) => one.from.startsWith(owner));
    });
    expect(wrong.map((one) => `${one.from} → ${one.target}`)).toEqual([]);
  });

  it('lets domain import nothing, not even node:', () => {
    const wrong = all.filter((one) => one.from.startsWith('domain/') && !targetFile(one).startsWith('domain/'));
    expect(wrong.map((one) => `${one.from} → ${one.target}`)).toEqual([]);
  });

  it('has no import cycle, imports of types and lazy ones counted', () => {
    const graph = new Map<string, string[]>();
    for (const one of inner) graph.set(one.from, [...(graph.get(one.from) ?? []), targetFile(one)]);
    const cycles: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
        return;
      }
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(cycles).toEqual([]);
  });

  it('loads no package on the way of a hook until it is needed', () => {
    const seen = new Set<string>();
    const packages: string[] = [];
    const walk = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const one of importsOf(file)) {
        if (one.isLazy || one.isType) continue;
        if (one.target.startsWith('.')) walk(targetFile(one));
        else if (!one.target.startsWith('node:')) packages.push(`${file} → ${one.target}`);
      }
    };
    walk('main.ts');
    walk('hooks.ts');
    expect(packages).toEqual([]);
  });

  it('reads the process, the clock and chance only where the map allows it', () => {
    const allowed = new Set(['main.ts', 'hooks.ts', 'cli/print.ts', 'git/run/runner.ts']);
    const wrong = files.filter((file) => {
      // The page runs in the browser, which has no process.
      if (allowed.has(file) || file.startsWith('viewer/page/')) return false;
      const text = readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return /process\.(env|cwd|stdout|exit)\b|Date\.now\(|Math\.random\(|new Date\(\)|console\./.test(text);
    });
    expect(wrong).toEqual([]);
  });

  it('keeps files small: none over 300 lines', () => {
    const long = files.filter((file) => readFileSync(join(src, file), 'utf8').split('\n').length > 301);
    expect(long).toEqual([]);
  });

  it('keeps folders small: none over 25 files but that of the commands', () => {
    const counts = new Map<string, number>();
    for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([folder, count]) => count > 25 && folder !== 'cli')).toEqual([]);
  });

  it('gives one name to one thing: a command and what it calls, the two files of each agent', () => {
    const places = new Map<string, string[]>();
    for (const file of files) {
      const name = file.slice(file.lastIndexOf('/') + 1);
      places.set(name, [...(places.get(name) ?? []), file]);
    }
    const twice = [...places.values()].filter((paths) => {
      const isCommand = paths.some((path) => path.startsWith('cli/'));
      return paths.length > 1 && !isCommand && !paths.every((path) => path.startsWith('agents/'));
    });
    expect(twice).toEqual([]);
  });
});
