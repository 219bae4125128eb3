// Where the client works. A server that a plugin brings is started in the plugin's folder: then the client's roots lead to the repository.
import type { McpServer } from '@modelcontextprotocol/server';
import { fileURLToPath } from 'node:url';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { findMemoryHere } from '../memory/open.ts';
import { findMemory } from '../store/locate.ts';

/** A client that does not answer must not keep a call waiting. */
const rootsMaxMs = 2000;

/** Absolute folders; none where the client does not declare roots or does not answer in time. */
export async function rootsOf({ server }: McpServer): Promise<string[]> {
  try {
    if (server.getClientCapabilities()?.roots === undefined) return [];
    const { roots } = await server.listRoots(undefined, { timeout: rootsMaxMs });
    return roots.flatMap(({ uri }) => (uri.startsWith('file:') ? [fileURLToPath(uri)] : []));
  } catch {
    return [];
  }
}

/**
 * The memory of the working directory, else of the client's roots; of the roots first where we were started in our own package.
 * Throws as findMemoryHere.
 */
export async function findMemoryOfClient(env: Env, askRoots: () => Promise<readonly string[]>): Promise<MemoryPaths> {
  const isOwnFolder = env.cwd === env.packageDir || env.cwd.startsWith(`${env.packageDir}/`);
  if (isOwnFolder) return findMemory(await askRoots(), env.home) ?? findMemoryHere(env);
  try {
    return findMemoryHere(env);
  } catch (error) {
    const paths = findMemory(await askRoots(), env.home);
    if (paths) return paths;
    throw error;
  }
}
