// The copy of this package in the user's data folder: a marketplace of one plugin, which needs no network and outlives npx's cache.
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { Env } from '../domain/env.ts';
import { codeOf, RepomemError } from '../domain/errors.ts';

export const marketplaceName = 'repomem';
export const pluginName = 'repomem';
export const pluginId = `${pluginName}@${marketplaceName}`;

export const clientOption = {
  type: 'string',
  value: 'PATH',
  describe: 'the claude program, when it is not on the PATH',
} as const;

const lockWaitMs = 100;
/** A minute: the client's own commands take a few seconds. */
const lockWaits = 600;

/** `$XDG_DATA_HOME/repomem`: all that an installation leaves outside the client's own folder. */
function dataFolder(env: Env): string {
  const base = env.vars['XDG_DATA_HOME'];
  if (base && isAbsolute(base)) return join(base, 'repomem');
  if (env.home === '')
    throw new RepomemError('install', 'there is no home folder to install into', { hint: 'set HOME or XDG_DATA_HOME' });
  return join(env.home, '.local/share/repomem');
}

export function marketplaceFolder(env: Env): string {
  return join(dataFolder(env), 'marketplace');
}

/** Where bin/repomem.js keeps what V8 made of our scripts. */
export function compiledFolder(env: Env): string {
  const base = env.vars['XDG_CACHE_HOME'];
  return base?.startsWith('/') ? join(base, 'repomem') : join(env.home, '.cache/repomem');
}

/** Copies the package beside the old copy and puts it in its place; under the lock. Returns the marketplace's folder. */
export function copyPackage(env: Env): { folder: string; replaced: boolean } {
  const folder = marketplaceFolder(env);
  const target = join(folder, pluginName);
  // Installed by the copy itself: there is nothing to copy.
  if (resolve(env.packageDir) === resolve(target)) return { folder, replaced: false };
  const fresh = join(folder, `.new-${process.pid}`);
  const old = join(folder, `.old-${process.pid}`);
  try {
    sweep(folder);
    mkdirSync(fresh, { recursive: true });
    copyFiles(env.packageDir, fresh);
    const replaced = existsSync(target);
    if (replaced) renameSync(target, old);
    renameSync(fresh, target);
    writeMarketplace(folder, env.version);
    return { folder, replaced };
  } catch (error) {
    if (!existsSync(target) && existsSync(old)) renameSync(old, target);
    throw explain(error, folder);
  } finally {
    for (const path of [fresh, old]) rmSync(path, { recursive: true, force: true });
  }
}

/** Runs `work` while no other install or uninstall of this user does; waits for one that does. */
export function withInstallLock<T>(env: Env, work: () => T): T {
  const folder = dataFolder(env);
  const file = join(folder, 'lock');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw explain(error, folder);
  }
  for (let waits = 0; !tryLock(file); waits++) {
    if (waits >= lockWaits)
      throw new RepomemError('busy', `${file}: another install is at work`, { hint: 'try again when it has ended' });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lockWaitMs);
  }
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}

function tryLock(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw explain(error, file);
    if (!isHeld(file)) rmSync(file, { force: true });
    return false;
  }
}

/** A process that is gone holds nothing; one of another user is alive. */
function isHeld(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // Not yet written: its owner is between two calls.
    if (pid === 0) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** The files that npm would pack: never a lockfile, which would make the client run npm. */
function copyFiles(from: string, to: string): void {
  const manifest: unknown = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  const listed =
    typeof manifest === 'object' && manifest !== null && 'files' in manifest && Array.isArray(manifest.files)
      ? manifest.files.filter((name) => typeof name === 'string')
      : [];
  const always = readdirSync(from).filter((name) => /^(package\.json|readme(\..*)?|licen[cs]e(\..*)?)$/i.test(name));
  for (const name of [...listed, ...always]) {
    if (!existsSync(join(from, name))) continue;
    cpSync(join(from, name), join(to, name), {
      recursive: true,
      filter: (source) => !lstatSync(source).isSymbolicLink() && !source.endsWith('marketplace.json'),
    });
  }
  if (!existsSync(join(to, 'dist/main.js')))
    throw new RepomemError('install', `${from}: it is not built`, { hint: 'npm run build, then try again' });
}

function writeMarketplace(folder: string, version: string): void {
  const description = 'Memory for coding agents that lives in your git repository';
  const text = JSON.stringify(
    {
      name: marketplaceName,
      owner: { name: 'repomem' },
      description,
      plugins: [{ name: pluginName, source: `./${pluginName}`, description, version }],
    },
    null,
    2,
  );
  const file = join(folder, '.claude-plugin/marketplace.json');
  mkdirSync(join(folder, '.claude-plugin'), { recursive: true });
  writeFileSync(`${file}.new`, `${text}\n`);
  renameSync(`${file}.new`, file);
}

/** What an interrupted copy left behind. */
function sweep(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (/^\.(new|old)-\d+$/.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
}

function explain(error: unknown, where: string): unknown {
  if (codeOf(error) === undefined || error instanceof RepomemError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new RepomemError('install', `${where}: the package could not be put there: ${reason}`, {
    hint: 'XDG_DATA_HOME names another folder',
    cause: error,
  });
}
