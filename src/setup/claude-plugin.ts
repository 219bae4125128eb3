// Claude Code's own commands for marketplaces and plugins: for a local folder they need neither network nor account.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { RepomemError } from '../domain/errors.ts';

export interface Client {
  /** Absolute path of the program. */
  program: string;
  vars: Readonly<Record<string, string | undefined>>;
}

export interface InstalledPlugin {
  /** `<plugin>@<marketplace>` */
  id: string;
  version: string;
  isEnabled: boolean;
}

const timeoutMs = 120_000;

/** The named program, else the first `claude` on the PATH or in its installers' folders; undefined when there is none. */
export function findClient(
  vars: Readonly<Record<string, string | undefined>>,
  home: string,
  named?: string,
): Client | undefined {
  const folders = [
    ...(vars['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/')),
    ...(home === '' ? [] : [join(home, '.local/bin'), join(home, '.claude/local')]),
  ];
  const names = named === undefined ? folders.map((folder) => join(folder, 'claude')) : [resolve(named)];
  const program = names.find(isProgram);
  if (program !== undefined) return { program, vars };
  if (named !== undefined)
    throw new RepomemError('install', `--client: expected a program; got '${named}'`, {
      hint: 'name the claude program itself',
    });
  return undefined;
}

/** The folder registered under a marketplace's name; '' when it is not a local folder, undefined when it is not registered. */
export function marketplacePath(client: Client, name: string): string | undefined {
  const found = listJson(client, ['marketplace', 'list']).find((one) => one['name'] === name);
  if (!found) return undefined;
  return found['source'] === 'directory' && typeof found['path'] === 'string' ? found['path'] : '';
}

/** Plugins of that name in the user scope, from any marketplace. */
export function findPlugins(client: Client, name: string): InstalledPlugin[] {
  return listJson(client, ['list']).flatMap((one) => {
    const id = one['id'];
    if (typeof id !== 'string' || !id.startsWith(`${name}@`) || (one['scope'] ?? 'user') !== 'user') return [];
    return [{ id, version: String(one['version'] ?? ''), isEnabled: one['enabled'] === true }];
  });
}

/** Runs `claude plugin …`; throws RepomemError `install` with the client's message when it fails. */
export function runPluginCommand(client: Client, args: readonly string[]): string {
  const { status, stdout, stderr, error } = runClient(client, args);
  if (error || status !== 0) {
    const reason = error?.message ?? (stderr.trim() || stdout.trim() || `it ended with ${status}`);
    throw new RepomemError('install', `claude plugin ${args.join(' ')}: ${reason}`, {
      hint: `${client.program} plugin ${args.join(' ')} shows it again`,
    });
  }
  return stdout;
}

function listJson(client: Client, args: readonly string[]): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(runPluginCommand(client, [...args, '--json']));
    return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
  } catch (error) {
    // A client without JSON lists can still install.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function runClient(client: Client, args: readonly string[]) {
  const { CLAUDECODE: _nested, ...vars } = client.vars;
  return spawnSync(client.program, ['plugin', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    env: { ...vars, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' },
  });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
