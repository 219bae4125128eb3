// What init may write beside `.claude-mem/`: the files that hosts read, in the repository, for those who want no plugin.
import { existsSync, lstatSync, readFileSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type HostName, hostNames, isHostName, loadSetup } from '../agents/hosts.ts';
import type { Env } from '../domain/env.ts';
import { codeOf, RepomemError } from '../domain/errors.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { usageError } from './command.ts';
import { copyPackage, withInstallLock } from './install-package.ts';

/** Hosts whose files init can write. */
export const initNames: readonly HostName[] = hostNames.filter((name) => name !== 'protocol');

/** Throws RepomemError `usage` with the list on a name that is not known. */
export function parseAgents(names: readonly string[]): HostName[] {
  return names.map((name) => {
    if (isHostName(name) && initNames.includes(name)) return name;
    throw usageError(
      `--agent: there is no agent '${name}'; expected one of ${initNames.join(', ')}`,
      'for another one: repomem agents-md, and repomem help protocol',
    );
  });
}

/**
 * The files that changed, relative to `root`; `only`: which files. All are read before one is written. Adding also puts the package where they
 * look for it.
 */
export async function changeHostFiles(
  env: Env,
  root: string,
  way: 'add' | 'remove',
  hosts: readonly HostName[],
  only: (path: string) => boolean = () => true,
): Promise<string[]> {
  const texts = new Map<string, string | undefined>();
  const readPackage = (path: string): string => readFileSync(join(env.packageDir, path), 'utf8');
  for (const name of hosts)
    for (const { paths, add, remove } of (await loadSetup(name)).files(readPackage)) {
      if (!paths.some(only)) continue;
      const path = paths.find((one) => existsSync(join(root, one))) ?? paths[0] ?? '';
      const text = texts.has(path) ? texts.get(path) : readOwn(root, path);
      texts.set(path, way === 'add' ? add(text, path) : text && remove(text, path));
    }
  const changed = [...texts].flatMap(([path, text]) =>
    text === undefined || text === readOwn(root, path) ? [] : [{ path, text }],
  );
  if (way === 'add' && changed.length > 0) await withInstallLock(env, () => copyPackage(env));
  for (const { path, text } of changed) writeOwn(root, path, text);
  return changed.map(({ path }) => path);
}

/** Keeps the file's mode; '' removes the file, and folders that are empty then. */
export function writeOwn(root: string, path: string, text: string): void {
  const file = join(root, path);
  const mode = (lstatSync(file, { throwIfNoEntry: false })?.mode ?? 0o666) & 0o777;
  if (text !== '') return writeFileAtomic(file, text, { within: root, mode });
  rmSync(file);
  for (let folder = dirname(file); folder !== root && readdirSync(folder).length === 0; folder = dirname(folder))
    rmdirSync(folder);
}

/** A link is not followed: what it leads to may belong to somebody else. */
export function readOwn(root: string, path: string): string | undefined {
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
