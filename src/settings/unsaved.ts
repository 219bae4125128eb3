// Settings with unsaved values applied, checked like those of a file.
import { RepomemError } from '../domain/errors.ts';
import type { Setting } from './setting-kinds.ts';
import { showValue } from './settings.ts';
import { isSettingKey, settingsTable, type Settings } from './settings-table.ts';

/** `values`: by key, as typed or as values. Throws RepomemError `bad-settings` for an unknown key or an invalid value. */
export function withValues(settings: Settings, values: Readonly<Record<string, unknown>>): Settings {
  const next = structuredClone(settings) as unknown as Record<string, unknown>;
  for (const [key, value] of Object.entries(values)) {
    if (!isSettingKey(key))
      throw new RepomemError('bad-settings', `${key}: no such setting`, { hint: 'repomem settings lists them' });
    const setting = settingsTable[key] as unknown as Setting<unknown>;
    const checked = setting.read(value);
    if (checked === undefined)
      throw new RepomemError('bad-settings', `${key}: expected ${setting.expected}; got ${showValue(key, value)}`);
    const names = key.split('.');
    let level = next;
    for (const name of names.slice(0, -1)) level = level[name] as Record<string, unknown>;
    level[names.at(-1) ?? key] = checked;
  }
  return next as unknown as Settings;
}
