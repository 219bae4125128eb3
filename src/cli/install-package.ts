// The copy of this package in the user's data folder: a marketplace of one plugin, which needs no network and outlives npx's cache.
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { waitForLock } from '../compress/claims/lock.ts';
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import { writeFileAtomic } from '../store/atomic.ts';

/** Of the plugin, its marketplace and the folder of its copy. */
export const pluginName = 'repomem';
export const pluginId = `${pluginName}@${pluginName}`;

export const clientOption = {
  type: 'text',
  value: 'PATH',
  describe: 'the claude program, when it is not on the PATH',
} as const;

/** The client's own commands take a few seconds. */
const lockMaxMs = 60_000;

/** `$XDG_DATA_HOME/repomem`: all that an installation leaves outside the client's own folder. */
function dataFolder(env: Env): string {
  return folderIn(env, 'XDG_DATA_HOME', '.local/share');
}

export function marketplaceFolder(env: Env): string {
  return join(dataFolder(env), 'marketplace');
}

/** Where bin/repomem.js keeps what V8 made of our scripts. */
export function compiledFolder(env: Env): string {
  return folderIn(env, 'XDG_CACHE_HOME', '.cache');
}

function folderIn({ vars, home }: Env, variable: string, usual: string): string {
  const base = vars[variable] ?? '';
  if (isAbsolute(base)) return join(base, 'repomem');
  if (home !== '') return join(home, usual, 'repomem');
  throw new RepomemError('install', 'there is no home folder to install into', { hint: `set HOME or ${variable}` });
}

/** Copies the package beside the old copy and puts it in its place; under the lock. Returns the marketplace's folder. */
export function copyPackage(env: Env): { folder: string; replaced: boolean } {
  const folder = marketplaceFolder(env);
  const target = join(folder, pluginName);
  // Installed by the copy itself: there is nothing to copy.
  if (resolve(env.packageDir) === resolve(target)) return { folder, replaced: false };
  const fresh = join(folder, '.new');
  const old = join(folder, '.old');
  const sweep = (): void => [fresh, old].forEach((path) => rmSync(path, { recursive: true, force: true }));
  try {
    // What an interrupted copy left behind.
    sweep();
    mkdirSync(fresh, { recursive: true });
    copyFiles(env.packageDir, fresh);
    const replaced = existsSync(target);
    if (replaced) renameSync(target, old);
    renameSync(fresh, target);
    writeMarketplace(folder, env.version);
    return { folder, replaced };
  } catch (error) {
    if (!existsSync(target) && existsSync(old)) renameSync(old, target);
    throw error;
  } finally {
    sweep();
  }
}

/** Runs `work` while no other install or uninstall of this user does; waits for one that does. */
export async function withInstallLock<T>(env: Env, work: () => T): Promise<T> {
  const folder = dataFolder(env);
  const end = env.now().getTime() + lockMaxMs;
  const lock = await waitForLock(
    join(folder, 'lock'),
    () => Buffer.from(env.randomBytes(8)).toString('hex'),
    () => env.now().getTime() < end,
  );
  if (!lock)
    throw new RepomemError('busy', `${folder}: another install is at work`, { hint: 'try again when it has ended' });
  try {
    return work();
  } finally {
    lock.release();
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}

/** The files that npm would pack: never a lockfile, which would make the client run npm. */
function copyFiles(from: string, to: string): void {
  const { files } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { files: string[] };
  const always = readdirSync(from).filter((name) => /^(package\.json|readme(\..*)?|licen[cs]e(\..*)?)$/i.test(name));
  for (const name of [...files, ...always].filter((one) => existsSync(join(from, one))))
    cpSync(join(from, name), join(to, name), {
      recursive: true,
      filter: (source) => !lstatSync(source).isSymbolicLink() && !source.endsWith('marketplace.json'),
    });
  if (!existsSync(join(to, 'dist/main.js')))
    throw new RepomemError('install', `${from}: it is not built`, { hint: 'npm run build, then try again' });
}

function writeMarketplace(folder: string, version: string): void {
  const description = 'Memory for coding agents that lives in your git repository';
  const marketplace = {
    name: pluginName,
    owner: { name: 'repomem' },
    description,
    plugins: [{ name: pluginName, source: `./${pluginName}`, description, version }],
  };
  writeFileAtomic(join(folder, '.claude-plugin/marketplace.json'), `${JSON.stringify(marketplace, null, 2)}\n`);
}
