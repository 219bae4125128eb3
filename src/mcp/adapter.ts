// The memory as the MCP server asks for it. The process stays, so the world is kept and looked at again when it may have moved.
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import type { Excerpt, Trust } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { isObservationType, type RecordType } from '../domain/types.ts';
import { isKeepable, takeSnapshot, unaskedSnapshot, type Snapshot } from '../git/state/snapshot.ts';
import { buildBlock } from '../recall/block.ts';
import { search } from '../memory/find.ts';
import { freshnessOf } from '../memory/freshness.ts';
import { openMemory, findMemoryHere, type Memory, trustOptions } from '../memory/open.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { recordText } from '../memory/record-text.ts';
import { safeId } from '../memory/safe-id.ts';
import { stateKeyOf } from '../memory/sight-state.ts';
import { staleLines } from '../memory/stale-lines.ts';
import { timelineOf } from '../memory/timeline.ts';
import { assessRecordSet, type RecordSet } from '../memory/records.ts';
import { forget, remember } from '../curate/write.ts';
import type { Query } from '../search/query.ts';
import { keepOpen } from '../search/keep-open.ts';
import type { McpEntry, McpMemory, McpQuery } from './memory-face.ts';

/** What git says of changed files is asked again after this long. */
const snapshotMaxMs = 2000;

interface Now {
  memory: Memory;
  recordSet: RecordSet;
}

export function makeMcpMemory(env: Env): McpMemory {
  const keep = keepNow(env);
  return {
    version: env.version,
    search: async (query) => {
      const { memory, recordSet } = await keep.now();
      const found = await search(memory, recordSet, queryOf(query));
      const states = freshnessOf(memory, found);
      return found.map(({ excerpt, trust, hit }) => {
        const entry = entryOf(excerpt, trust);
        if (entry.isForeign) return { ...entry, why: [] };
        const isStale = staleLines(excerpt, states.get(excerpt.path)).length > 0;
        return { ...entry, why: hit.why, ...(isStale && { isStale }) };
      });
    },
    timeline: async (anchor, before, after) => {
      const { memory, recordSet } = await keep.now();
      const { anchor: middle, entries } = await timelineOf(memory, anchor, { before, after }, recordSet);
      return { entries: entries.map((entry) => ({ ...entry, isForeign: false })), ...(middle && { anchor: middle }) };
    },
    get: async (id) => {
      const { memory, recordSet } = await keep.now();
      const assessed = resolveId(recordSet, id);
      const entry = { ...entryOf(assessed.excerpt, assessed.trust), path: assessed.excerpt.path };
      if (assessed.trust === 'foreign') return { ...entry, path: '', text: '', stale: [] };
      const state = freshnessOf(memory, [assessed]).get(assessed.excerpt.path);
      return { ...entry, text: recordText(readFull(memory, assessed)), stale: staleLines(assessed.excerpt, state) };
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
      const { memory, recordSet } = await keep.now();
      return (await buildBlock(memory, {}, recordSet)).text;
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
    const paths = known?.memory.paths ?? findMemoryHere(env);
    const key = stateKeyOf(env, paths);
    const memory = known?.key === key.text ? known.memory : await openToStay(env, paths);
    store ??= keepOpen(paths, memory.snapshot.objectFormat);
    const { catalog, index } = await store(at);
    if (known?.memory === memory && known.recordSet.catalog === catalog) return known;
    // Where records moved, what git says of them did too.
    const asked = known?.memory === memory ? await openToStay(env, paths) : memory;
    const isSure = key.settledMs <= at && isKeepable(asked.snapshot);
    known = { memory: asked, recordSet: assessRecordSet(asked, catalog, index), key: isSure ? key.text : '' };
    return known;
  };
  const drop = (): void => {
    known = undefined;
  };
  return { now, forget: drop, fresh: () => (drop(), now()) };
}

/** A file's own bytes tell whether it is as it was cited; git is asked about those that are not, and again after a while. */
async function openToStay(env: Env, paths: MemoryPaths): Promise<Memory> {
  const memory = await openMemory(env, paths);
  const { snapshot, ledger } = memory;
  let full: { snapshot: Snapshot; at: number } | undefined;
  return {
    ...memory,
    unasked: unaskedSnapshot(paths, snapshot.objectFormat),
    fullSnapshot: () => {
      const at = env.now().getTime();
      if (full === undefined || at - full.at > snapshotMaxMs)
        full = {
          snapshot: takeSnapshot(paths, { ledger, withFiles: true, ...trustOptions(memory.settings, env.now()) }),
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
