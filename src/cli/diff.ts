import type { Command } from './command.ts';

export const command: Command = { usage: 'diff', options: {}, run: () => Promise.resolve(0) };
