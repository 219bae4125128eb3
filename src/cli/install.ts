import { findClient, findPlugins, marketplacePath, runPluginCommand, type Client } from '../setup/claude-plugin.ts';
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import { jsonOption, textOf, type Command } from './command.ts';
import { consentOption, readConsent, settleConsent } from './consent.ts';
import { programName } from '../setup/program-name.ts';
import { installCommand } from './install-command.ts';
import {
  clientOption,
  copyPackage,
  withInstallLock,
  marketplaceName,
  pluginId,
  pluginName,
} from './install-package.ts';
import type { Printer } from './print.ts';

export const command: Command = {
  usage: 'install',
  details:
    "Copies this package into the user's data folder, has the client install the plugin from there (no network, no account),\n" +
    "and leaves the command repomem in npm's global folder or ~/.local/bin. A second run updates it. Repositories are not touched: repomem init gives one a memory.",
  maxWords: 0,
  options: { client: clientOption, provider: consentOption, json: jsonOption },
  async run(context, values) {
    const { env } = context;
    const isJson = values['json'] === true;
    const did: string[] = [];
    const print = isJson ? { ...context.print, out: (line: string) => void did.push(line) } : context.print;
    const consent = readConsent(values);
    const folder = withInstallLock(env, () => install(env, print, textOf(values, 'client')));
    await settleConsent({ ...context, print }, consent, { asks: !isJson });
    if (isJson) print.json({ version: env.version, folder, plugin: pluginId, did: did.filter((line) => line !== '') });
    return 0;
  },
};

/** Returns the folder of the marketplace. */
function install(env: Env, print: Printer, named: string | undefined): string {
  const client = findClient(env.vars, env.home, named);
  print.progress('copying the package…');
  const { folder, replaced } = copyPackage(env);
  print.out(`${replaced ? 'Replaced' : 'Copied'}: ${folder}/${pluginName} (${env.version})`);
  for (const line of installCommand(env)) print.out(line);
  if (!client)
    throw new RepomemError('install', 'there is no `claude` on the PATH: the plugin is not installed yet', {
      hint: `${programName(env)} install --client PATH, or in Claude Code:\n${byHand(folder)}`,
    });
  print.progress('asking the client to install it…');
  installPlugin(client, folder, (line) => print.out(line));
  print.out('');
  print.out(`The next session has it. In a repository: /repomem:init in a session, or ${programName(env)} init.`);
  return folder;
}

function byHand(folder: string): string {
  return [`    /plugin marketplace add ${folder}`, `    /plugin install ${pluginId}`].join('\n');
}

/** Repeatable. An installed copy is taken out and put in again: some clients keep a copy of their own for each version. */
function installPlugin(client: Client, folder: string, say: (line: string) => void): void {
  const known = marketplacePath(client, marketplaceName);
  runPluginCommand(client, [
    'marketplace',
    known === folder ? 'update' : 'add',
    known === folder ? marketplaceName : folder,
  ]);
  if (known === undefined) say(`Marketplace added to Claude Code: ${marketplaceName}`);
  else if (known !== folder)
    say(`Marketplace ${marketplaceName} now points here; before: ${known || 'another source'}`);
  const installed = findPlugins(client, pluginName);
  const own = installed.find((plugin) => plugin.id === pluginId);
  if (own) runPluginCommand(client, ['uninstall', pluginId, '--keep-data']);
  runPluginCommand(client, ['install', pluginId]);
  say(`Plugin ${own ? 'updated' : 'installed'} and enabled: ${pluginId}`);
  for (const other of installed.filter((plugin) => plugin.id !== pluginId && plugin.isEnabled))
    say(`Also enabled: ${other.id}. One is enough: claude plugin uninstall ${other.id}`);
}
