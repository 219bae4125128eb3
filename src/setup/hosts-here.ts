// State of the hosts: installed on this machine, set up in this repository, trusted, last seen.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { HostName } from '../agents/agent.ts';
import { hostNames, hosts, loadSetup } from '../agents/hosts.ts';
import { copyPath, type HostSetup } from '../agents/host-files.ts';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { lastSeen } from '../capture/last-seen.ts';
import type { Finding } from './doctor-finding.ts';

/** Hosts that are installed or have files in the repository, in the table's order. */
export async function findHosts(env: Env, root: string): Promise<HostName[]> {
  const found: HostName[] = [];
  for (const name of hostNames) {
    const setup = await loadSetup(name);
    if (isInstalled(env, setup) || hookFilesOf(env, root, setup).some(({ isThere }) => isThere)) found.push(name);
  }
  return found;
}

/** One finding per host: installed, hooks set up, trusted, last event, remedy. Claude Code has separate findings. */
export async function checkHosts(env: Env, paths: MemoryPaths): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of hostNames) {
    if (name === 'claude-code') continue;
    const setup = await loadSetup(name);
    const files = hookFilesOf(env, paths.root, setup);
    const isHooked = files.some(({ isOurs }) => isOurs);
    const seen = lastSeen(paths, name);
    if (!isInstalled(env, setup) && !isHooked && seen === undefined) continue;
    findings.push(findingOf(env, paths, { name, setup, isHooked, seen }));
  }
  return findings;
}

interface HostState {
  name: HostName;
  setup: HostSetup;
  isHooked: boolean;
  /** ISO 8601. */
  seen: string | undefined;
}

function findingOf(env: Env, paths: MemoryPaths, { name, setup, isHooked, seen }: HostState): Finding {
  const { title } = hosts[name];
  const told = seen === undefined ? 'no event yet' : `last event ${seen}`;
  const caveat = setup.caveat === undefined ? '' : ` (${setup.caveat})`;
  if (!isHooked && seen === undefined)
    return {
      level: 'note',
      what: `${title}: found on this machine, not hooked up here${caveat}`,
      cure: `repomem init --agent ${name}`,
    };
  if (!isHooked) return { level: 'ok', what: `${title}: by its own plugin, ${told}${caveat}` };
  const { trust } = setup;
  const isTrusted = trust?.isTrusted(readText(join(env.home, trust.path)), paths.root);
  const words = isTrusted === undefined ? 'hooked' : isTrusted ? 'hooked, trusted' : 'hooked, not known to be trusted';
  const what = `${title}: ${words}, ${told}${caveat}`;
  if (isTrusted === false && seen === undefined) return { level: 'note', what, ...(trust && { cure: trust.cure }) };
  return { level: 'ok', what };
}

function isInstalled(env: Env, { programs, homes }: HostSetup): boolean {
  const folders = (env.vars['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  if (programs.some((program) => folders.some((folder) => existsSync(join(folder, program))))) return true;
  return env.home !== '' && homes.some((name) => hasEntries(join(env.home, name)));
}

function hasEntries(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
}

function hookFilesOf(env: Env, root: string, setup: HostSetup): { isThere: boolean; isOurs: boolean }[] {
  const files = setup.files((path) => readFileSync(join(env.packageDir, path), 'utf8'));
  return files.map(({ paths }) => {
    const text = paths.map((path) => readText(join(root, path))).join('');
    return { isThere: text !== '', isOurs: text.includes(copyPath) || /^name: repomem$/m.test(text) };
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
