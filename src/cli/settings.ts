import { join } from 'node:path';
import { jsonOption, type Command, type CliContext } from './command.ts';
import { hintWith, nearest } from './suggest.ts';
import { RepomemError } from '../domain/errors.ts';
import { openMemory } from '../memory/open.ts';
import { userFolder } from '../settings/user-folder.ts';
import { describeSettings, loadSettings, showValue, type SettingDescription } from '../settings/settings.ts';
import { setSetting } from '../settings/edit-file.ts';
import { settingGroups } from '../settings/groups.ts';
import type { Setting } from '../settings/setting-kinds.ts';
import { settingsTable } from '../settings/settings-table.ts';
import { typedValue } from '../settings/typed.ts';
import { findMemory, memoryDirName, settingsName } from '../store/locate.ts';
import { setAutoInit } from '../setup/init.ts';
import { ownFile } from '../curate/trust.ts';

export const command: Command = {
  usage: 'settings [KEY [VALUE… | --unset]] [--project]',
  details:
    'Defaults ‹ user ‹ project ‹ environment (REPOMEM_…). A project file may restrict, never redirect or execute.\n' +
    'Lists: several words, or with commas. Numbers: 200000, 200_000 or 200k. Flags: true or false, yes or no, on or off.',
  options: {
    project: { type: 'boolean', describe: "write to the repository's settings instead of your own" },
    unset: { type: 'boolean', describe: 'take the setting out of that file: what stands below it counts again' },
    json: jsonOption,
  },
  async run(context, values, [key, ...words]) {
    const { env } = context;
    const described = describedOf(key);
    if (values['unset'] && (!described || words.length > 0))
      throw new RepomemError('usage', 'settings --unset: expected one KEY and no value', {
        hint: 'such as: repomem settings share.maxRecords --unset',
      });
    if (described && (words.length > 0 || values['unset'])) await change(context, described, words, values);
    else return list(context, key, values['json'] === true);
    if (described.key === 'autoInit') {
      const { settings } = await loadSettings({
        userFile: join(userFolder(env), settingsName),
        vars: {},
        projectIsTrusted: false,
      });
      setAutoInit(env, settings.autoInit);
    }
    return 0;
  },
};

function describedOf(key: string | undefined): SettingDescription | undefined {
  const descriptions = describeSettings();
  const described = descriptions.find((one) => one.key === key);
  if (key === undefined || described) return described;
  const keys = descriptions.map((one) => one.key);
  const lastName = keys.filter((one) => one.split('.').at(-1)?.toLowerCase() === key.toLowerCase());
  throw new RepomemError('usage', `settings: there is no setting '${key}'`, {
    hint: hintWith(lastName[0] ?? nearest(key, keys), 'repomem settings lists them'),
  });
}

async function change(
  { env, print }: CliContext,
  { key }: SettingDescription,
  words: readonly string[],
  values: Parameters<Command['run']>[1],
): Promise<void> {
  const paths = findMemory([env.cwd], env.home);
  const isProject = values['project'] === true;
  // Throws what there is to say.
  if (isProject && !paths) await openMemory(env);
  const file = isProject && paths ? join(paths.memoryDir, settingsName) : join(userFolder(env), settingsName);
  const wanted = words.length > 0 ? typedValue(settingsTable[key] as unknown as Setting<unknown>, words) : undefined;
  const value = await setSetting(file, key, wanted, isProject ? 'project' : 'user');
  if (isProject && paths) {
    const { snapshot } = await openMemory(env, paths);
    ownFile(paths, `${memoryDirName}/${settingsName}`, snapshot.objectFormat, env.now());
  }
  const isHidden = key.startsWith('key.');
  if (values['json']) print.json({ key, value: isHidden ? '(hidden)' : (value ?? null), file });
  else if (value === undefined) print.out(`${key} no longer stands in ${file}`);
  else print.out(`${key} = ${showValue(key, value)} in ${file}`);
}

async function list({ env, print }: CliContext, key: string | undefined, isJson: boolean): Promise<number> {
  const paths = findMemory([env.cwd], env.home);
  const userFile = join(userFolder(env), settingsName);
  const { settings, sources, problems } = paths
    ? await openMemory(env, paths)
    : await loadSettings({ userFile, vars: env.vars, projectIsTrusted: false });
  const rows = describeSettings()
    .filter((one) => key === undefined || one.key === key)
    .map((one) => ({ ...one, value: valueAt(settings, one.key), source: sources[one.key] }));
  if (isJson)
    print.json(rows.map((row) => (row.key.startsWith('key.') ? { ...row, value: row.value ? '(hidden)' : '' } : row)));
  else
    for (const [at, { title, settings: group }] of settingGroups(rows).entries()) {
      if (key === undefined) print.out(`${at > 0 ? '\n' : ''}${title}`);
      for (const row of group) {
        print.out(`${print.bold(row.key)} = ${showValue(row.key, row.value)}  ${print.dim(`(${row.source})`)}`);
        print.out(
          `    ${row.describe} ${print.dim(`Expected: ${row.expected}. ${row.variable}${row.reach === 'user' ? '; your own settings only' : ''}`)}`,
        );
      }
    }
  for (const problem of problems)
    print.err(print.warn(`${problem.path}${problem.line ? `:${problem.line}` : ''}: ${problem.reason}`));
  return problems.length > 0 ? 1 : 0;
}

function valueAt(settings: object, key: string): unknown {
  return key.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], settings);
}
