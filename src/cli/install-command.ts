// The command that an installation leaves: a link to the installed copy, where this shell finds it.
import { spawnSync } from 'node:child_process';
import { constants, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Env } from '../domain/env.ts';
import { attempt, codeOf } from '../domain/errors.ts';
import { isAccessible } from '../store/lenient-files.ts';
import { findOnPath, pathFolders } from '../setup/machine.ts';
import { marketplaceFolder, pluginName } from './install-package.ts';

const commandName = 'repomem';
const npmMaxMs = 10_000;

/** Lines that say where the command is. Best effort: an installation without it works, too. */
export function installCommand(env: Env): string[] {
  const target = join(marketplaceFolder(env), pluginName, 'bin', commandName);
  const there = findOnPath(env.vars, commandName);
  if (there !== undefined) return [`Command: ${there}${linkOf(there) === target ? '' : ', which was there before'}`];
  const failures: string[] = [];
  for (const folder of usableFolders(env)) {
    const file = join(folder, commandName);
    try {
      mkdirSync(folder, { recursive: true });
      if (isOurs(env, file)) rmSync(file);
      symlinkSync(target, file);
    } catch (error) {
      const reason = codeOf(error) === 'EEXIST' ? 'another file has this name' : String(codeOf(error) ?? error);
      failures.push(`No command was made: ${file}: ${reason}. It is ${target}`);
      continue;
    }
    const advice = `  ${folder} is not on your PATH; this line in your shell's profile changes that: export PATH="${folder}:$PATH"`;
    return [`Command: ${file}`, ...(isOnPath(env, folder) ? [] : [advice])];
  }
  return failures;
}

/** Takes away the links that lead into the installed copy; returns their paths. */
export function removeCommand(env: Env): string[] {
  const folders = new Set([...pathFolders(env.vars), ...candidates(env)]);
  return [...folders]
    .map((folder) => join(folder, commandName))
    .filter((file) => {
      if (isOurs(env, file)) attempt(() => rmSync(file));
      else return false;
      return linkOf(file) === undefined;
    });
}

/** The command that `npm install -g` put on the PATH; undefined without one. */
export function npmCommand({ vars }: Env): string | undefined {
  const there = findOnPath(vars, commandName);
  return there !== undefined && /\/lib\/node_modules\/repomem\//.test(linkOf(there) ?? '') ? there : undefined;
}

/** npm's folder for global commands, then the user's own. */
function candidates(env: Env): string[] {
  return [npmFolder(env), env.home && join(env.home, '.local/bin')].filter((folder) => !!folder) as string[];
}

/** Without npm's folder where this shell does not look there or we may not write. */
function usableFolders(env: Env): string[] {
  const isUsable = (folder: string): boolean => isOnPath(env, folder) && isAccessible(folder, constants.W_OK);
  return candidates(env).filter((folder, at, all) => at === all.length - 1 || isUsable(folder));
}

function npmFolder({ vars, home }: Env): string | undefined {
  const named = vars['npm_config_prefix'] ?? vars['NPM_CONFIG_PREFIX'];
  if (named) return join(resolve(named), 'bin');
  const { status, stdout } = spawnSync('npm', ['prefix', '--global'], {
    cwd: home || '/',
    encoding: 'utf8',
    // Within npx, npm tells of its own surroundings.
    env: Object.fromEntries(Object.entries(vars).filter(([name]) => !name.startsWith('npm_'))),
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: npmMaxMs,
  });
  return status === 0 && stdout.startsWith('/') ? join(stdout.trim(), 'bin') : undefined;
}

function isOnPath({ vars }: Env, folder: string): boolean {
  return pathFolders(vars).some((one) => resolve(one) === folder);
}

/** A link into the folder of installed copies, also one that leads nowhere any more. */
function isOurs(env: Env, file: string): boolean {
  return linkOf(file)?.startsWith(`${marketplaceFolder(env)}/`) === true;
}

function linkOf(file: string): string | undefined {
  return attempt(() => resolve(dirname(file), readlinkSync(file)));
}
