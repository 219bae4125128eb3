// What reaches users: these files and no others, small, and nothing to install beside them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { build } from 'esbuild';
import { commands } from '../src/cli/commands.ts';
import { projectRoot } from './tools/build.mjs';
import { builtPackage, runProcess } from './helpers/built-cli.ts';

interface Packed {
  size: number;
  files: { path: string; mode: number }[];
  bundled: string[];
}

let packed: Packed;
beforeAll(() => {
  const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: builtPackage(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [first] = JSON.parse(said) as Packed[];
  if (!first) throw new Error('npm pack says nothing');
  packed = first;
});

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as Record<
  string,
  unknown
>;
const readJson = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(builtPackage(), path), 'utf8')) as Record<string, unknown>;

describe('the package', () => {
  it('holds exactly these files', () => {
    const rest = packed.files.map((file) => file.path).filter((path) => !/^dist\/chunk-[A-Z0-9]{8}\.js$/.test(path));
    const named = rest
      .map((path) => path.replace(/^(schema)\/[a-z-]+(?:\.schema)?\.json$/, '$1/*'))
      .map((path) => path.replace(/^(dist\/page)\/(?:page|part)-[A-Z0-9]{8}\.(?:js|css)$/, '$1/*'))
      .map((path) => path.replace(/^(dist\/quick)-[a-z-]+\.cjs$/, '$1-*.cjs'))
      .map((path) => path.replace(/^(src\/compress\/modes)\/.*/, '$1/*'));
    expect([...new Set(named)].sort()).toEqual(
      [
        '.claude-plugin/icon.png',
        '.claude-plugin/marketplace.json',
        '.claude-plugin/plugin.json',
        'LICENSE',
        'README.md',
        'bin/repomem',
        'bin/repomem-capture.sh',
        'bin/package.json',
        'bin/repomem-hook.sh',
        'bin/repomem.js',
        'dist/LICENCES.txt',
        'dist/main.js',
        'dist/page/*',
        'dist/page/index.html',
        'dist/page/out.js',
        'dist/quick-*.cjs',
        'hooks/hooks.json',
        'package.json',
        'schema/*',
        'src/agents/cline/plugin.mjs',
        'src/agents/gemini/extension/gemini-extension.json',
        'src/agents/gemini/extension/hooks/hooks.json',
        'src/agents/openclaw/plugin/index.js',
        'src/agents/openclaw/plugin/openclaw.plugin.json',
        'src/agents/openclaw/plugin/package.json',
        'src/agents/mcp-tools.mjs',
        'src/agents/opencode/plugin.mjs',
        'src/agents/pi/extension.mjs',
        'src/agents/spawn-hook.mjs',
        'src/compress/modes/*',
        'src/skills/init/SKILL.md',
        'src/skills/learn/SKILL.md',
        'src/skills/recall/SKILL.md',
        'src/skills/remember/SKILL.md',
      ].sort(),
    );
  });

  it('weighs at most 1.2 MB and brings no other package', () => {
    expect(packed.size).toBeLessThan(1.2e6);
    expect(packed.bundled).toEqual([]);
    for (const key of ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies'])
      expect(manifest[key]).toBeUndefined();
  });

  it('has a page of at most 45 KB of script and 10 KB of style, packed, and asks nobody else for any of it', () => {
    const packedSize = (ending: string): number =>
      packed.files
        .filter(({ path }) => path.startsWith('dist/page/') && path.endsWith(ending) && !path.includes('/out.'))
        .reduce((sum, { path }) => sum + gzipSync(readFileSync(join(builtPackage(), path)), { level: 9 }).length, 0);
    expect(packedSize('.js')).toBeLessThanOrEqual(45 * 1024);
    expect(packedSize('.css')).toBeLessThanOrEqual(10 * 1024);
  });

  it('runs nothing when it is installed', () => {
    const scripts = Object.keys(manifest['scripts'] as object);
    expect(scripts.filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  });

  it('has programs that can be executed', () => {
    const modes = packed.files
      .filter(({ path }) => path.startsWith('bin/') && !path.endsWith('.json'))
      .map(({ mode }) => mode & 0o111);
    expect(modes.every((mode) => mode !== 0)).toBe(true);
  });

  it('imports nothing but Node from its bundle', () => {
    const outside = packed.files
      .filter((file) => file.path.startsWith('dist/'))
      .flatMap((file) => [
        ...readFileSync(join(builtPackage(), file.path), 'utf8').matchAll(
          /(?:^|[;}\n])(?:import|export)[^;'"()]*?from\s*["']([^"']+)["']/g,
        ),
      ])
      .map((match) => match[1] ?? '')
      .filter((name) => !name.startsWith('node:') && !name.startsWith('./'));
    // Bundled packages may name Node's modules without the prefix.
    const { builtinModules } = process.getBuiltinModule('node:module');
    expect(outside.filter((name) => !builtinModules.includes(name))).toEqual([]);
  });

  it('carries the licence text of every package whose code is bundled', async () => {
    const { outputFiles } = await build({
      absWorkingDir: projectRoot,
      entryPoints: ['src/main.ts'],
      outdir: 'dist',
      splitting: true,
      format: 'esm',
      bundle: true,
      platform: 'node',
      // Functions that do nothing leave no byte in the package either.
      minifySyntax: true,
      write: false,
    });
    // Without minification esbuild names the file above the code that came from it.
    const names = outputFiles.flatMap(({ text }) =>
      [...text.matchAll(/^\/\/ .*node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm)].map((match) => match[1] ?? ''),
    );
    expect(names.length).toBeGreaterThan(100);
    const entries = readFileSync(join(builtPackage(), 'dist/LICENCES.txt'), 'utf8')
      .split(/\n-{80}\n/)
      .slice(1);
    for (const name of new Set(names)) {
      const entry = entries.find((text) => text.trimStart().startsWith(`${name} `));
      expect(entry, name).toMatch(
        /permission is hereby granted|apache license|permission to use, copy|free to copy, modify|redistribution and use in source/i,
      );
    }
  });

  it('has a README that names commands and options which are there', async () => {
    const readme = readFileSync(join(builtPackage(), 'README.md'), 'utf8');
    const table = readme.split('\n').filter((line) => /^\| .* \| `/.test(line) && !line.includes('test/pictures'));
    const named = [
      ...table.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text.replace(/^repomem /, ''))),
      ...[...readme.matchAll(/`repomem ([^`]+)`/g)].map(([, text = '']) => text),
      ...[...readme.matchAll(/^(?:npx \S+\.tgz|repomem) ([^#\n]+)/gm)].map(([, text = '']) => text.trim()),
    ].filter((text) => /^(?:--)?[a-z]/.test(text) && !text.startsWith('repomem:'));
    expect(table.length).toBeGreaterThan(10);
    expect(named.length).toBeGreaterThan(40);
    let last = '';
    for (const text of named) {
      const [first = '', ...rest] = text.split(/\s+/);
      // `--since "last week"` goes with the command before it.
      if (!first.startsWith('--')) last = first;
      if (last === 'help') continue;
      expect(Object.keys(commands), text).toContain(last);
      const command = await commands[last]!.load();
      for (const word of [first, ...rest].filter((one) => /^--\w/.test(one)))
        expect(Object.keys(command.options), text).toContain(word.slice(2));
    }
  });

  it('says the same version in both manifests', () => {
    expect(readJson('.claude-plugin/plugin.json')['version']).toBe(manifest['version']);
  });

  it('names skills with short descriptions, and the tools that they may use', async () => {
    for (const name of ['init', 'learn', 'recall', 'remember']) {
      const text = readFileSync(join(builtPackage(), 'src/skills', name, 'SKILL.md'), 'utf8');
      const description = /^description: (.+)$/m.exec(text)?.[1] ?? '';
      expect(description).not.toBe('');
      expect(description.length / 4).toBeLessThanOrEqual(150);
      expect(text).toMatch(/^allowed-tools: /m);
    }
    const help = await runProcess(process.execPath, [join(builtPackage(), 'bin/repomem.js'), '--help'], {
      cwd: builtPackage(),
    });
    expect(help.stdout).toContain('repomem');
  });

  it('guards every hook: a plugin that is taken away in mid-session blocks nothing', async () => {
    const { hooks } = readJson('hooks/hooks.json') as {
      hooks: Record<string, { hooks: { command: string }[] }[]>;
    };
    for (const command of Object.values(hooks).flatMap((groups) =>
      groups.flatMap((group) => group.hooks.map((hook) => hook.command)),
    )) {
      const run = await runProcess('sh', ['-c', command], {
        cwd: '/',
        env: { CLAUDE_PLUGIN_ROOT: '/nonexistent' },
        input: '{}',
      });
      expect(run, command).toEqual({ code: 0, stdout: '', stderr: '' });
    }
  });
});
