import type { Command } from './command.ts';

export const command: Command = { usage: 'confirm', options: {}, run: () => Promise.resolve(0) };
