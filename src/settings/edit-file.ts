// Changes a setting in a file, with comments and order kept.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { RepomemError } from '../domain/errors.ts';
import { showValue } from './yaml-keys.ts';
import { settingOf } from './settings-table.ts';
import { writeFileAtomic } from '../store/atomic.ts';

/**
 * Sets `key` in `file` (made when missing), or takes it out when `value` is undefined. `value`: a text as typed (lists with
 * commas) or the value itself. `layer` decides what may stand there; a user's file is for its owner's eyes only.
 * Returns what was written. Throws RepomemError `bad-settings`.
 */
export async function setSetting(
  file: string,
  key: string,
  value: unknown,
  layer: 'user' | 'project' = 'user',
): Promise<unknown> {
  const setting = requireSetting(key);
  const checked = value === undefined ? undefined : checkSetting(key, value);
  const mayRestrict = setting.reach === 'restrict' && setting.restrict?.(undefined, checked) === checked;
  if (layer === 'project' && checked !== undefined && setting.reach !== 'any' && !mayRestrict)
    throw new RepomemError('bad-settings', `${key}: a project cannot set it to ${showValue(key, checked)}`, {
      hint: 'Leave out --project: it belongs to your own settings.',
    });
  const { editYaml } = await import('../format/yaml.ts');
  const isThere = existsSync(file);
  const text = editYaml(isThere ? readFileSync(file, 'utf8') : '', key.split('.'), checked, file);
  // Users may link their settings to a file in a repository of their own: the link is kept.
  if (layer === 'user') writeFileAtomic(isThere ? realpathSync(file) : file, text, { mode: 0o600, dirMode: 0o700 });
  else writeFileAtomic(file, text);
  return checked;
}

function requireSetting(key: string) {
  const setting = settingOf(key);
  if (setting) return setting;
  throw new RepomemError('bad-settings', `${key}: no such setting`, { hint: 'repomem settings lists them' });
}

/** The value of a setting, as typed or as a value. Throws RepomemError `bad-settings`. */
export function checkSetting(key: string, value: unknown): unknown {
  const { read, expected } = requireSetting(key);
  const checked = read(value);
  if (checked !== undefined) return checked;
  throw new RepomemError('bad-settings', `${key}: expected ${expected}; got ${showValue(key, value)}`);
}
