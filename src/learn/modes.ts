// What to look for in a session, as data: a mode of the package, or the repository's own under .claude-mem/modes, which extends one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blankMode, type Mode } from '../compress/providers/provider.ts';
import type { Problem } from '../domain/record.ts';
import { observationTypes } from '../domain/types.ts';
import { isFileTrusted, type Memory } from '../memory/open.ts';
import { noteIn, readGiven, readKeys, readSmallFile, type Note } from '../settings/yaml-keys.ts';
import { choice, line, list } from '../settings/setting-kinds.ts';
import { memoryDirName } from '../store/locate.ts';

const builtIn = ['code', 'chill'] as const;
const guidanceMaxChars = 2_000;

/** What each key of a file takes; absent ones come from the mode that it extends. */
const keys = {
  name: line('', 'For readers; the name of the file counts.'),
  extends: choice(builtIn, 'code', 'The mode that this one adds to.'),
  types: list([], 'Types that may be written; none named: those of the mode that it extends.', {
    of: Object.keys(observationTypes),
  }),
  concepts: list([], 'More concepts to choose from.'),
  guidance: line('', 'Added to the instructions of a model.', {
    pattern: new RegExp(`^[^]{0,${guidanceMaxChars}}$`),
    expected: `a text of at most ${guidanceMaxChars} characters`,
  }),
  language: line('', 'Language of the records, if the settings name none.', {
    pattern: /^\p{L}[\p{L} -]{0,30}$/u,
    expected: 'the name of a language',
  }),
  minImportance: {
    expected: 'a number from 0 to 1',
    read: (value: unknown) => (typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined),
  },
};

type ModeFile = { [K in keyof typeof keys]?: ReturnType<(typeof keys)[K]['read']> };

/** Problems name line and key; such keys are left out. */
export async function parseMode(text: string, note: Note): Promise<ModeFile> {
  const file: Record<string, unknown> = {};
  for (const given of await readKeys(text, note)) {
    const { key, line: at } = given;
    if (Object.hasOwn(keys, key)) file[key] = readGiven<unknown>(given, keys[key as keyof ModeFile], note);
    else note('unknown-key', `${key}: no such key; expected ${Object.keys(keys).join(', ')}`, at);
  }
  return file;
}

/** The mode named in the settings; `code` if there is none of that name. `problems` are never fatal: invalid parts are left out. */
export async function loadMode(memory: Memory): Promise<{ mode: Mode; problems: Problem[] }> {
  const { settings, env, paths } = memory;
  const problems: Problem[] = [];
  const path = `${memoryDirName}/modes/${settings.mode}.yaml`;
  const note = noteIn(problems, path);
  const bytes = readSmallFile(join(paths.memoryDir, '..', path), note);
  const file = bytes === undefined ? {} : await parseMode(bytes.toString('utf8'), note);
  const own = builtIn.find((name) => name === settings.mode);
  if (bytes === undefined && own === undefined)
    note(
      'no-mode',
      `mode: expected code, chill or a file of this name; '${settings.mode}' is neither, so code is used`,
    );
  const baseFile = join(env.packageDir, 'src/compress/modes', `${file.extends ?? own ?? 'code'}.yaml`);
  const base = extendMode(blankMode, await parseMode(readFileSync(baseFile, 'utf8'), note), true);
  const isTrusted = bytes === undefined || isFileTrusted(memory, path, bytes);
  if (!isTrusted)
    note('unreviewed', 'heard only where it narrows until it is reviewed on the default branch or trusted');
  return { mode: extendMode(base, file, isTrusted), problems };
}

/** The file's keys win; concepts are added, and guidance follows the base's. A file that nobody reviewed only narrows. */
function extendMode(base: Mode, file: ModeFile, isTrusted: boolean): Mode {
  const types = file.types?.length ? file.types : base.types;
  const minImportance = file.minImportance ?? base.minImportance;
  if (!isTrusted)
    return {
      ...base,
      types: base.types.filter((type) => types.includes(type)),
      minImportance: Math.max(base.minImportance, minImportance),
    };
  return {
    types,
    concepts: [...new Set([...base.concepts, ...(file.concepts ?? [])])],
    guidance: [base.guidance, file.guidance?.trim()].filter(Boolean).join('\n'),
    minImportance,
    language: file.language ?? base.language,
  };
}
