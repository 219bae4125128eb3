// What init may write beside `.claude-mem/`: the files that hosts read, in the repository, for those who want no plugin.
import { existsSync, lstatSync, readFileSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HostName } from '../agents/agent.ts';
import { hostNames, isHostName, loadSetup } from '../agents/hosts.ts';
import type { HostFile } from '../agents/host-files.ts';
import type { Env } from '../domain/env.ts';
import { codeOf, RepomemError } from '../domain/errors.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { copyPackage, withInstallLock } from './install-package.ts';

/** Hosts whose files init can write. */
export const initNames: readonly HostName[] = hostNames.filter((name) => name !== 'protocol');

/** Throws RepomemError `usage` with the list on a name that is not known. */
export function parseAgents(names: readonly string[]): HostName[] {
  return names.map((name) => {
    if (isHostName(name) && initNames.includes(name)) return name;
    throw new RepomemError('usage', `--agent: there is no agent '${name}'; expected one of ${initNames.join(', ')}`, {
      hint: 'for another one: repomem agents-md, and repomem help protocol',
    });
  });
}

interface Change {
  path: string;
  before: string | undefined;
  /** '' removes the file. */
  after: string;
}

export interface FileRequest {
  hosts: readonly HostName[];
  way: 'add' | 'remove';
  /** Only files of which this path is one. */
  only?: (path: string) => boolean;
}

/** The files that changed, relative to `root`. All are read before one is written. Adding also puts the package where they look for it. */
export async function changeHostFiles(env: Env, root: string, { hosts, way, only }: FileRequest): Promise<string[]> {
  const changes: Change[] = [];
  const readPackage = (path: string): string => readFileSync(join(env.packageDir, path), 'utf8');
  for (const name of hosts)
    for (const file of (await loadSetup(name)).files(readPackage)) {
      if (only && !file.paths.some(only)) continue;
      const change = changeOf(root, file, way);
      if (change) changes.push(change);
    }
  if (changes.length === 0) return [];
  if (way === 'add') withInstallLock(env, () => copyPackage(env));
  for (const change of changes) writeBack(root, change);
  return changes.map(({ path }) => path);
}

function changeOf(root: string, file: HostFile, way: 'add' | 'remove'): Change | undefined {
  const path = file.paths.find((name) => existsSync(join(root, name))) ?? file.paths[0] ?? '';
  const before = readOwn(root, path);
  if (way === 'remove' && before === undefined) return undefined;
  const after = way === 'add' ? file.add(before, path) : file.remove(before ?? '', path);
  return after === before ? undefined : { path, before, after };
}

function writeBack(root: string, { path, before, after }: Change): void {
  const file = join(root, path);
  if (after === '') {
    rmSync(file);
    for (let folder = dirname(file); folder !== root && readdirSync(folder).length === 0; folder = dirname(folder))
      rmdirSync(folder);
    return;
  }
  const mode = before === undefined ? 0o666 : lstatSync(file).mode & 0o777;
  writeFileAtomic(file, after, { within: root, mode });
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
