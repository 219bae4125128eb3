// State of the hosts: installed on this machine, set up in this repository, trusted, last seen.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HostName, hostNames, hosts, loadSetup } from '../agents/hosts.ts';
import { copyPath, type HostSetup } from '../agents/host-files.ts';
import { lastSeen } from '../capture/notices.ts';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { namesIn, readTextOrEmpty } from '../store/lenient-files.ts';
import { type Finding, note, ok } from './doctor-finding.ts';
import { pathFolders } from './machine.ts';

/** Every host as it stands here, in the table's order. `texts`: of its files in the repository, '' for those that are not there. */
async function lookAtHosts(env: Env, root: string) {
  const readPackage = (path: string): string => readFileSync(join(env.packageDir, path), 'utf8');
  return Promise.all(
    hostNames.map(async (name) => {
      const setup = await loadSetup(name);
      const texts = setup
        .files(readPackage)
        .flatMap(({ paths }) => paths.map((path) => readTextOrEmpty(join(root, path))));
      return { name, setup, texts, isInstalled: isInstalled(env, name, setup) };
    }),
  );
}

/** Hosts that are installed or have files in the repository. */
export async function findHosts(env: Env, root: string): Promise<HostName[]> {
  const looked = await lookAtHosts(env, root);
  return looked.filter((one) => one.isInstalled || one.texts.some((text) => text !== '')).map(({ name }) => name);
}

/** One finding per host: installed, hooks set up, trusted, last event, remedy. Claude Code has separate findings. */
export async function checkHosts(env: Env, paths: MemoryPaths): Promise<Finding[]> {
  const { root } = paths;
  return (await lookAtHosts(env, root)).flatMap(({ name, setup: { trust, caveat }, texts, ...host }): Finding[] => {
    const isHooked = texts.some((text) => text.includes(copyPath) || /^name: repomem$/m.test(text));
    // ISO 8601.
    const seen = lastSeen(paths, name);
    if (name === 'claude-code' || !(host.isInstalled || isHooked || seen !== undefined)) return [];
    const { title } = hosts[name];
    const noted = caveat === undefined ? '' : ` (${caveat})`;
    if (!isHooked && seen === undefined)
      return [note(`${title}: found on this machine, not hooked up here${noted}`, `repomem init --agent ${name}`)];
    const end = `${seen === undefined ? 'no event yet' : `last event ${seen}`}${noted}`;
    if (!isHooked) return [ok(`${title}: by its own plugin, ${end}`)];
    const isTrusted = trust?.isTrusted(readTextOrEmpty(join(env.home, trust.path)), root);
    const words =
      isTrusted === undefined ? 'hooked' : isTrusted ? 'hooked, trusted' : 'hooked, not known to be trusted';
    const what = `${title}: ${words}, ${end}`;
    return [isTrusted === false && seen === undefined ? note(what, trust?.cure) : ok(what)];
  });
}

function isInstalled({ vars, home }: Env, name: HostName, setup: HostSetup): boolean {
  const { programs = [name], homes = [`.${name}`] } = setup;
  const folders = pathFolders(vars);
  if (programs.some((program) => folders.some((folder) => existsSync(join(folder, program))))) return true;
  return home !== '' && homes.some((folder) => namesIn(join(home, folder)).length > 0);
}
