// The command that an installation leaves: a link to the installed copy, where this shell finds it.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Env } from '../domain/env.ts';
import { codeOf } from '../domain/errors.ts';
import { findOnPath } from '../setup/program-name.ts';
import { marketplaceFolder, pluginName } from './install-package.ts';

const commandName = 'repomem';
const npmMaxMs = 10_000;

/** Lines that say where the command is. Best effort: an installation without it works, too. */
export function installCommand(env: Env): string[] {
  const target = join(marketplaceFolder(env), pluginName, 'bin', commandName);
  const there = findOnPath(env.vars['PATH'], commandName);
  if (there !== undefined && linkOf(there) !== target) return [`Command: ${there}, which was there before`];
  const failures: string[] = [];
  for (const folder of there === undefined ? foldersFor(env) : [dirname(there)]) {
    const file = join(folder, commandName);
    try {
      mkdirSync(folder, { recursive: true });
      if (linkOf(file) !== target) {
        if (isOurs(env, file)) rmSync(file);
        symlinkSync(target, file);
      }
    } catch (error) {
      const reason = codeOf(error) === 'EEXIST' ? 'another file has this name' : String(codeOf(error) ?? error);
      failures.push(`No command was made: ${file}: ${reason}. It is ${target}`);
      continue;
    }
    if (isOnPath(env, folder)) return [`Command: ${file}`];
    return [
      `Command: ${file}`,
      `  ${folder} is not on your PATH; this line in your shell's profile changes that: export PATH="${folder}:$PATH"`,
    ];
  }
  return failures;
}

/** Takes away the links that lead into the installed copy; returns their paths. */
export function removeCommand(env: Env): string[] {
  const folders = new Set([...pathFolders(env), ...ownFolders(env)]);
  return [...folders]
    .map((folder) => join(folder, commandName))
    .filter((file) => {
      if (!isOurs(env, file)) return false;
      try {
        rmSync(file);
        return true;
      } catch {
        return false;
      }
    });
}

/** The command that `npm install -g` put on the PATH; undefined without one. */
export function npmCommand(env: Env): string | undefined {
  const there = findOnPath(env.vars['PATH'], commandName);
  return there !== undefined && /\/lib\/node_modules\/repomem\//.test(linkOf(there) ?? '') ? there : undefined;
}

/** npm's folder for global commands where this shell looks there and we may write, then the user's own. */
function foldersFor(env: Env): string[] {
  const npm = npmFolder(env);
  const own = ownFolders(env, npm);
  return npm !== undefined && isOnPath(env, npm) && isWritable(npm) ? own : own.filter((folder) => folder !== npm);
}

function ownFolders(env: Env, npm = npmFolder(env)): string[] {
  return [...(npm === undefined ? [] : [npm]), ...(env.home === '' ? [] : [join(env.home, '.local/bin')])];
}

function npmFolder(env: Env): string | undefined {
  const named = env.vars['npm_config_prefix'] ?? env.vars['NPM_CONFIG_PREFIX'];
  if (named) return join(resolve(named), 'bin');
  // Within npx, npm tells of its own surroundings.
  const vars = Object.fromEntries(Object.entries(env.vars).filter(([name]) => !name.startsWith('npm_')));
  const { status, stdout } = spawnSync('npm', ['prefix', '--global'], {
    cwd: env.home || '/',
    encoding: 'utf8',
    env: vars,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: npmMaxMs,
  });
  return status === 0 && stdout.trim().startsWith('/') ? join(stdout.trim(), 'bin') : undefined;
}

function pathFolders({ vars }: Env): string[] {
  return (vars['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
}

function isOnPath(env: Env, folder: string): boolean {
  return pathFolders(env).some((one) => resolve(one) === folder);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A link into the folder of installed copies, also one that leads nowhere any more. */
function isOurs(env: Env, file: string): boolean {
  return linkOf(file)?.startsWith(`${marketplaceFolder(env)}/`) === true;
}

function linkOf(file: string): string | undefined {
  try {
    return lstatSync(file).isSymbolicLink() ? resolve(dirname(file), readlinkSync(file)) : undefined;
  } catch {
    return undefined;
  }
}
