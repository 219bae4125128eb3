// What init may write beside `.claude-mem/`: hooks and MCP server for those who want no plugin, in files that belong to the repository.
import { lstatSync, readFileSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  addHooks,
  addServer,
  guardHooks,
  isEmptyObject,
  removeHooks,
  removeServer,
  type HookTable,
} from '../agents/claude-code/settings.ts';
import type { Env } from '../domain/env.ts';
import { codeOf, RepomemError } from '../domain/errors.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { copyPackage, withInstallLock } from './install-package.ts';

const settingsPath = '.claude/settings.json';
const serversPath = '.mcp.json';

/** The files that changed, relative to `root`. Adding also puts the package where the hooks look for it. */
export function changeHooks(env: Env, root: string, way: 'add' | 'remove'): string[] {
  const text = readOwn(root, settingsPath);
  if (way === 'remove') return writeBack(root, settingsPath, text, text && removeHooks(text, settingsPath));
  const next = addHooks(text, guardHooks(readHookTable(env)), settingsPath);
  withInstallLock(env, () => copyPackage(env));
  return writeBack(root, settingsPath, text, next);
}

export function changeServer(env: Env, root: string, way: 'add' | 'remove'): string[] {
  const text = readOwn(root, serversPath);
  if (way === 'remove') return writeBack(root, serversPath, text, text && removeServer(text, serversPath));
  const next = addServer(text, serversPath);
  withInstallLock(env, () => copyPackage(env));
  return writeBack(root, serversPath, text, next);
}

function writeBack(root: string, path: string, text: string | undefined, next: string | undefined): string[] {
  if (next === undefined || next === text) return [];
  const file = join(root, path);
  if (isEmptyObject(next)) {
    rmSync(file);
    const folder = dirname(file);
    if (folder !== root && readdirSync(folder).length === 0) rmdirSync(folder);
  } else {
    const mode = text === undefined ? 0o644 : lstatSync(file).mode & 0o777;
    writeFileAtomic(file, next, { within: root, mode });
  }
  return [path];
}

/** A link is not followed: what it leads to may belong to somebody else. */
function readOwn(root: string, path: string): string | undefined {
  const file = join(root, path);
  try {
    if (!lstatSync(file).isFile())
      throw new RepomemError('bad-settings', `${path}: not changed; expected a file; got a link or a folder`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The plugin's own hooks: one list for both ways. */
function readHookTable(env: Env): HookTable {
  const manifest = JSON.parse(readFileSync(join(env.packageDir, '.claude-plugin/plugin.json'), 'utf8')) as {
    hooks: HookTable;
  };
  return manifest.hooks;
}
