import { existsSync, rmSync } from 'node:fs';
import { findClient, findPlugins, marketplacePath, runPluginCommand, type Client } from '../setup/claude-plugin.ts';
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import { jsonOption, textOf, type Command } from './command.ts';
import { npmCommand, removeCommand } from './install-command.ts';
import {
  clientOption,
  compiledFolder,
  marketplaceFolder,
  marketplaceName,
  pluginId,
  pluginName,
  withInstallLock,
} from './install-package.ts';

export const command: Command = {
  usage: 'uninstall',
  details:
    'Takes back what repomem install did: the plugin, its marketplace, the copy, the command. Memories stay in their repositories\n' +
    '(repomem init --undo), and so do your settings.',
  maxWords: 0,
  options: { client: clientOption, json: jsonOption },
  run({ env, print }, values) {
    const client = findClient(env.vars, env.home, textOf(values, 'client'));
    const did = withInstallLock(env, () => uninstall(env, client));
    if (values['json'] !== true) for (const line of did) print.out(line);
    if (!client)
      throw new RepomemError('install', 'there is no `claude` on the PATH: if the plugin is installed, it still is', {
        hint: `repomem uninstall --client PATH, or in Claude Code: /plugin uninstall ${pluginId}`,
      });
    if (values['json'] === true) print.json({ did });
    else if (did.length === 0) print.out('There was nothing to take back.');
    return Promise.resolve(0);
  },
};

function uninstall(env: Env, client: Client | undefined): string[] {
  const folder = marketplaceFolder(env);
  const done = client ? uninstallPlugin(client) : [];
  done.push(...removeCommand(env).map((file) => `Removed: ${file}`));
  for (const own of [folder, compiledFolder(env)])
    if (existsSync(own)) {
      rmSync(own, { recursive: true, force: true });
      done.push(`Removed: ${own}`);
    }
  const left = npmCommand(env);
  if (left !== undefined) done.push(`Left: ${left}, which npm installed: npm uninstall -g ${pluginName} takes it away`);
  return done;
}

/** Only what install put there: a plugin of this name from another marketplace is somebody's own choice. */
function uninstallPlugin(client: Client): string[] {
  const done: string[] = [];
  if (findPlugins(client, pluginName).some((plugin) => plugin.id === pluginId)) {
    runPluginCommand(client, ['uninstall', pluginId]);
    done.push(`Plugin uninstalled: ${pluginId}`);
  }
  if (marketplacePath(client, marketplaceName) !== undefined) {
    runPluginCommand(client, ['marketplace', 'remove', marketplaceName]);
    done.push(`Marketplace removed: ${marketplaceName}`);
  }
  return done;
}
