import type { Command } from './command.ts';
import { jsonOption } from './command.ts';
import { buildBlock } from '../recall/block.ts';
import { openMemory } from '../memory/open.ts';

export const command: Command = {
  usage: 'context',
  details:
    'Exactly what a session would get. Settings: context.budgetTokens, context.maxRecords, context.types, context.concepts.',
  maxWords: 0,
  options: { json: jsonOption },
  async run({ env, print }, values) {
    const block = await buildBlock(await openMemory(env));
    if (values['json']) print.json(block);
    else if (block.text) print.out(block.text);
    else print.err('The context is switched off (setting context.enabled).');
    return 0;
  },
};
