// How the program is called on this machine: hints name what is really there.
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Env } from '../domain/env.ts';

/**
 * `repomem` where the PATH has it, `npx repomem` once the package says that it is published (`"repomem": { "published": true }` in its
 * package.json), else this very file.
 */
export function programName({ vars, packageDir }: Pick<Env, 'vars' | 'packageDir'>): string {
  if (findOnPath(vars['PATH'], 'repomem') !== undefined) return 'repomem';
  if (isPublished(packageDir)) return 'npx repomem';
  const file = join(packageDir, 'bin/repomem.js');
  return `node ${/^[\w@%+=:,./-]+$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`}`;
}

export function findOnPath(path: string | undefined, name: string): string | undefined {
  return (
    (path ?? '')
      .split(delimiter)
      // What npx and npm scripts put there is gone with them.
      .filter((folder) => isAbsolute(folder) && !/node_modules\/\.bin\/?$/.test(folder))
      .map((folder) => join(folder, name))
      .find((file) => {
        try {
          accessSync(file, constants.X_OK);
          return true;
        } catch {
          return false;
        }
      })
  );
}

function isPublished(packageDir: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as {
      repomem?: { published?: boolean };
    };
    return manifest.repomem?.published === true;
  } catch {
    return false;
  }
}

/** The plugin runs us, or the client's own files say that it is installed. */
export function isPluginHere({ vars, home }: Pick<Env, 'vars' | 'home'>): boolean {
  if (vars['CLAUDE_PLUGIN_ROOT']) return true;
  const config = vars['CLAUDE_CONFIG_DIR'] || join(home, '.claude');
  try {
    return /"repomem@/.test(readFileSync(join(config, 'plugins/installed_plugins.json'), 'utf8'));
  } catch {
    return false;
  }
}
