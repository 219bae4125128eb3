import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import type { ViewRequest, ViewSays } from '../domain/view-request.ts';
import type { Memory } from '../memory/open.ts';
import type { Printer } from './print.ts';
import { hintWith, nearest } from './suggest.ts';

export interface CliContext {
  env: Env;
  print: Printer;
  isJson: boolean;
  /** Prints `value` with --json, else the lines that are given, or what the function prints; returns the exit code: 0, or 1 for a negative answer. */
  answer(value: unknown, text: Lines | (() => void), code?: 0 | 1): number;
  /** The memory around the working directory; throws as openMemory. */
  open(): Promise<Memory>;
  surfaces: Surfaces;
  /** All of them, for the one that completes their names. */
  commands: Readonly<Record<string, Entry>>;
}

/** Lines of text; what is false or undefined is none. */
export type Lines = readonly (string | false | undefined)[];

export interface Entry {
  summary: string;
  load(): Promise<Command>;
}

/** What other surfaces do for a command: main.ts passes them, since surfaces do not know one another. */
export interface Surfaces {
  /** Serves the page; resolves with the exit code when it ends. */
  view(env: Env, request: ViewRequest, says: ViewSays): Promise<number>;
  /** The memory as one page in a file. */
  exportMemory(env: Env, file: string, isForced: boolean): Promise<{ file: string; records: number; bytes: number }>;
}

/** What a person may write behind a command's name; parsing, help and completion are made from it. A text alone describes a flag. */
export type Option =
  | string
  | {
      type: keyof Kinds;
      short?: string;
      describe: string;
      /** Name of the value in help, such as `DATE`. */
      value?: string;
      /** The least that a number may be; absent: 0. */
      min?: number;
      /** All that a text may be. */
      oneOf?: readonly string[];
    };

/** What a command gets for each type of option. */
interface Kinds {
  flag: boolean;
  text: string | undefined;
  /** A whole number. */
  number: number | undefined;
  /** May be given several times, and with commas. */
  list: string[];
  /** May be given several times, each as it is. */
  texts: string[];
}

export type Options = Readonly<Record<string, Option>>;
export type ValuesOf<O extends Options> = {
  [K in keyof O]: O[K] extends { oneOf: readonly (infer V)[] }
    ? V | undefined
    : O[K] extends { type: infer T extends keyof Kinds }
      ? Kinds[T]
      : boolean;
};

export interface Command<O extends Options = Options> {
  /** Behind `repomem`, such as `show ID…`. */
  usage: string;
  /** A paragraph for `--help`; the table's summary stands above it. */
  details?: string;
  /** More paragraphs of its help, made from the tables that they tell of. */
  notes?(): string;
  options: O;
  /** How many words it takes beside its options, absent: none; where fewer or more are given it says what it expects and what to do instead. */
  words?: { min?: number; max?: number; expected?: string; hint?: string | ((words: readonly string[]) => string) };
  /** The exit code: 0, 1 for a negative answer, 2 for a known failure (or a thrown RepomemError). */
  run(context: CliContext, values: ValuesOf<O>, words: string[]): number | Promise<number>;
}

/** A command with `--json`. */
export function defineCommand<const O extends Options>(command: Command<O>): Command {
  const { json = 'print JSON for programs' } = command.options as Options;
  return { ...(command as Command), options: { ...command.options, json } };
}

/** Throws RepomemError `usage` on a type of records that is none of `allowed`. */
export function checkType(type: string, allowed: readonly string[]): void {
  if (!allowed.includes(type))
    throw usageError(
      `--type: expected one of ${allowed.join(', ')}; got '${type}'`,
      hintWith(nearest(type, allowed), 'repomem add --help says what each is for'),
    );
}

function infoOf(option: Option): Exclude<Option, string> {
  return typeof option === 'string' ? { type: 'flag', describe: option } : option;
}

export function usageError(message: string, hint?: string): RepomemError {
  return new RepomemError('usage', message, hint === undefined ? {} : { hint });
}

/** Throws RepomemError `usage` on an unknown option, a wrong value, a wrong number of words: none is passed over in silence. */
export function parseCommandLine(
  command: Command,
  name: string,
  argv: string[],
): { isHelp: boolean; values: ValuesOf<Options>; words: string[] } {
  const config: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const [key, option] of Object.entries(command.options)) {
    const { type, short } = infoOf(option);
    config[key] = {
      type: type === 'flag' ? 'boolean' : 'string',
      multiple: type === 'list' || type === 'texts',
      ...(short && { short }),
    };
  }
  const { values: given, positionals: words } = parseStrictly(name, argv, config);
  if (given['help']) return { isHelp: true, values: {}, words: [] };
  checkWords(command, name, words);
  const values = Object.entries(command.options).map(([key, option]) => [
    key,
    valueOf(key, infoOf(option), given[key]),
  ]);
  return { isHelp: false, values: Object.fromEntries(values) as ValuesOf<Options>, words };
}

function parseStrictly(name: string, args: string[], options: NonNullable<ParseArgsConfig['options']>) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = (error instanceof Error ? error.message.split('. ')[0] : undefined) ?? String(error);
    const unknown = /^Unknown option '-{1,2}([^']+)'/.exec(message)?.[1];
    const meant = unknown === undefined ? undefined : nearest(unknown, Object.keys(options));
    throw usageError(
      `repomem ${name}: ${message}`,
      hintWith(
        meant && `--${meant}`,
        `repomem ${name} --help lists what it takes; words that begin with - go behind --`,
      ),
    );
  }
}

function checkWords({ words: wanted = { max: 0 }, usage }: Command, name: string, words: readonly string[]): void {
  const { min = 0, max = Infinity, expected = '', hint = `it is called so: repomem ${usage}` } = wanted;
  const told = typeof hint === 'string' ? hint : hint(words);
  if (words.length < min) throw usageError(`${name}: expected ${expected}`, told);
  if (words.length > max) throw usageError(`${name}: unexpected '${words.slice(max).join(' ')}'`, told);
}

function valueOf(key: string, { type, min = 0, oneOf }: ReturnType<typeof infoOf>, given: unknown): Kinds[keyof Kinds] {
  if (type === 'flag') return given === true;
  if (type === 'texts' || type === 'list') {
    const texts = (given ?? []) as string[];
    return type === 'texts' ? texts : texts.flatMap((text) => text.split(',')).filter((text) => text !== '');
  }
  if (typeof given !== 'string') return undefined;
  if (oneOf && !oneOf.includes(given)) {
    const expected = new Intl.ListFormat('en', { type: 'disjunction' }).format(oneOf);
    throw usageError(`--${key}: expected ${expected}; got '${given}'`);
  }
  if (type === 'text') return given;
  const number = Number(given);
  if (Number.isInteger(number) && number >= min) return number;
  throw usageError(`--${key}: expected a whole number of at least ${min}, got '${given}'`);
}

export function helpOf(command: Command, summary: string): string {
  const rows = Object.entries(command.options).map(([key, option]) => {
    const {
      type,
      short,
      oneOf,
      describe,
      value = oneOf?.join('|') ?? (type === 'number' ? 'N' : 'TEXT'),
    } = infoOf(option);
    return [`${short ? `-${short}, ` : ''}--${key}${type === 'flag' ? '' : ` ${value}`}`, describe] as const;
  });
  const { details, notes } = command;
  return [`repomem ${command.usage}`, summary, details, notes?.(), rows.length > 0 && table(rows).join('\n')]
    .filter(Boolean)
    .join('\n\n');
}

/** Two columns, indented by two. */
export function table(
  rows: readonly (readonly [string, string])[],
  width = Math.max(...rows.map(([left]) => left.length)) + 2,
): string[] {
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`.trimEnd());
}

/** `1 record`, `2 records`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Pages of help that belong to no command, and what each is about; pages.ts holds them. */
export const topics = {
  format: 'What stands in a record, and how to write one by hand',
  trust: 'Whose records a session is told',
  settings: 'Every setting, its default, who may set it',
  hooks: 'What runs when in an agent, and how to switch it off',
  protocol: 'How other agents take part',
} as const;
