// Reads the keys of a YAML file, of settings or of a mode. Never throws: what is not read is noted as a problem and counts as empty.
import { lstatSync, readFileSync, statSync } from 'node:fs';
import { codeOf } from '../domain/errors.ts';
import type { Problem } from '../domain/record.ts';
import type { Setting } from './setting-kinds.ts';

/** A key with dots where the file nests: `share.maxRecords`. */
export interface Given {
  key: string;
  value: unknown;
  line?: number;
}

export type Note = (code: string, reason: string, line?: number) => void;

const fileMaxBytes = 64 * 1024;

export function noteIn(problems: Problem[], path: string): Note {
  return (code, reason, line) => void problems.push({ path, code, reason, ...(line !== undefined && { line }) });
}

/** Undefined when the file is missing or not read. `followsLinks`: it belongs to the user. */
export function readSmallFile(file: string, note: Note, followsLinks = false): Buffer | undefined {
  try {
    const stat = followsLinks ? statSync(file) : lstatSync(file);
    if (!stat.isFile()) note('link', 'expected a regular file; not read');
    else if (stat.size > fileMaxBytes) note('too-big', `${stat.size} bytes; expected at most ${fileMaxBytes}`);
    else return readFileSync(file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') note('unreadable', `cannot be read (${codeOf(error) ?? 'error'})`);
  }
  return undefined;
}

export async function readKeys(text: string, note: Note): Promise<Given[]> {
  // Only comments and the version, as `init` writes it.
  if (text.split('\n').every((line) => /^\s*(?:#.*|version:[ \t]*1[ \t]*)?\r?$/.test(line))) return [];
  // Loaded only here: most projects never need the YAML library in a hook.
  const { parseYaml } = await import('../format/yaml.ts');
  const parsed = parseYaml(text);
  if ('problem' in parsed) note(parsed.problem.code, parsed.problem.reason, parsed.problem.line);
  else if (typeof parsed.value !== 'object' || Array.isArray(parsed.value))
    note('bad-yaml', 'expected lines of the form key: value', 1);
  else
    return flatten(parsed.value ?? {}).map(({ path, value }) => ({
      key: path.join('.'),
      value,
      line: parsed.lineOf(path),
    }));
  return [];
}

/** A map is a level of nesting; `null` (a key whose lines are all commented out) sets nothing. */
function flatten(map: object, above: string[] = []): { path: string[]; value: unknown }[] {
  return Object.entries(map).flatMap(([name, value]: [string, unknown]) => {
    const path = [...above, name];
    if (value === null) return [];
    const isLevel = typeof value === 'object' && !Array.isArray(value) && path.length < 4;
    return isLevel ? flatten(value, path) : [{ path, value }];
  });
}

/** The value as its setting reads it; undefined with a note when it is of another kind. */
export function readGiven<T>(
  { key, value, line }: Given,
  { read, expected }: Pick<Setting<T>, 'read' | 'expected'>,
  note: Note,
): T | undefined {
  const found = read(value);
  if (found === undefined) note('bad-value', `${key}: expected ${expected}; got ${showValue(key, value)}`, line);
  return found;
}

/** Formats a value for people; keys and tokens are hidden. */
export function showValue(key: string, value: unknown): string {
  if (key.startsWith('key.')) return value === '' ? '""' : '"…" (hidden)';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
