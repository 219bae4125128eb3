// Merges the user's settings: defaults ‹ user ‹ project ‹ environment. A project file comes with a clone, so it may restrict, never
// redirect or execute; an unreviewed one can only restrict.
import type { Env } from '../domain/env.ts';
import type { Problem } from '../domain/record.ts';
import { noteIn, readGiven, readKeys, readSmallFile, showValue, type Given, type Note } from './yaml-keys.ts';
import { settingList, settingOf, type SettingKey, type SettingRow, type Settings } from './settings-table.ts';
import { userSettingsFile } from './user-folder.ts';

export type { Settings } from './settings-table.ts';

type SettingSource = 'default' | 'user' | 'project' | 'environment';

export interface SettingsOptions {
  /** Absolute; need not exist. Links are followed: the file belongs to the user. */
  userFile: string;
  /** `.claude-mem/settings.yaml`. */
  projectFile?: string;
  /** Its text, where that is not what stands on disk. */
  projectText?: string;
  vars: Readonly<Record<string, string | undefined>>;
  /** The project file's bytes are reviewed or were written here. */
  projectIsTrusted: boolean;
}

export interface LoadedSettings {
  settings: Settings;
  /** Invalid values and keys; they are ignored. */
  problems: Problem[];
  /** The layer that set each value. */
  sources: Record<SettingKey, SettingSource>;
}

const fileVersion = 1;

/** Never throws: an unreadable file counts as empty and is reported as a problem. */
export async function loadSettings(options: SettingsOptions): Promise<LoadedSettings> {
  const { userFile, projectFile, projectText, projectIsTrusted, vars } = options;
  const problems: Problem[] = [];
  const values = new Map<string, unknown>(settingList.map((row) => [row.key, row.default]));
  const sources = new Map<string, SettingSource>(settingList.map(({ key }) => [key, 'default']));
  const applyOne = (source: SettingSource, given: Given, note: Note): void => {
    const { key, line } = given;
    const fail = (code: string, reason: string): void => note(code, `${key}: ${reason}`, line);
    if (key === 'version') {
      if (given.value !== fileVersion) fail('version', `expected ${fileVersion}; got ${showValue(key, given.value)}`);
      return;
    }
    const setting = settingOf(key);
    if (!setting) return fail('unknown-key', 'no such setting; `repomem settings` lists them');
    const value = readGiven(given, setting, note);
    if (value === undefined) return;
    const { reach, restrict, add } = setting;
    if (source === 'project' && reach === 'user')
      return fail('user-only', 'a project cannot set it; put it in your own settings');
    const current = values.get(key);
    const mayWiden = projectIsTrusted && (!restrict || (reach === 'any' && sources.get(key) !== 'user'));
    const isFree = source !== 'project' || mayWiden;
    const next = isFree ? (add?.(current, value) ?? value) : (restrict?.(current, value) ?? current);
    if (isFree || next !== current) {
      values.set(key, next);
      sources.set(key, source);
    } else if (value === current) return;
    else if (!projectIsTrusted)
      fail('unreviewed', 'not obeyed until this file is reviewed on the default branch or trusted');
    else if (reach === 'restrict')
      fail('user-only', `a project may only restrict it; ${showValue(key, current)} stays`);
  };
  const apply = (source: SettingSource, given: readonly Given[], note = noteIn(problems, source)): void =>
    given.forEach((one) => applyOne(source, one, note));
  const applyFile = async (source: SettingSource, file: string, given?: string): Promise<void> => {
    const note = noteIn(problems, file);
    const text = given ?? readSmallFile(file, note, source === 'user')?.toString('utf8');
    if (text !== undefined) apply(source, await readKeys(text, note), note);
  };
  const inVariables = (namesOf: (row: SettingRow) => readonly string[]): Given[] =>
    settingList.flatMap((row) => namesOf(row).flatMap((name) => givenOf(row.key, vars[name])));
  // Variables of other programs; our own settings take precedence.
  apply(
    'environment',
    inVariables(({ variables = [] }) => variables),
  );
  await applyFile('user', userFile);
  if (projectFile !== undefined) await applyFile('project', projectFile, projectText);
  apply(
    'environment',
    inVariables(({ variable }) => [variable]),
  );
  const settings: Record<string, unknown> = {};
  for (const [key, value] of values) setNested(settings, key, value);
  return {
    settings: settings as unknown as Settings,
    problems,
    sources: Object.fromEntries(sources) as Record<SettingKey, SettingSource>,
  };
}

/** The user's own settings alone, for a place without a memory. */
export function loadUserSettings(env: Env, vars = env.vars): Promise<LoadedSettings> {
  return loadSettings({ userFile: userSettingsFile(env), vars, projectIsTrusted: false });
}

/** All settings with value and source, in the table's order, as `repomem settings --json` shows them: keys are never shown. */
export function describeSettings({ settings, sources }: Pick<LoadedSettings, 'settings' | 'sources'>) {
  return settingList.map((row) => {
    const value = row.key
      .split('.')
      .reduce<unknown>((level, name) => (level as Record<string, unknown>)[name], settings);
    const shown = row.key.startsWith('key.') ? value && '(hidden)' : value;
    return { ...row, value: shown, source: sources[row.key] };
  });
}

/** The variables that set something here, as `NAME=value`: others that begin like them, such as the hooks' own, set nothing. */
export function settingVariables(vars: SettingsOptions['vars']): string[] {
  return settingList
    .flatMap(({ variable }) => givenOf(variable, vars[variable]))
    .map(({ key, value }) => `${key}=${String(value)}`);
}

/** An empty variable counts as unset. */
function givenOf(key: string, value: string | undefined): Given[] {
  return value === undefined || value === '' ? [] : [{ key, value }];
}

/** Sets the value of a key with dots: `share.maxRecords` below `share`. */
export function setNested(root: Record<string, unknown>, key: string, value: unknown): void {
  const names = key.split('.');
  let level = root;
  for (const name of names.slice(0, -1)) level = (level[name] ??= {}) as Record<string, unknown>;
  level[names.at(-1) ?? key] = value;
}
