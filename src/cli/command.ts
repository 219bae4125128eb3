import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import type { Printer } from './print.ts';
import { hintWith, nearest } from './suggest.ts';

export interface CliContext {
  env: Env;
  print: Printer;
  surfaces: Surfaces;
  /** All of them, for the one that completes their names. */
  commands: Readonly<Record<string, Entry>>;
}

export interface Entry {
  summary: string;
  group: 'start' | 'read' | 'write' | 'git' | 'machine';
  load(): Promise<{ command: Command }>;
}

/** What other surfaces do for a command: main.ts passes them, since surfaces do not know one another. */
export interface Surfaces {
  /** Serves the page; resolves with the exit code when it ends. */
  view(
    env: Env,
    request: {
      page: string;
      port?: number;
      host?: string;
      isOpening: boolean;
      isReadOnly: boolean;
      isStaying: boolean;
      isPolling: boolean;
    },
    says: {
      address(address: { url: string; port: number; root: string; isRunning: boolean; taken?: number }): void;
      note(text: string): void;
    },
  ): Promise<number>;
  /** The memory as one page in a file. */
  exportMemory(env: Env, file: string, isForced: boolean): Promise<{ file: string; records: number; bytes: number }>;
}

/** What a person may write behind a command's name; help is made from the same table that parses. */
export interface Option {
  type: 'string' | 'boolean';
  short?: string;
  multiple?: boolean;
  describe: string;
  /** Name of the value in help, such as `N` or `DATE`. */
  value?: string;
}

export type Values = Record<string, string | boolean | string[] | undefined>;

export interface Command {
  /** Behind `repomem`, such as `show ID…`. */
  usage: string;
  /** A paragraph for `--help`; the table's summary stands above it. */
  details?: string;
  /** More paragraphs of its help, made from the tables that they tell of. */
  notes?(): string;
  options: Readonly<Record<string, Option>>;
  /** How many words it takes beside its options; absent: as many as there are. */
  maxWords?: number;
  /** What to do instead, where more words were given than it takes. */
  wordsHint?(words: readonly string[]): string;
  /** What stands alone and is none of its options, such as `--no-verify`, is what is asked for. */
  isQuestion?: boolean;
  /** The exit code: 0, 1 for a negative answer, 2 for a known failure (or a thrown RepomemError). */
  run(context: CliContext, values: Values, positionals: string[]): Promise<number>;
}

export const jsonOption: Option = { type: 'boolean', describe: 'print JSON for programs' };

/** Values and positionals; a RepomemError `usage` names the option that is not known. */
export function parseCommandLine(
  command: Command,
  name: string,
  argv: readonly string[],
): { values: Values; positionals: string[] } {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const [key, option] of Object.entries(command.options))
    options[key] = {
      type: option.type,
      ...(option.short && { short: option.short }),
      ...(option.multiple && { multiple: true }),
    };
  try {
    const question = command.isQuestion ? dashedQuestion(argv, options) : undefined;
    const args = argv.filter((arg) => arg !== question);
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
    return { values: values as Values, positionals: question === undefined ? positionals : [question, ...positionals] };
  } catch (error) {
    const message = (error instanceof Error ? error.message.split('. ')[0] : undefined) ?? String(error);
    const unknown = /^Unknown option '-{1,2}([^']+)'/.exec(message)?.[1];
    const meant = unknown === undefined ? undefined : nearest(unknown, Object.keys(options));
    throw new RepomemError('usage', `repomem ${name}: ${message}`, {
      hint: hintWith(meant && `--${meant}`, `repomem ${name} --help lists what it takes`),
    });
  }
}

/** Throws RepomemError `usage` on more words than a command takes: none is passed over in silence. */
export function checkWords(
  { maxWords, wordsHint, usage }: Command,
  name: string,
  words: readonly string[],
  values: Values,
): void {
  if (maxWords === undefined || words.length <= maxWords || values['help']) return;
  throw new RepomemError('usage', `repomem ${name}: unexpected '${words.slice(maxWords).join(' ')}'`, {
    hint: wordsHint?.(words) ?? `it is called so: repomem ${usage}`,
  });
}

/** Beside other words a dashed one is a mistyped option, unless it is several words. */
function dashedQuestion(argv: readonly string[], options: NonNullable<ParseArgsConfig['options']>): string | undefined {
  const optionOf = (arg: string | undefined): NonNullable<ParseArgsConfig['options']>[string] | undefined => {
    const name = arg?.split('=')[0]?.replace(/^--?/, '') ?? '';
    if (arg?.startsWith('--')) return options[name];
    return arg?.startsWith('-') ? Object.values(options).find(({ short }) => short === name[0]) : undefined;
  };
  const words = argv.filter((arg, at) => optionOf(arg) === undefined && !isValue(argv[at - 1]));
  function isValue(before: string | undefined): boolean {
    return optionOf(before)?.type === 'string' && !before!.includes('=');
  }
  return words.find((arg) => /^--?[\w-]/.test(arg) && (words.length === 1 || /\s/.test(arg)));
}

export function helpOf(command: Command, summary: string): string {
  const rows = Object.entries(command.options).map(([key, option]) => {
    const short = option.short ? `-${option.short}, ` : '';
    const value = option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : '';
    return [`  ${short}--${key}${value}`, option.describe] as const;
  });
  const width = Math.max(0, ...rows.map(([left]) => left.length)) + 2;
  return [
    `repomem ${command.usage}`,
    '',
    summary,
    ...(command.details ? ['', command.details] : []),
    ...(command.notes ? ['', command.notes()] : []),
    ...(rows.length > 0 ? ['', ...rows.map(([left, right]) => left.padEnd(width) + right)] : []),
  ].join('\n');
}

/** A whole number of at least `min`, or undefined when the option is absent. */
export function numberOf(values: Values, key: string, min = 0): number | undefined {
  const text = values[key];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < min)
    throw new RepomemError('usage', `--${key}: expected a whole number of at least ${min}, got '${String(text)}'`);
  return number;
}

export function textOf(values: Values, key: string): string | undefined {
  const value = values[key];
  return typeof value === 'string' ? value : undefined;
}

export function listOf(values: Values, key: string): string[] {
  const value = values[key];
  const list = Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
  return list.flatMap((item) => item.split(',')).filter((item) => item !== '');
}
