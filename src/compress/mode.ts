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
export const modeName = /^[A-Za-z0-9][\w-]{0,40}$/;

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
  const file: ModeFile = { name };
  const parsed = parseYaml(text);
  if ('problem' in parsed) return { file, problems: [{ path, ...parsed.problem }] };
  const problems: Problem[] = [];
  const note = (key: readonly (string | number)[], code: string, reason: string): void => {
    const line = parsed.lineOf(key) ?? parsed.lineOf(key.slice(0, 1));
    problems.push({ path, code, reason: `${key[0] ?? ''}: ${reason}`, ...(line === undefined ? {} : { line }) });
  };
  if (parsed.value === null) return { file, problems };
  if (typeof parsed.value !== 'object' || Array.isArray(parsed.value))
    return { file, problems: [{ path, line: 1, code: 'bad-yaml', reason: 'expected lines of the form key: value' }] };
  for (const [key, value] of Object.entries(parsed.value)) readKey(file, key, value, note);
  return { file, problems };
}

type Note = (key: readonly (string | number)[], code: string, reason: string) => void;

function readKey(file: ModeFile, key: string, value: unknown, note: Note): void {
  const bad = (expected: string): void => note([key], 'bad-value', `expected ${expected}; got ${shown(value)}`);
  switch (key) {
    case 'name':
      if (value !== file.name) bad(`the file's own name, ${file.name}`);
      break;
    case 'extends':
      if (typeof value === 'string' && modeName.test(value)) file.extends = value;
      else bad('the name of a mode');
      break;
    case 'types': {
      const types = readList(key, value, note) ?? [];
      for (const [index, type] of types.entries())
        if (!isObservationType(type))
          note(
            [key, index],
            'unknown-type',
            `there is no type '${type}'; expected some of ${Object.keys(observationTypes).join(', ')}`,
          );
      const known = types.filter(isObservationType);
      if (known.length > 0) file.types = known;
      break;
    }
    case 'concepts': {
      const concepts = readList(key, value, note);
      if (concepts !== undefined) file.concepts = concepts;
      break;
    }
    case 'guidance':
      if (typeof value === 'string' && value.length <= guidanceMaxChars) file.guidance = value.trim();
      else bad(`a text of at most ${guidanceMaxChars} characters`);
      break;
    case 'language':
      if (typeof value === 'string' && /^\p{L}[\p{L} -]{0,30}$/u.test(value)) file.language = value;
      else bad('the name of a language');
      break;
    case 'minImportance':
      if (typeof value === 'number' && value >= 0 && value <= 1) file.minImportance = value;
      else bad('a number from 0 to 1');
      break;
    default:
      note([key], 'unknown-key', 'no such key; expected extends, types, concepts, guidance, language, minImportance');
  }
}

function isItem(item: unknown): item is string {
  return typeof item === 'string' && item.trim() !== '' && item.length <= itemMaxChars && !item.includes('\n');
}

function readList(key: string, value: unknown, note: Note): string[] | undefined {
  if (Array.isArray(value) && value.length <= listMax && value.every(isItem)) return value.map((item) => item.trim());
  note([key], 'bad-value', `expected a list of at most ${listMax} short texts; got ${shown(value)}`);
  return undefined;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** The file's keys win; concepts are added, and guidance follows the base's. */
export function extendMode(base: Mode, file: ModeFile): Mode {
  const language = file.language ?? base.language;
  return {
    name: file.name,
    types: file.types ?? base.types,
    concepts: [...new Set([...base.concepts, ...(file.concepts ?? [])])],
    guidance: [base.guidance, file.guidance ?? ''].filter((text) => text !== '').join('\n'),
    minImportance: file.minImportance ?? base.minImportance,
    ...(language === undefined ? {} : { language }),
  };
}

/** Only what narrows: for a file that nobody reviewed. */
export function restrictMode(base: Mode, file: ModeFile): Mode {
  const types = file.types === undefined ? base.types : base.types.filter((type) => file.types?.includes(type));
  return { ...base, types, minImportance: Math.max(base.minImportance, file.minImportance ?? 0) };
}
