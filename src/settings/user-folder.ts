import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { settingsName } from '../store/locate.ts';

/** `$XDG_CONFIG_HOME/repomem`, the user's own folder. */
export function userFolder(env: Env): string {
  return join(env.vars['XDG_CONFIG_HOME'] || join(env.home, '.config'), 'repomem');
}

/** The user's own settings; need not exist. */
export function userSettingsFile(env: Env): string {
  return join(userFolder(env), settingsName);
}
