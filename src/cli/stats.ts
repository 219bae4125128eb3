import { memoryStats } from '../setup/stats.ts';
import { openMemory } from '../memory/open.ts';
import { jsonOption, numberOf, type Command } from './command.ts';

const number = (value: number): string => value.toLocaleString('en-US');

export const command: Command = {
  usage: 'stats [--days N]',
  details: 'Tokens of models as their endpoints count them; tokens of texts are characters divided by four.',
  maxWords: 0,
  options: { days: { type: 'string', value: 'N', describe: 'newest days to list (14)' }, json: jsonOption },
  async run({ env, print }, values) {
    const days = numberOf(values, 'days', 1);
    const stats = await memoryStats(await openMemory(env), days === undefined ? {} : { days });
    if (values['json']) {
      print.json(stats);
      return 0;
    }
    const { total, today, session } = stats;
    print.out(`provider   ${stats.provider.name}: ${stats.provider.why}`);
    print.out(
      `models     ${number(total.requests)} requests, ${number(total.tokensIn)} tokens in, ${number(total.tokensOut)} out`,
    );
    print.out(
      `today      ${number(today.tokens)} tokens${today.cap > 0 ? ` of ${number(today.cap)} (tokens.maxPerDay)` : ''}`,
    );
    for (const { day, provider, requests, tokensIn, tokensOut } of stats.days)
      print.out(
        `  ${day}  ${provider}  ${number(requests)} requests, ${number(tokensIn)} in, ${number(tokensOut)} out`,
      );
    print.out(`records    ${stats.made.length === 0 ? 'none' : ''}`.trimEnd());
    for (const { by, records, tokens } of stats.made)
      print.out(`  ${number(records)} ${by}${tokens > 0 ? `, ${number(tokens)} tokens` : ''}`);
    print.out(
      `session    the index costs ${number(session.block)} tokens (${session.shown} of ${session.total} records); reading everything would cost ${number(session.everything)}; the MCP server's instructions and tools cost ${number(session.mcp)} (${number(session.mcpBytes)} bytes)`,
    );
    return 0;
  },
};
