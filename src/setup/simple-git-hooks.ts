// simple-git-hooks deletes every hook that its settings do not name, each time that it runs. Its option `preserveUnused` keeps ours.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { insertJson, parseJson, removeJson, type JsonPath } from '../agents/json-text.ts';
import { guardName } from './git-hook-text.ts';

const option = 'preserveUnused';

/** Its settings file: `path` leads to the settings inside; absent for a script, which a person has to change. */
interface SettingsFile {
  file: string;
  path?: JsonPath;
}

/** In its own order of preference. */
function findSettings(worktree: string): SettingsFile | undefined {
  const scripts = ['.simple-git-hooks', 'simple-git-hooks'].flatMap((name) =>
    ['cjs', 'js', 'mjs'].map((type) => join(worktree, `${name}.${type}`)),
  );
  const script = scripts.find((file) => existsSync(file));
  if (script !== undefined) return { file: script };
  const own = ['.simple-git-hooks.json', 'simple-git-hooks.json'].map((name) => join(worktree, name));
  const json = own.find((file) => existsSync(file));
  if (json !== undefined) return { file: json, path: [] };
  const file = join(worktree, 'package.json');
  if (!existsSync(file)) return undefined;
  const settings = parseJson(readFileSync(file, 'utf8'), file)['simple-git-hooks'];
  if (typeof settings === 'string') return { file: join(worktree, settings) };
  return typeof settings === 'object' && settings !== null ? { file, path: ['simple-git-hooks'] } : undefined;
}

/** Adds our hook to the option. `changed`: the file, if it was; `told`: what to add by hand to settings that are a program. */
export function keepInSettings(worktree: string): { changed?: string; told?: string } {
  const found = findSettings(worktree);
  if (found === undefined) return {};
  const { file, path } = found;
  if (path === undefined)
    return { told: `${file}: add ${option}: ['${guardName}'], or simple-git-hooks deletes that hook when it runs` };
  const text = readFileSync(file, 'utf8');
  const kept = valueAt(text, file, path);
  if (kept === true || (Array.isArray(kept) && kept.includes(guardName))) return {};
  writeFileSync(
    file,
    Array.isArray(kept)
      ? insertJson(text, [...path, option], undefined, guardName)
      : insertJson(text, path, option, [guardName]),
  );
  return { changed: file };
}

/** Reverses keepInSettings; returns the changed file. */
export function dropFromSettings(worktree: string): string | undefined {
  const found = findSettings(worktree);
  if (found?.path === undefined) return undefined;
  const { file, path } = found;
  const text = readFileSync(file, 'utf8');
  const kept: unknown = valueAt(text, file, path);
  if (!Array.isArray(kept) || !kept.includes(guardName)) return undefined;
  const ours = [...path, option, ...(kept.length === 1 ? [] : [kept.indexOf(guardName)])];
  writeFileSync(file, removeJson(text, ours));
  return file;
}

function valueAt(text: string, file: string, path: JsonPath): unknown {
  let value: unknown = parseJson(text, file);
  for (const step of [...path, option]) value = (value as Record<string, unknown> | undefined)?.[step];
  return value;
}
