import { existsSync, rmSync } from 'node:fs';
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import {
  type Client,
  findClient,
  findPlugins,
  marketplacePath,
  programName,
  runPluginCommand,
} from '../setup/machine.ts';
import { defineCommand } from './command.ts';
import { consentOption, settleConsent } from './ask.ts';
import { installCommand, npmCommand, removeCommand } from './install-command.ts';
import {
  clientOption,
  compiledFolder,
  copyPackage,
  marketplaceFolder,
  pluginId,
  pluginName,
  withInstallLock,
} from './install-package.ts';
import type { Printer } from './print.ts';

const command = defineCommand({
  usage: 'install',
  details:
    "Copies this package into the user's data folder, has the client install the plugin from there (no network, no account),\n" +
    "and leaves the command repomem in npm's global folder or ~/.local/bin. A second run updates it. Repositories are not touched: repomem init gives one a memory.",
  options: { client: clientOption, provider: consentOption },
  async run(context, { client, provider }) {
    const { env, isJson } = context;
    const did: string[] = [];
    const print = isJson
      ? { ...context.print, out: (line: string) => void did.push(line.replace(/^\n/, '')) }
      : context.print;
    const folder = await withInstallLock(env, () => install(env, print, client));
    await settleConsent(env, print, provider, !isJson);
    const done = { version: env.version, folder, plugin: pluginId, did };
    return context.answer(done, []);
  },
});

/** Returns the folder of the marketplace. */
function install(env: Env, print: Printer, named: string | undefined): string {
  const client = findClient(env.vars, env.home, named);
  print.progress('copying the package…');
  const { folder, replaced } = copyPackage(env);
  print.out(`${replaced ? 'Replaced' : 'Copied'}: ${folder}/${pluginName} (${env.version})`);
  for (const line of installCommand(env)) print.out(line);
  if (!client)
    throw new RepomemError('install', 'there is no `claude` on the PATH: the plugin is not installed yet', {
      hint: `${programName(env)} install --client PATH, or in Claude Code:\n    /plugin marketplace add ${folder}\n    /plugin install ${pluginId}`,
    });
  print.progress('asking the client to install it…');
  installPlugin(client, folder, print.out);
  print.out(`\nThe next session has it. In a repository: /repomem:init in a session, or ${programName(env)} init.`);
  return folder;
}

/** Repeatable. An installed copy is taken out and put in again: some clients keep a copy of their own for each version. */
function installPlugin(client: Client, folder: string, say: (line: string) => void): void {
  const known = marketplacePath(client, pluginName);
  if (known === folder) runPluginCommand(client, ['marketplace', 'update', pluginName]);
  else {
    runPluginCommand(client, ['marketplace', 'add', folder]);
    if (known === undefined) say(`Marketplace added to Claude Code: ${pluginName}`);
    else say(`Marketplace ${pluginName} now points here; before: ${known || 'another source'}`);
  }
  const installed = findPlugins(client, pluginName);
  const isThere = installed.some(({ id }) => id === pluginId);
  if (isThere) runPluginCommand(client, ['uninstall', pluginId, '--keep-data']);
  runPluginCommand(client, ['install', pluginId]);
  say(`Plugin ${isThere ? 'updated' : 'installed'} and enabled: ${pluginId}`);
  for (const { id, isEnabled } of installed)
    if (id !== pluginId && isEnabled) say(`Also enabled: ${id}. One is enough: claude plugin uninstall ${id}`);
}

const uninstallCommand = defineCommand({
  usage: 'uninstall',
  details:
    'Takes back what repomem install did: the plugin, its marketplace, the copy, the command. Memories stay in their repositories\n' +
    '(repomem init --undo), and so do your settings.',
  options: { client: clientOption },
  async run({ env, print, answer, isJson }, { client: named }) {
    const client = findClient(env.vars, env.home, named);
    const did = await withInstallLock(env, () => uninstall(env, client));
    if (client) return answer({ did }, did.length > 0 ? did : ['There was nothing to take back.']);
    if (!isJson) for (const line of did) print.out(line);
    throw new RepomemError('install', 'there is no `claude` on the PATH: if the plugin is installed, it still is', {
      hint: `repomem uninstall --client PATH, or in Claude Code: /plugin uninstall ${pluginId}`,
    });
  },
});

function uninstall(env: Env, client: Client | undefined): string[] {
  const own = [marketplaceFolder(env), compiledFolder(env)].filter((folder) => existsSync(folder));
  const done = client ? uninstallPlugin(client) : [];
  const links = removeCommand(env);
  for (const folder of own) rmSync(folder, { recursive: true, force: true });
  done.push(...[...links, ...own].map((path) => `Removed: ${path}`));
  const left = npmCommand(env);
  if (left !== undefined) done.push(`Left: ${left}, which npm installed: npm uninstall -g ${pluginName} takes it away`);
  return done;
}

/** Only what install put there: a plugin of this name from another marketplace is somebody's own choice. */
function uninstallPlugin(client: Client): string[] {
  const done: string[] = [];
  if (findPlugins(client, pluginName).some(({ id }) => id === pluginId)) {
    runPluginCommand(client, ['uninstall', pluginId]);
    done.push(`Plugin uninstalled: ${pluginId}`);
  }
  if (marketplacePath(client, pluginName) !== undefined) {
    runPluginCommand(client, ['marketplace', 'remove', pluginName]);
    done.push(`Marketplace removed: ${pluginName}`);
  }
  return done;
}

export const commands = { install: command, uninstall: uninstallCommand };
