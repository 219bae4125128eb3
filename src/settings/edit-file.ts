// Changes settings: one in a file, with comments and order kept, or some in memory.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { RepomemError } from '../domain/errors.ts';
import type { Setting } from './setting-kinds.ts';
import { setNested, showValue } from './settings.ts';
import { isSettingKey, settingsTable, type Settings } from './settings-table.ts';
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
  const setting = settingOf(key);
  const checked = value === undefined ? undefined : check(key, value);
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

/** The settings with other values, by key, as typed or as values. Throws RepomemError `bad-settings`. */
export function withValues(settings: Settings, values: Readonly<Record<string, unknown>>): Settings {
  const next = structuredClone(settings) as unknown as Record<string, unknown>;
  for (const [key, value] of Object.entries(values)) setNested(next, key, check(key, value));
  return next as unknown as Settings;
}

function settingOf(key: string): Setting<unknown> {
  if (isSettingKey(key)) return settingsTable[key] as unknown as Setting<unknown>;
  throw new RepomemError('bad-settings', `${key}: no such setting`, { hint: 'repomem settings lists them' });
}

function check(key: string, value: unknown): unknown {
  const { read, expected } = settingOf(key);
  const checked = read(value);
  if (checked !== undefined) return checked;
  throw new RepomemError('bad-settings', `${key}: expected ${expected}; got ${showValue(key, value)}`);
}
