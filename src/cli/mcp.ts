import type { Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';

/** For help alone: main.ts starts the server itself, since surfaces do not know one another. */
export const command: Command = {
  usage: 'mcp',
  details:
    'Model Context Protocol over standard input and output, for agents. The plugin and `repomem init --mcp` set it up.',
  maxWords: 0,
  options: {},
  run: () => Promise.reject(new RepomemError('usage', 'mcp takes no arguments')),
};
