// Asks every client at hand whether the plugin and its marketplace are valid; without one there is nothing to ask.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { projectRoot } from './build.mjs';

const named = (process.env.REPOMEM_TEST_CLIENTS ?? process.env.REPOMEM_TEST_CLIENT ?? '').split(':').filter(Boolean);
const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'claude'));
const clients = named.length > 0 ? named : onPath.filter((file) => existsSync(file)).slice(0, 1);
if (clients.length === 0) console.log('plugin validate: no client here, skipped');
for (const client of clients) {
  const run = spawnSync(client, ['plugin', 'validate', projectRoot], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    env: { ...process.env, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' },
  });
  if (run.status === 0) continue;
  console.error(`${client} plugin validate: ${run.stdout}${run.stderr}`);
  process.exitCode = 1;
}
