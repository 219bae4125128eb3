// The memory as the MCP server asks for it. The process stays, so the world is kept and looked at again when it may have moved.
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import type { Excerpt, Trust } from '../domain/excerpt.ts';
import { isObservationType, type RecordType } from '../domain/types.ts';
import { buildBlock } from '../memory/block.ts';
import { search } from '../memory/find.ts';
import { freshnessOf } from '../memory/freshness.ts';
import { openMemory, type Memory } from '../memory/open.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { recordText } from '../memory/record-text.ts';
import { safeId } from '../memory/safe-id.ts';
import { staleLines } from '../memory/stale-lines.ts';
import { timelineOf } from '../memory/timeline.ts';
import { judgeWorld, type World } from '../memory/world.ts';
import { forget, remember } from '../memory/write.ts';
import type { Query } from '../search/query.ts';
import { keepOpen } from '../search/keep-open.ts';
import type { McpEntry, McpMemory, McpQuery } from './memory-face.ts';

/** Branch, trust and settings are read again after this long: a checkout or a merge changes them, no folder's time tells. */
const snapshotMaxMs = 2000;

interface Now {
  memory: Memory;
  world: World;
}

export function makeMcpMemory(env: Env): McpMemory {
  const keep = keepNow(env);
  return {
    version: env.version,
    search: async (query) => {
      const { memory, world } = await keep.now();
      const found = await search(memory, world, queryOf(query));
      const states = freshnessOf(memory, found);
      return found.map(({ excerpt, trust, hit }) => {
        const entry = entryOf(excerpt, trust);
        if (entry.isForeign) return { ...entry, why: [] };
        const isStale = staleLines(excerpt, states.get(excerpt.path)).length > 0;
        return { ...entry, why: hit.why, ...(isStale && { isStale }) };
      });
    },
    timeline: async (anchor, before, after) => {
      const { memory } = await keep.now();
      const { anchor: middle, entries } = await timelineOf(memory, anchor, { before, after });
      return { entries: entries.map((entry) => ({ ...entry, isForeign: false })), ...(middle && { anchor: middle }) };
    },
    get: async (id) => {
      const { memory, world } = await keep.now();
      const judged = resolveId(world, id);
      const entry = { ...entryOf(judged.excerpt, judged.trust), path: judged.excerpt.path };
      if (judged.trust === 'foreign') return { ...entry, path: '', text: '', stale: [] };
      const state = freshnessOf(memory, [judged]).get(judged.excerpt.path);
      return { ...entry, text: recordText(readFull(memory, judged)), stale: staleLines(judged.excerpt, state) };
    },
    remember: async ({ scope, ...record }) => {
      const { memory } = await keep.fresh();
      const session = env.vars['CLAUDE_CODE_SESSION_ID'];
      const written = await remember(memory, {
        ...record,
        ...(scope && { tier: scope }),
        ...(session && { session: session.slice(0, 8) }),
      });
      keep.forget();
      return { ...written, scope: written.tier };
    },
    context: async () => {
      const { memory, world } = await keep.now();
      return (await buildBlock(memory, {}, world)).text;
    },
    forget: async (id, reason) => {
      const { memory } = await keep.fresh();
      const forgotten = await forget(memory, id, reason);
      keep.forget();
      return forgotten;
    },
  };
}

interface Keeper {
  now(): Promise<Now>;
  /** What is about to be written must be judged from this very moment. */
  fresh(): Promise<Now>;
  forget(): void;
}

function keepNow(env: Env): Keeper {
  let memory: Memory | undefined;
  let takenAt = 0;
  let store: ReturnType<typeof keepOpen> | undefined;
  let world: World | undefined;
  const now = async (): Promise<Now> => {
    const at = env.now().getTime();
    if (!memory || at - takenAt > snapshotMaxMs) {
      memory = await openMemory(env, memory?.place);
      takenAt = at;
      world = undefined;
    }
    store ??= keepOpen(memory.place, memory.snapshot.objectFormat);
    const { catalog, index } = await store(at);
    if (!world || world.catalog !== catalog) world = judgeWorld(memory, catalog, index);
    return { memory, world };
  };
  const drop = (): void => {
    memory = undefined;
  };
  return { now, forget: drop, fresh: () => (drop(), now()) };
}

function entryOf(excerpt: Excerpt, trust: Trust): McpEntry {
  const { type, title, created, tokens } = excerpt;
  const isForeign = trust === 'foreign';
  const id = isForeign ? safeId(excerpt) : excerpt.id;
  return { id, type, title: isForeign ? '' : title, created, tokens, isForeign };
}

function queryOf({ types, ...query }: McpQuery): Query {
  const wanted = types?.map((type): RecordType => {
    if (isObservationType(type) || type === 'session') return type;
    throw new RepomemError('usage', `type: there is no type '${type}'`, { hint: 'leave it out to search all types' });
  });
  return { ...query, ...(wanted && { types: wanted }) };
}
