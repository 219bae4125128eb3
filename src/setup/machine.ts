// What setup asks of this machine: programs on the PATH, small text files, how this program is called here.
import { constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { isAccessible, readJson, readTextOrEmpty } from '../store/lenient-files.ts';

/** A file that may be executed. */
export function isProgram(file: string): boolean {
  return isAccessible(file, constants.X_OK) && statSync(file).isFile();
}

export function pathFolders(vars: Readonly<Record<string, string | undefined>>): string[] {
  return (vars['PATH'] ?? '').split(delimiter).filter(isAbsolute);
}

export function findOnPath(vars: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  // What npx and npm scripts put there is gone with them.
  const lasting = pathFolders(vars).filter((folder) => !/node_modules\/\.bin\/?$/.test(folder));
  return lasting.map((folder) => join(folder, name)).find(isProgram);
}

/**
 * `repomem` where the PATH has it, `npx repomem` once the package says that it is published (`"repomem": { "published": true }` in its
 * package.json), else this very file.
 */
export function programName({ vars, packageDir }: Pick<Env, 'vars' | 'packageDir'>): string {
  if (findOnPath(vars, 'repomem') !== undefined) return 'repomem';
  const manifest = readJson(join(packageDir, 'package.json')) as { repomem?: { published?: boolean } } | undefined;
  if (manifest?.repomem?.published === true) return 'npx repomem';
  const file = join(packageDir, 'bin/repomem.js');
  return `node ${/^[\w@%+=:,./-]+$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`}`;
}

/** The plugin runs us, or the client's own files say that it is installed. */
export function isPluginHere({ vars, home }: Pick<Env, 'vars' | 'home'>): boolean {
  const config = vars['CLAUDE_CONFIG_DIR'] || join(home, '.claude');
  return (
    !!vars['CLAUDE_PLUGIN_ROOT'] ||
    readTextOrEmpty(join(config, 'plugins/installed_plugins.json')).includes('"repomem@')
  );
}
