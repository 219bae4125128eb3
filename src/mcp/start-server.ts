import type { McpServer } from '@modelcontextprotocol/server';
import type { Env } from '../domain/env.ts';
import { makeMcpMemory } from './memory.ts';
import { rootsOf } from './roots.ts';
import { startMcp } from './server.ts';

/** `repomem mcp`: starts even where there is no memory yet; each call then says what to do. */
export async function runMcp(env: Env): Promise<void> {
  let connected: McpServer | undefined;
  const memory = makeMcpMemory(env, async () => (connected ? rootsOf(connected) : []));
  await startMcp(memory, (server) => (connected = server));
}
