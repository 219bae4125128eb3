import { join } from 'node:path';
import type { Env } from '../domain/env.ts';

/** `$XDG_CONFIG_HOME/repomem`, the user's own folder. */
export function userFolder(env: Env): string {
  return join(env.vars['XDG_CONFIG_HOME'] || join(env.home, '.config'), 'repomem');
}
