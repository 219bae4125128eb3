import type { Command } from './command.ts';

export const command: Command = { usage: 'check', options: {}, run: () => Promise.resolve(0) };
