// Modes as data: what a YAML file says to look for, checked, and how one extends another. Reading files and trusting them is done elsewhere.
import type { Problem } from '../domain/record.ts';
import { isObservationType, observationTypes } from '../domain/types.ts';
import { parseYaml } from '../format/yaml.ts';
import type { Mode } from './providers/provider.ts';

/** A file's own keys; what is absent comes from the mode that it extends. */
export interface ModeFile extends Partial<Omit<Mode, 'name'>> {
  name: string;
  extends?: string;
}

const guidanceMaxChars = 2_000;
const listMax = 40;
const itemMaxChars = 60;

const isText = (value: unknown, shape: RegExp): boolean => typeof value === 'string' && shape.test(value);
const isList = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length <= listMax &&
  value.every((item) => isText(item, /^.*\S.*$/) && (item as string).length <= itemMaxChars);

/** What each key takes. */
const keys: Readonly<Record<keyof ModeFile, { expected: string; fits(value: unknown): boolean }>> = {
  name: { expected: "the file's own name", fits: () => true },
  extends: { expected: 'the name of a mode', fits: (value) => isText(value, /^[A-Za-z0-9][\w-]{0,40}$/) },
  types: { expected: `a list of at most ${listMax} short texts`, fits: isList },
  concepts: { expected: `a list of at most ${listMax} short texts`, fits: isList },
  guidance: {
    expected: `a text of at most ${guidanceMaxChars} characters`,
    fits: (value) => typeof value === 'string' && value.length <= guidanceMaxChars,
  },
  language: { expected: 'the name of a language', fits: (value) => isText(value, /^\p{L}[\p{L} -]{0,30}$/u) },
  minImportance: {
    expected: 'a number from 0 to 1',
    fits: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  },
};

/** Everything is allowed and nothing is said: what a mode begins with. */
export const blankMode: Mode = {
  name: 'code',
  types: Object.keys(observationTypes),
  concepts: [],
  guidance: '',
  minImportance: 0,
};

/** `path` is for messages. Problems name line and key; their keys are left out of the mode. */
export function parseMode(text: string, path: string, name: string): { file: ModeFile; problems: Problem[] } {
  const parsed = parseYaml(text);
  if ('problem' in parsed) return { file: { name }, problems: [{ path, ...parsed.problem }] };
  const { value: given, lineOf } = parsed;
  if (given !== null && (typeof given !== 'object' || Array.isArray(given))) {
    const reason = 'expected lines of the form key: value';
    return { file: { name }, problems: [{ path, line: 1, code: 'bad-yaml', reason }] };
  }
  const problems: Problem[] = [];
  const note = (code: string, reason: string, key: string, ...index: number[]): void => {
    const line = lineOf([key, ...index]) ?? lineOf([key]);
    problems.push({ path, code, reason: `${key}: ${reason}`, ...(line !== undefined && { line }) });
  };
  const fitting = Object.entries(given ?? {}).filter(([key, value]) => {
    if (!Object.hasOwn(keys, key)) note('unknown-key', `no such key; expected ${Object.keys(keys).join(', ')}`, key);
    else if (key === 'name' ? value !== name : !keys[key as keyof ModeFile].fits(value))
      note('bad-value', `expected ${keys[key as keyof ModeFile].expected}; got ${shown(value)}`, key);
    else return true;
    return false;
  });
  const file: ModeFile = { name, ...Object.fromEntries(fitting) };
  for (const [index, type] of (file.types ?? []).entries())
    if (!isObservationType(type)) {
      const all = Object.keys(observationTypes).join(', ');
      note('unknown-type', `there is no type '${type}'; expected some of ${all}`, 'types', index);
    }
  const types = file.types?.filter(isObservationType);
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { file: { ...file, types: types?.length === 0 ? undefined : types }, problems };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** The file's keys win; concepts are added, and guidance follows the base's. */
export function extendMode(base: Mode, file: ModeFile): Mode {
  return {
    name: file.name,
    types: file.types ?? base.types,
    concepts: [...new Set([...base.concepts, ...(file.concepts ?? [])])],
    guidance: [base.guidance, (file.guidance ?? '').trim()].filter((text) => text !== '').join('\n'),
    minImportance: file.minImportance ?? base.minImportance,
    language: file.language ?? base.language,
  };
}

/** Only what narrows: for a file that nobody reviewed. */
export function restrictMode(base: Mode, file: ModeFile): Mode {
  const types = file.types === undefined ? base.types : base.types.filter((type) => file.types?.includes(type));
  return { ...base, types, minImportance: Math.max(base.minImportance, file.minImportance ?? 0) };
}
