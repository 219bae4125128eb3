import type { Command } from './command.ts';

export const command: Command = { usage: 'why', options: {}, run: () => Promise.resolve(0) };
