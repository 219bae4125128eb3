// simple-git-hooks deletes every hook that its settings do not name, each time that it runs. Its option `preserveUnused` keeps ours.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { insertJson, parseJson, pruneJson, removeJson, type JsonPath } from '../agents/json-text.ts';
import { guardName } from './git-hook-text.ts';

const option = 'preserveUnused';

/** Our hook's entry in it was added or removed: the file; `told`: what to add by hand to settings that are a program. */
interface Change {
  changed?: string;
  told?: string;
}

/** Its settings file, in its own order of preference: `path` leads to the settings inside; absent for a script, which a person has to change. */
function findSettings(worktree: string): { file: string; path?: JsonPath } | undefined {
  const find = (types: readonly string[]): string | undefined =>
    ['.simple-git-hooks', 'simple-git-hooks']
      .flatMap((name) => types.map((type) => join(worktree, `${name}.${type}`)))
      .find(existsSync);
  const script = find(['cjs', 'js', 'mjs']);
  if (script !== undefined) return { file: script };
  const json = find(['json']);
  if (json !== undefined) return { file: json, path: [] };
  const file = join(worktree, 'package.json');
  if (!existsSync(file)) return undefined;
  const settings = parseJson(readFileSync(file, 'utf8'), file)['simple-git-hooks'];
  if (typeof settings === 'string') return { file: join(worktree, settings) };
  return typeof settings === 'object' && settings !== null ? { file, path: ['simple-git-hooks'] } : undefined;
}

/** Adds our hook to the option, or takes it out again. */
export function keepInSettings(worktree: string, isKept: boolean): Change {
  const { file, path } = findSettings(worktree) ?? {};
  if (file === undefined) return {};
  if (path === undefined)
    return isKept
      ? { told: `${file}: add ${option}: ['${guardName}'], or simple-git-hooks deletes that hook when it runs` }
      : {};
  const text = readFileSync(file, 'utf8');
  const kept = valueAt(text, file, path);
  const list: readonly unknown[] = Array.isArray(kept) ? kept : [];
  if (kept === true || list.includes(guardName) === isKept) return {};
  // `false` makes place for a list.
  const bare = Array.isArray(kept) ? text : removeJson(text, [...path, option]);
  const next = isKept
    ? insertJson(bare, [...path, option], undefined, guardName)
    : pruneJson(text, [...path, option, list.indexOf(guardName)]);
  writeFileSync(file, next);
  return { changed: file };
}

function valueAt(text: string, file: string, path: JsonPath): unknown {
  return [...path, option].reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | undefined)?.[step],
    parseJson(text, file),
  );
}
