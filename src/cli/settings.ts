import { join } from 'node:path';
import { ownFile } from '../curate/trust.ts';
import { findMemoryHere, openMemory } from '../memory/open.ts';
import { setSetting } from '../settings/edit-file.ts';
import { settingGroups } from '../settings/groups.ts';
import { showValue } from '../settings/yaml-keys.ts';
import { describeSettings, loadUserSettings } from '../settings/settings.ts';
import { settingsTable, type SettingRow } from '../settings/settings-table.ts';
import { userSettingsFile } from '../settings/user-folder.ts';
import { setAutoInit } from '../setup/init.ts';
import { findMemory, memoryDirName, settingsName } from '../store/locate.ts';
import { defineCommand, usageError, type CliContext } from './command.ts';
import { hintWith, nearest } from './suggest.ts';

export const command = defineCommand({
  usage: 'settings [KEY [VALUE… | --unset]] [--project]',
  details:
    'Defaults ‹ user ‹ project ‹ environment (REPOMEM_…). A project file may restrict, never redirect or execute.\n' +
    'Lists: several words, or with commas. Numbers: 200000, 200_000 or 200k. Flags: true or false, yes or no, on or off.',
  words: {},
  options: {
    project: "write to the repository's settings instead of your own",
    unset: 'take the setting out of that file: what stands below it counts again',
  },
  async run(context, { project, unset }, [key, ...words]) {
    if (key !== undefined) requireKey(key);
    if (unset && (key === undefined || words.length > 0))
      throw usageError(
        'settings --unset: expected one KEY and no value',
        'such as: repomem settings share.maxRecords --unset',
      );
    if (key === undefined || (words.length === 0 && !unset)) return list(context, key);
    return change(context, key as keyof typeof settingsTable, words, project);
  },
});

function requireKey(key: string): void {
  const keys = Object.keys(settingsTable);
  if (keys.includes(key)) return;
  const sameEnd = keys.find((one) => one.split('.').at(-1)?.toLowerCase() === key.toLowerCase());
  throw usageError(
    `settings: there is no setting '${key}'`,
    hintWith(sameEnd ?? nearest(key, keys), 'repomem settings lists them'),
  );
}

/** Sets the words as the value; without words takes the setting out. */
async function change(
  { env, answer }: CliContext,
  key: keyof typeof settingsTable,
  words: readonly string[],
  isProject: boolean,
): Promise<number> {
  const paths = isProject ? findMemoryHere(env) : undefined;
  const file = paths ? join(paths.memoryDir, settingsName) : userSettingsFile(env);
  const isList = settingsTable[key].schema['type'] === 'array';
  const wanted = words.length === 0 ? undefined : isList ? listOf(words) : unquoted(words.join(' '));
  const value = await setSetting(file, key, wanted, paths ? 'project' : 'user');
  if (paths) {
    const { snapshot } = await openMemory(env, paths);
    ownFile(paths, `${memoryDirName}/${settingsName}`, snapshot.objectFormat, env.now());
  }
  if (key === 'autoInit') setAutoInit(env, (await loadUserSettings(env, {})).settings.autoInit);
  return answer({ key, value: key.startsWith('key.') ? '(hidden)' : (value ?? null), file }, [
    value === undefined ? `${key} no longer stands in ${file}` : `${key} = ${showValue(key, value)} in ${file}`,
  ]);
}

/** A list may stand as several words, with commas, in quotes or in brackets. */
function listOf(words: readonly string[]): string[] {
  // Commas part items, but within quotes.
  const items = words.flatMap((word) => word.replace(/^\[|\]$/g, '').match(/(?:"[^"]*"|'[^']*'|[^,])+/g) ?? []);
  return items.map(unquoted).filter(Boolean);
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])([^]*)\1$/, '$2');
}

async function list({ env, print, answer }: CliContext, key: string | undefined): Promise<number> {
  const paths = findMemory([env.cwd], env.home);
  const loaded = paths ? await openMemory(env, paths) : await loadUserSettings(env);
  const { problems } = loaded;
  const rows = describeSettings(loaded).filter((one) => key === undefined || one.key === key);
  const groups = settingGroups(rows).map(({ title, settings: group }) => [
    ...(key === undefined ? [title] : []),
    ...group.flatMap((row) => [
      `${print.bold(row.key)} = ${showValue(row.key, row.value)}  ${print.dim(`(${row.source})`)}`,
      `    ${row.describe} ${print.dim(explained(row))}`,
    ]),
  ]);
  const code = answer(rows, [groups.map((lines) => lines.join('\n')).join('\n\n')], problems.length > 0 ? 1 : 0);
  for (const { path, line, reason } of problems) print.err(print.warn(`${path}${line ? `:${line}` : ''}: ${reason}`));
  return code;
}

/** What a setting takes, and where else it can be set. */
export function explained({ expected, variable, reach }: SettingRow): string {
  return `Expected: ${expected}. ${variable}${reach === 'user' ? '; your own settings only' : ''}`;
}
