// The memory as the MCP server asks for it. The process stays, so the world is kept and looked at again when it may have moved.
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import type { Excerpt, Trust } from '../domain/excerpt.ts';
import type { Place } from '../domain/place.ts';
import { isObservationType, type RecordType } from '../domain/types.ts';
import { isKeepable, takeSnapshot, unaskedSnapshot, type Snapshot } from '../git/snapshot.ts';
import { buildBlock } from '../memory/block.ts';
import { search } from '../memory/find.ts';
import { freshnessOf } from '../memory/freshness.ts';
import { openMemory, placeHere, type Memory } from '../memory/open.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { recordText } from '../memory/record-text.ts';
import { safeId } from '../memory/safe-id.ts';
import { stateKeyOf } from '../memory/sight-state.ts';
import { staleLines } from '../memory/stale-lines.ts';
import { timelineOf } from '../memory/timeline.ts';
import { judgeWorld, type World } from '../memory/world.ts';
import { forget, remember } from '../memory/write.ts';
import type { Query } from '../search/query.ts';
import { keepOpen } from '../search/keep-open.ts';
import type { McpEntry, McpMemory, McpQuery } from './memory-face.ts';

/** What git says of changed files is asked again after this long. */
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
      const { memory, world } = await keep.now();
      const { anchor: middle, entries } = await timelineOf(memory, anchor, { before, after }, world);
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
  let known: (Now & { key: string }) | undefined;
  let store: ReturnType<typeof keepOpen> | undefined;
  const now = async (): Promise<Now> => {
    const at = env.now().getTime();
    const place = known?.memory.place ?? placeHere(env);
    const key = stateKeyOf(env, place);
    const memory = known?.key === key.text ? known.memory : await openToStay(env, place);
    store ??= keepOpen(place, memory.snapshot.objectFormat);
    const { catalog, index } = await store(at);
    if (known?.memory === memory && known.world.catalog === catalog) return known;
    // Where records moved, what git says of them did too.
    const asked = known?.memory === memory ? await openToStay(env, place) : memory;
    const isSure = key.settledMs <= at && isKeepable(asked.snapshot);
    known = { memory: asked, world: judgeWorld(asked, catalog, index), key: isSure ? key.text : '' };
    return known;
  };
  const drop = (): void => {
    known = undefined;
  };
  return { now, forget: drop, fresh: () => (drop(), now()) };
}

/** A file's own bytes tell whether it is as it was cited; git is asked about those that are not, and again after a while. */
async function openToStay(env: Env, place: Place): Promise<Memory> {
  const memory = await openMemory(env, place);
  const { snapshot, ledger } = memory;
  const { defaultBranch } = memory.settings.trust;
  let full: { snapshot: Snapshot; at: number } | undefined;
  return {
    ...memory,
    unasked: unaskedSnapshot(place, snapshot.objectFormat),
    fullSnapshot: () => {
      const at = env.now().getTime();
      if (full === undefined || at - full.at > snapshotMaxMs)
        full = {
          snapshot: takeSnapshot(place, { ledger, withFiles: true, ...(defaultBranch && { defaultBranch }) }),
          at,
        };
      return full.snapshot;
    },
  };
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
