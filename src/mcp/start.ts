import type { Env } from '../domain/env.ts';
import { makeMcpMemory } from './adapter.ts';
import { startMcp } from './server.ts';

/** `repomem mcp`: starts even where there is no memory yet; each call then says what to do. */
export async function runMcp(env: Env): Promise<void> {
  await startMcp(makeMcpMemory(env));
}
