// What setup asks of this machine: programs on the PATH, how this program is called here; Claude Code's own commands for marketplaces and plugins,
// which need neither network nor account for a local folder.
import { spawnSync } from 'node:child_process';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { constants, statSync } from 'node:fs';
import { attempt, RepomemError } from '../domain/errors.ts';
import type { Env } from '../domain/env.ts';
import { isAccessible, readJson, readTextOrEmpty } from '../store/lenient-files.ts';

/** A file that may be executed. */
export function isProgram(file: string): boolean {
  return isAccessible(file, constants.X_OK) && statSync(file).isFile();
}

export function pathFolders(vars: Readonly<Record<string, string | undefined>>): string[] {
  return (vars['PATH'] ?? '').split(delimiter).filter(isAbsolute);
}

export function findOnPath(vars: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  // What npx and npm scripts put there is gone with them.
  const lasting = pathFolders(vars).filter((folder) => !/node_modules\/\.bin\/?$/.test(folder));
  return lasting.map((folder) => join(folder, name)).find(isProgram);
}

/**
 * `repomem` where the PATH has it, `npx repomem` once the package says that it is published (`"repomem": { "published": true }` in its
 * package.json), else this very file.
 */
export function programName({ vars, packageDir }: Pick<Env, 'vars' | 'packageDir'>): string {
  if (findOnPath(vars, 'repomem') !== undefined) return 'repomem';
  const manifest = readJson(join(packageDir, 'package.json')) as { repomem?: { published?: boolean } } | undefined;
  if (manifest?.repomem?.published === true) return 'npx repomem';
  const file = join(packageDir, 'bin/repomem.js');
  return `node ${/^[\w@%+=:,./-]+$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`}`;
}

/** The plugin runs us, or the client's own files say that it is installed. */
export function isPluginHere({ vars, home }: Pick<Env, 'vars' | 'home'>): boolean {
  const config = vars['CLAUDE_CONFIG_DIR'] || join(home, '.claude');
  return (
    !!vars['CLAUDE_PLUGIN_ROOT'] ||
    readTextOrEmpty(join(config, 'plugins/installed_plugins.json')).includes('"repomem@')
  );
}

export interface Client {
  /** Absolute path of the program. */
  program: string;
  vars: Readonly<Record<string, string | undefined>>;
}

const timeoutMs = 120_000;

/** The named program, else the first `claude` on the PATH or in its installers' folders; undefined when there is none. */
export function findClient(vars: Client['vars'], home: string, named?: string): Client | undefined {
  const own = home === '' ? [] : [join(home, '.local/bin'), join(home, '.claude/local')];
  const files = [...pathFolders(vars), ...own].map((folder) => join(folder, 'claude'));
  const program = (named === undefined ? files : [resolve(named)]).find(isProgram);
  if (program !== undefined) return { program, vars };
  if (named === undefined) return undefined;
  throw new RepomemError('install', `--client: expected a program; got '${named}'`, {
    hint: 'name the claude program itself',
  });
}

/** The folder registered under a marketplace's name; '' when it is not a local folder, undefined when it is not registered. */
export function marketplacePath(client: Client, name: string): string | undefined {
  const found = listJson(client, ['marketplace', 'list']).find((one) => one['name'] === name);
  if (!found) return undefined;
  return found['source'] === 'directory' && typeof found['path'] === 'string' ? found['path'] : '';
}

/** Plugins of that name in the user scope, from any marketplace; `id` is `<plugin>@<marketplace>`. */
export function findPlugins(client: Client, name: string): { id: string; isEnabled: boolean }[] {
  return listJson(client, ['list'])
    .map(({ id, scope = 'user', enabled }) => ({ id: String(id), scope, isEnabled: enabled === true }))
    .filter(({ id, scope }) => id.startsWith(`${name}@`) && scope === 'user');
}

/** Runs `claude plugin …`; throws RepomemError `install` with the client's message when it fails. */
export function runPluginCommand({ program, vars }: Client, args: readonly string[]): string {
  const { CLAUDECODE: _nested, ...rest } = vars;
  const { status, stdout, stderr, error } = spawnSync(program, ['plugin', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    env: { ...rest, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' },
  });
  if (!error && status === 0) return stdout;
  const reason = error?.message ?? (stderr.trim() || stdout.trim() || `it ended with ${status}`);
  throw new RepomemError('install', `claude plugin ${args.join(' ')}: ${reason}`, {
    hint: `${program} plugin ${args.join(' ')} shows it again`,
  });
}

function listJson(client: Client, args: readonly string[]): Record<string, unknown>[] {
  const text = runPluginCommand(client, [...args, '--json']);
  // A client without JSON lists can still install.
  const value = attempt((): unknown => JSON.parse(text));
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
}
