// Starts real clients of other agents, which lie outside the project.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { HostName } from '../../src/agents/hosts.ts';
import { runProcess, type Run } from './built-cli.ts';
import { startFakeModel, type ModelScript } from './fake-model.ts';
import { hostClients, type HostClient } from './host-clients.ts';

/** The folder of clients, each in NAME/node_modules: REPOMEM_TEST_HOSTS. Claude Code may be one of REPOMEM_TEST_CLIENTS. */
function modulesOf(name: HostName): string {
  const folder = process.env['REPOMEM_TEST_HOSTS'] ?? '';
  const own = join(folder, name, 'node_modules');
  if (name !== 'claude-code' || (folder !== '' && existsSync(own))) return folder === '' ? '' : own;
  const [claude = ''] = (process.env['REPOMEM_TEST_CLIENTS'] ?? '').split(':');
  return claude === '' ? '' : dirname(dirname(claude));
}

/** The latest of REPOMEM_TEST_NODES that the client runs on, else this one; undefined: it runs on none of them. */
function nodeFor({ minNode = 0 }: HostClient): string | undefined {
  const nodes = [process.execPath, ...(process.env['REPOMEM_TEST_NODES'] ?? '').split(':').filter(existsSync)];
  return nodes.findLast((node) => {
    const version = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout ?? '';
    return Number.parseInt(version, 10) >= minNode;
  });
}

/** The version that is installed; undefined: none is, or none that runs here. */
export function hostVersion(name: HostName): string | undefined {
  const client = hostClients[name];
  if (!client || nodeFor(client) === undefined) return undefined;
  const [, packageName = ''] = /^(.+)@/.exec(client.npm) ?? [];
  try {
    const text = readFileSync(join(modulesOf(name), packageName, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version: string }).version;
  } catch {
    return undefined;
  }
}

/** One session of the client in the repository, with what `repomem init` wrote for it. */
export async function driveHost(
  name: HostName,
  { repo, home, prompt, script }: { repo: string; home: string; prompt: string; script: ModelScript },
): Promise<Run & { requests: readonly string[] }> {
  const client = hostClients[name];
  if (!client) throw new Error(`${name}: no client of that name`);
  const model = await startFakeModel(script);
  const place = { repo, home, url: model.url };
  for (const [path, text] of Object.entries(client.settings?.(place) ?? {})) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  const program = join(modulesOf(name), client.program);
  const node = nodeFor(client) ?? process.execPath;
  const words = client.isNative ? [program] : [node, program];
  const env = { ...offline, PATH: pathWith(node), ...client.env?.(place) };
  const run = (args: readonly string[]): Promise<Run> =>
    runProcess(words[0] ?? '', [...words.slice(1), ...args], { cwd: repo, home, env });
  try {
    if (client.prepare) await run(client.prepare(place));
    return { ...(await run(client.args(prompt))), requests: model.requests };
  } finally {
    client.after?.(home);
    await model.close();
  }
}

/** All but the model is refused at once. */
const offline = {
  TERM: 'dumb',
  NO_COLOR: '1',
  ...Object.fromEntries(['HTTP_PROXY', 'HTTPS_PROXY'].map((name) => [name, 'http://127.0.0.1:9'])),
  NO_PROXY: '127.0.0.1,localhost',
};

/** OpenCode would fetch a `rg`; Codex brings one. */
function pathWith(node: string): string {
  const codex = join(modulesOf('codex'), '@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/codex-path');
  return [dirname(node), process.env['PATH'], ...(existsSync(codex) ? [codex] : [])].join(delimiter);
}
