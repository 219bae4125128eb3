// Starts the server, and finds the memory that it serves. A server that a plugin brings is started in the plugin's folder: then the client's roots
// lead to the repository.
import type { McpServer } from '@modelcontextprotocol/server';
import { fileURLToPath } from 'node:url';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { findMemoryHere } from '../memory/open.ts';
import { findMemory } from '../store/locate.ts';
import { makeMcpMemory } from './adapter.ts';
import { startMcp } from './server.ts';

/** A client that does not answer must not keep a call waiting. */
const rootsMaxMs = 2000;

/** `repomem mcp`: starts even where there is no memory yet; each call then says what to do. */
export async function runMcp(env: Env): Promise<void> {
  let connected: McpServer | undefined;
  await startMcp(
    makeMcpMemory(env, () => findMemoryOf(env, connected)),
    (server) => (connected = server),
  );
}

/**
 * The memory of the working directory, else of the client's roots; of the roots first where we were started in our own package.
 * Throws as findMemoryHere.
 */
async function findMemoryOf(env: Env, client: McpServer | undefined): Promise<MemoryPaths> {
  const ofRoots = async (): Promise<MemoryPaths | undefined> => findMemory(await rootsOf(client), env.home);
  const isOwnFolder = `${env.cwd}/`.startsWith(`${env.packageDir}/`);
  if (isOwnFolder) return (await ofRoots()) ?? findMemoryHere(env);
  try {
    return findMemoryHere(env);
  } catch (error) {
    const paths = await ofRoots();
    if (paths) return paths;
    throw error;
  }
}

/** Absolute folders; none where the client does not declare roots or does not answer in time. */
async function rootsOf(client: McpServer | undefined): Promise<string[]> {
  try {
    if (client?.server.getClientCapabilities()?.roots === undefined) return [];
    const { roots } = await client.server.listRoots(undefined, { timeout: rootsMaxMs });
    return roots.flatMap(({ uri }) => (uri.startsWith('file:') ? [fileURLToPath(uri)] : []));
  } catch {
    return [];
  }
}
