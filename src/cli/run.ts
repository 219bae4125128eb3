import { codeOf, RepomemError } from '../domain/errors.ts';
import type { Env } from '../domain/env.ts';
import { checkWords, helpOf, parseCommandLine, type Surfaces } from './command.ts';
import { commands } from './commands.ts';
import { createPrinter, type Printer } from './print.ts';
import { hintWith, nearestCommand } from './suggest.ts';
import { topics } from './topics.ts';

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
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    if (name === 'help' && rest[0] !== undefined && Object.hasOwn(topics, rest[0])) {
      const { pages } = await import('./pages.ts');
      print.out((await pages[rest[0]]?.()) ?? '');
      return 0;
    }
    if (name === 'help' && rest[0]) return dispatch(env, print, [rest[0], '--help'], surfaces);
    print.out(overview(env.version));
    return 0;
  }
  if (name === '--version' || name === '-v' || name === 'version') {
    print.out(env.version);
    return 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry)
    throw new RepomemError('usage', `repomem: there is no command '${name}'`, {
      hint: hintWith(nearestCommand(name, Object.keys(commands)), 'repomem --help lists them'),
    });
  const { command } = await entry.load();
  const { values, positionals } = parseCommandLine(command, name, rest);
  if (values['help']) {
    print.out(helpOf(command, entry.summary));
    return 0;
  }
  checkWords(command, name, positionals, values);
  return command.run({ env, print, surfaces, commands }, values, positionals);
}

const groups = {
  start: 'Start',
  read: 'Read',
  write: 'Write',
  git: 'Git',
  machine: 'This machine',
} as const;

function overview(version: string): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 3;
  const lines = [`repomem ${version}: memory for coding agents, in the repository`, '', 'repomem COMMAND [--help]'];
  for (const [group, heading] of Object.entries(groups)) {
    const entries = Object.entries(commands).filter(([, entry]) => entry.group === group);
    if (entries.length > 0)
      lines.push('', heading, ...entries.map(([name, entry]) => `  ${name.padEnd(width)}${entry.summary}`));
  }
  lines.push(
    '',
    'Further pages',
    ...Object.entries(topics).map(([name, summary]) => `  ${`help ${name}`.padEnd(width)}${summary}`),
  );
  return lines.join('\n');
}

/** Whether the answer is read by a program: its errors are JSON on standard output, too. */
function isForPrograms(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
}

function report(print: Printer, error: unknown, isJson: boolean): number {
  if (codeOf(error) === 'EPIPE') return 0;
  const message = error instanceof Error ? error.message : String(error);
  if (isJson) {
    const { code, hint } = error instanceof RepomemError ? error : { code: 'internal', hint: undefined };
    print.json({ error: { code, message: message.replace(/^repomem:? /, ''), hint: hint ?? '' } });
    return 2;
  }
  print.err(`repomem: ${message.replace(/^repomem:? /, '')}`);
  if (error instanceof RepomemError && error.hint) print.err(`  ${error.hint}`);
  return 2;
}
