// The memory as the MCP server asks for it. The process stays, so the records stay in memory and are looked at again when they may have moved.
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import type { Excerpt, Trust } from '../domain/excerpt.ts';
import { isObservationType, type RecordType } from '../domain/types.ts';
import { likenessOf } from '../meaning/likeness.ts';
import { buildBlock } from '../recall/block.ts';
import type { RecordFreshness } from '../git/cites/freshness.ts';
import { type Found, search } from '../memory/find.ts';
import { findEverywhere } from '../memory/find-everywhere.ts';
import { freshnessOf } from '../memory/mark-stale.ts';
import { liveRecords } from '../memory/live-records.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { recordText } from '../memory/record-text.ts';
import { safeId } from '../memory/safe-id.ts';
import { staleLines } from '../memory/stale-lines.ts';
import { timelineOf } from '../memory/timeline.ts';
import { forget, remember } from '../curate/write.ts';
import type { Query } from '../search/hit.ts';
import type { McpEntry, McpMemory, McpQuery } from './memory-face.ts';
import { findMemoryOfClient, type AskRoots } from './roots.ts';

/** `askRoots`: the folders that the client works in, where it tells; asked only while no memory is found without. */
export function makeMcpMemory(env: Env, askRoots: AskRoots = () => Promise.resolve([])): McpMemory {
  const records = liveRecords(env, () => findMemoryOfClient(env, askRoots));
  return {
    version: env.version,
    search: async ({ everywhere = false, ...query }) => {
      if (everywhere) {
        const { found, total } = await findEverywhere(env, queryOf(query));
        const { paths } = (await records.now()).memory;
        const hits = found.map(({ memory, state, ...one }) => ({
          ...hitOf(one, state),
          ...(memory.paths.root !== paths.root && { root: memory.paths.root }),
        }));
        return { hits, total };
      }
      const { memory, recordSet } = await records.now();
      const { found, total } = await search(memory, recordSet, queryOf(query), likenessOf);
      const states = freshnessOf(memory, found);
      return { hits: found.map((one) => hitOf(one, states.get(one.excerpt.path))), total };
    },
    timeline: async (anchor, before, after) => {
      const { memory, recordSet } = await records.now();
      const { anchor: middle, entries } = await timelineOf(memory, anchor, { before, after }, recordSet);
      return { entries: entries.map((entry) => entryOf(entry, 'own')), ...(middle && { anchor: middle }) };
    },
    get: async (id) => {
      const { memory, recordSet } = await records.now();
      const assessed = resolveId(recordSet, id);
      const entry = { ...entryOf(assessed.excerpt, assessed.trust), path: assessed.excerpt.path };
      if (assessed.trust === 'foreign') return { ...entry, path: '', text: '', stale: [] };
      const state = freshnessOf(memory, [assessed]).get(assessed.excerpt.path);
      return { ...entry, text: recordText(readFull(memory, assessed)), stale: staleLines(assessed.excerpt, state) };
    },
    remember: async ({ scope, ...record }) => {
      const { memory } = await records.fresh();
      const session = env.vars['CLAUDE_CODE_SESSION_ID'];
      const written = await remember(memory, {
        ...record,
        ...(scope && { tier: scope }),
        ...(session && { session: session.slice(0, 8) }),
      });
      records.forget();
      return { ...written, scope: written.tier };
    },
    context: async () => {
      const { memory, recordSet } = await records.now();
      return (await buildBlock(memory, {}, recordSet)).text;
    },
    forget: async (id, reason) => {
      const { memory } = await records.fresh();
      const forgotten = await forget(memory, id, reason);
      records.forget();
      return forgotten;
    },
  };
}

function hitOf({ excerpt, trust, hit }: Found, state: RecordFreshness | undefined): McpEntry {
  const entry = entryOf(excerpt, trust);
  if (entry.isForeign) return { ...entry, why: [] };
  const isStale = staleLines(excerpt, state).length > 0;
  return { ...entry, why: hit.why, ...(isStale && { isStale }) };
}

function entryOf(excerpt: Excerpt, trust: Trust): McpEntry {
  const { type, title, created, tokens } = excerpt;
  const isForeign = trust === 'foreign';
  const id = isForeign ? safeId(excerpt) : excerpt.id;
  return { id, type, title: isForeign ? '' : title, created, tokens, isForeign };
}

function queryOf({ types, ...query }: Omit<McpQuery, 'everywhere'>): Query {
  const wanted = types?.map((type): RecordType => {
    if (isObservationType(type) || type === 'session') return type;
    throw new RepomemError('usage', `type: there is no type '${type}'`, { hint: 'leave it out to search all types' });
  });
  return { ...query, ...(wanted && { types: wanted }) };
}
