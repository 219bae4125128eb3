// The settings by what people need them for, the five that matter first.
import type { SettingKey } from './settings-table.ts';

const first: readonly SettingKey[] = [
  'provider',
  'context.enabled',
  'exclude.paths',
  'share.maxRecords',
  'tokens.maxPerDay',
];

const groups: readonly { title: string; holds(key: string): boolean }[] = [
  { title: 'The five that matter', holds: (key) => (first as readonly string[]).includes(key) },
  { title: 'What a session is told', holds: (key) => /^(?:context|recall|notify)\./.test(key) },
  { title: 'What becomes a record', holds: (key) => /^(?:mode|language|learn\.|exclude\.|autoInit)/.test(key) },
  { title: 'What is shared and trusted', holds: (key) => /^(?:share|trust|redact)\./.test(key) },
  { title: 'Models: costs, names, keys', holds: (key) => /^(?:tokens|model|endpoint|key)\./.test(key) },
  { title: 'The rest', holds: () => true },
];

/** Each description once, in the first group that it belongs to; the first group in its own order, the others in the table's. */
export function settingGroups<T extends { key: SettingKey }>(
  descriptions: readonly T[],
): { title: string; settings: T[] }[] {
  const left = new Set(descriptions);
  return groups.flatMap(({ title, holds }) => {
    const settings = [...left].filter(({ key }) => holds(key));
    for (const one of settings) left.delete(one);
    if (title === groups[0]?.title) settings.sort((a, b) => first.indexOf(a.key) - first.indexOf(b.key));
    return settings.length > 0 ? [{ title, settings }] : [];
  });
}
