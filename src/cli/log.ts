import type { Command } from './command.ts';

export const command: Command = { usage: 'log', options: {}, run: () => Promise.resolve(0) };
