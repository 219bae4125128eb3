import { codeOf, RepomemError } from '../domain/errors.ts';
import type { Env } from '../domain/env.ts';
import { helpOf, parseCommandLine } from './command.ts';
import { commands } from './commands.ts';
import { createPrinter, type Printer } from './print.ts';

/** Runs one command line; returns the exit code and never throws. */
export async function runCommand(env: Env, argv: readonly string[]): Promise<number> {
  const print = createPrinter(env.vars);
  try {
    return await dispatch(env, print, argv);
  } catch (error) {
    return report(print, error);
  }
}

async function dispatch(env: Env, print: Printer, argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const topic =
      name === 'help' && rest[0] !== undefined && Object.hasOwn(topics, rest[0]) ? topics[rest[0]] : undefined;
    if (topic) {
      print.out(await topic());
      return 0;
    }
    if (name === 'help' && rest[0]) return dispatch(env, print, [rest[0], '--help']);
    print.out(overview(env.version));
    return 0;
  }
  if (name === '--version' || name === '-v' || name === 'version') {
    print.out(env.version);
    return 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry)
    throw new RepomemError('usage', `repomem: there is no command '${name}'`, { hint: 'repomem --help lists them' });
  const { command } = await entry.load();
  const { values, positionals } = parseCommandLine(command, name, rest);
  if (values['help']) {
    print.out(helpOf(command, entry.summary));
    return 0;
  }
  return command.run({ env, print }, values, positionals);
}

/** Pages of help that belong to no command. */
const topics: Readonly<Record<string, () => Promise<string>>> = {
  protocol: async () => (await import('../agents/protocol/page.ts')).protocolPage(),
};

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
    `Further pages: ${Object.keys(topics)
      .map((topic) => `repomem help ${topic}`)
      .join(', ')}`,
  );
  return lines.join('\n');
}

function report(print: Printer, error: unknown): number {
  if (codeOf(error) === 'EPIPE') return 0;
  const message = error instanceof Error ? error.message : String(error);
  print.err(`repomem: ${message.replace(/^repomem:? /, '')}`);
  if (error instanceof RepomemError && error.hint) print.err(`  ${error.hint}`);
  return 2;
}
