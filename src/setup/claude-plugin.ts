// Claude Code's own commands for marketplaces and plugins: for a local folder they need neither network nor account.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { attempt, RepomemError } from '../domain/errors.ts';
import { isProgram, pathFolders } from './machine.ts';

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
