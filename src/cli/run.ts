import { codeOf, messageOf, RepomemError } from '../domain/errors.ts';
import type { Env } from '../domain/env.ts';
import { helpOf, parseCommandLine, table, topics, usageError, type CliContext, type Surfaces } from './command.ts';
import { commands, groups } from './commands.ts';
import { createPrinter, type Printer } from './print.ts';
import { hintWith, nearestCommand } from './suggest.ts';

/** Runs one command line; returns the exit code and never throws. */
export async function runCommand(env: Env, argv: readonly string[], surfaces: Surfaces): Promise<number> {
  const print = createPrinter(env.vars);
  try {
    return await dispatch(env, print, argv, surfaces);
  } catch (error) {
    return report(print, error, isForPrograms(argv));
  }
}

async function dispatch(env: Env, print: Printer, argv: readonly string[], surfaces: Surfaces): Promise<number> {
  const [name = 'help', ...rest] = argv;
  const say = (text: string): number => {
    print.out(text);
    return 0;
  };
  if (name === 'help' && rest[0]) {
    if (!Object.hasOwn(topics, rest[0])) return dispatch(env, print, [rest[0], '--help'], surfaces);
    const { pages } = await import('./pages.ts');
    return say(pages[rest[0] as keyof typeof pages]());
  }
  if (['help', '--help', '-h'].includes(name)) return say(overview(env.version));
  if (['version', '--version', '-v'].includes(name)) return say(env.version);
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry)
    throw usageError(
      `repomem: there is no command '${name}'`,
      hintWith(nearestCommand(name, Object.keys(commands)), 'repomem --help lists them'),
    );
  const command = await entry.load();
  const { isHelp, values, words } = parseCommandLine(command, name, rest);
  if (isHelp) return say(helpOf(command, entry.summary));
  const isJson = values['json'] === true;
  const answer: CliContext['answer'] = (value, text, code = 0) => {
    if (isJson) print.json(value);
    else if (typeof text === 'function') text();
    else {
      const lines = text.filter((line) => typeof line === 'string');
      if (lines.length > 0) print.out(lines.join('\n'));
    }
    return code;
  };
  const open: CliContext['open'] = async () => (await import('../memory/open.ts')).openMemory(env);
  return command.run({ env, print, isJson, answer, open, surfaces, commands }, values, words);
}

function overview(version: string): string {
  const pages = Object.entries(topics).map(([name, summary]) => [`help ${name}`, summary] as const);
  const sections = [...groups, ['Further pages', pages] as const];
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(([name]) => name.length))) + 3;
  return [
    `repomem ${version}: memory for coding agents, in the repository`,
    'repomem COMMAND [--help]',
    ...sections.map(([heading, rows]) => [heading, ...table(rows, width)].join('\n')),
  ].join('\n\n');
}

/** Whether the answer is read by a program: its errors are JSON on standard output, too. */
function isForPrograms(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
}

function report(print: Printer, error: unknown, isJson: boolean): number {
  if (codeOf(error) === 'EPIPE') return 0;
  const { code, message, hint = '' } = error instanceof RepomemError ? error : explainSystem(error);
  const told = message.replace(/^repomem:? /, '');
  if (isJson) print.json({ error: { code, message: told, hint } });
  else {
    print.err(`repomem: ${told}`);
    if (hint) print.err(`  ${hint}`);
  }
  return 2;
}

const diskCures: readonly (readonly [codes: RegExp, hint: string])[] = [
  [/^(?:EACCES|EPERM|EROFS)$/, 'check its owner, and whether the disk is read-only; repomem doctor looks at the rest'],
  [/^(?:ENOSPC|EDQUOT)$/, 'the disk is full: make room and try again'],
];

/** What the disk refuses is named by its place first; anything else is a fault of ours. */
function explainSystem(error: unknown): { code: string; message: string; hint?: string } {
  const message = messageOf(error);
  const [, hint] = diskCures.find(([codes]) => codes.test(codeOf(error) ?? '')) ?? [];
  if (hint === undefined) return { code: 'internal', message };
  const [, code, what, path] = /^(E[A-Z]+): ([^,]+), \w+(?: '(.+)')?/.exec(message) ?? [];
  return { code: 'read-only', message: path === undefined ? message : `${path}: ${what} (${code})`, hint };
}
