// Merges the user's settings: defaults ‹ user ‹ project ‹ environment. A project file comes with a clone, so it may restrict, never
// redirect or execute; an unreviewed one can only restrict.
import { lstatSync, readFileSync, statSync } from 'node:fs';
import type { Env } from '../domain/env.ts';
import { codeOf } from '../domain/errors.ts';
import type { Problem } from '../domain/record.ts';
import type { Setting } from './setting-kinds.ts';
import { settingList, settingOf, variableOf, type SettingKey, type Settings } from './settings-table.ts';
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

interface Given {
  key: string;
  value: unknown;
  line?: number;
}

const fileMaxBytes = 64 * 1024;
const fileVersion = 1;

/** Never throws: an unreadable file counts as empty and is reported as a problem. */
export async function loadSettings(options: SettingsOptions): Promise<LoadedSettings> {
  const { userFile, projectFile, projectText, projectIsTrusted, vars } = options;
  const problems: Problem[] = [];
  const values = new Map<string, unknown>(settingList.map(([key, setting]) => [key, setting.default]));
  const sources = new Map<string, SettingSource>(settingList.map(([key]) => [key, 'default']));
  const applyOne = (source: SettingSource, path: string, { key, value: asked, line }: Given): void => {
    const fail = (code: string, reason: string): void =>
      void problems.push({ path, code, reason: `${key}: ${reason}`, ...(line !== undefined && { line }) });
    const setting = settingOf(key);
    if (!setting) return fail('unknown-key', 'no such setting; `repomem settings` lists them');
    const [value, current] = [setting.read(asked), values.get(key)];
    if (value === undefined) return fail('bad-value', `expected ${setting.expected}; got ${showValue(key, asked)}`);
    const { reach, restrict, adds } = setting;
    if (source === 'project' && reach === 'user')
      return fail('user-only', 'a project cannot set it; put it in your own settings');
    const mayWiden = projectIsTrusted && (!restrict || (reach === 'any' && sources.get(key) !== 'user'));
    const isFree = source !== 'project' || mayWiden;
    const narrower = isFree ? value : (restrict?.(current, value) ?? current);
    const next = adds && (isFree || restrict) ? merge(setting, current, value) : narrower;
    if (isFree || next !== current) {
      values.set(key, next);
      sources.set(key, source);
    } else if (value === current) return;
    else if (!projectIsTrusted)
      fail('unreviewed', 'not obeyed until this file is reviewed on the default branch or trusted');
    else if (reach === 'restrict')
      fail('user-only', `a project may only restrict it; ${showValue(key, current)} stays`);
  };
  const apply = (source: SettingSource, path: string, given: readonly Given[]): void =>
    given.forEach((one) => applyOne(source, path, one));
  const inVariables = (namesOf: (key: string, setting: Setting<unknown>) => readonly string[]): Given[] =>
    settingList.flatMap(([key, setting]) => namesOf(key, setting).flatMap((name) => givenOf(key, vars[name])));
  // Variables of other programs; our own settings take precedence.
  apply(
    'environment',
    'environment',
    inVariables((_, { variables = [] }) => variables),
  );
  apply('user', userFile, await readSettingsFile(userFile, true, problems));
  if (projectFile !== undefined)
    apply('project', projectFile, await readSettingsFile(projectFile, false, problems, projectText));
  apply(
    'environment',
    'environment',
    inVariables((key) => [variableOf(key)]),
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

export interface SettingDescription extends Pick<
  Setting<unknown>,
  'default' | 'describe' | 'expected' | 'reach' | 'isExperimental'
> {
  key: SettingKey;
  /** The environment variable that overrides it. */
  variable: string;
}

/** Entries for `repomem settings` and the documentation, in the table's order. */
export function describeSettings(): SettingDescription[] {
  return settingList.map(([key, { default: value, describe, expected, reach, isExperimental }]) => ({
    key,
    default: value,
    describe,
    expected,
    reach,
    variable: variableOf(key),
    ...(isExperimental && { isExperimental }),
  }));
}

/** Formats a value for people; keys and tokens are hidden. */
export function showValue(key: string, value: unknown): string {
  if (key.startsWith('key.')) return value === '' ? '""' : '"…" (hidden)';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function merge(setting: Setting<unknown>, current: unknown, value: unknown): unknown {
  return setting.restrict?.(current, value) ?? [...(current as unknown[]), ...(value as unknown[])];
}

async function readSettingsFile(
  file: string,
  followsLinks: boolean,
  problems: Problem[],
  given?: string,
): Promise<Given[]> {
  const fail = (code: string, reason: string, line?: number): Given[] => {
    problems.push({ path: file, code, reason, ...(line !== undefined && { line }) });
    return [];
  };
  let text = given ?? '';
  try {
    const stat = given !== undefined ? undefined : followsLinks ? statSync(file) : lstatSync(file);
    if (stat?.isFile() === false) return fail('link', 'expected a regular file; not read');
    const size = stat?.size ?? Buffer.byteLength(text);
    if (size > fileMaxBytes) return fail('too-big', `${size} bytes; expected at most ${fileMaxBytes}`);
    if (stat) text = readFileSync(file, 'utf8');
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? [] : fail('unreadable', `cannot be read (${codeOf(error) ?? 'error'})`);
  }
  // Only comments and the version, as `init` writes it.
  if (text.split('\n').every((line) => /^\s*(?:#.*|version:[ \t]*1[ \t]*)?\r?$/.test(line))) return [];
  // Loaded only here: most projects never need the YAML library in a hook.
  const { parseYaml } = await import('../format/yaml.ts');
  const parsed = parseYaml(text);
  if ('problem' in parsed) return fail(parsed.problem.code, parsed.problem.reason, parsed.problem.line);
  if (parsed.value === null) return [];
  if (typeof parsed.value !== 'object' || Array.isArray(parsed.value))
    return fail('bad-yaml', 'expected lines of the form key: value', 1);
  const values = flatten(parsed.value as Record<string, unknown>).map(({ path, value }): Given => {
    const line = parsed.lineOf(path);
    return { key: path.join('.'), value, ...(line === undefined ? {} : { line }) };
  });
  const version = values.find(({ key }) => key === 'version');
  if (version !== undefined && version.value !== fileVersion)
    fail('version', `version: expected ${fileVersion}; got ${showValue('version', version.value)}`, version.line);
  return values.filter(({ key }) => key !== 'version');
}

/** A map that is not a setting is a level of nesting; `null` (a key whose lines are all commented out) sets nothing. */
function flatten(map: Record<string, unknown>, above: string[] = []): { path: string[]; value: unknown }[] {
  return Object.entries(map).flatMap(([name, value]) => {
    const path = [...above, name];
    if (value === null) return [];
    const isLevel = typeof value === 'object' && !Array.isArray(value) && !settingOf(path.join('.'));
    return isLevel && path.length < 4 ? flatten(value as Record<string, unknown>, path) : [{ path, value }];
  });
}

/** The variables that set something here, as `NAME=value`: others that begin like them, such as the hooks' own, set nothing. */
export function settingVariables(vars: SettingsOptions['vars']): string[] {
  return settingList
    .flatMap(([key]) => givenOf(variableOf(key), vars[variableOf(key)]))
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
