// The memory as the MCP server's tools ask for it. The process stays, so the records stay in memory and are looked at again when they may have moved.
import { forget, remember, type NewRecord } from '../curate/write.ts';
import type { Env } from '../domain/env.ts';
import type { Excerpt, Trust } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { RecordFreshness } from '../git/cites/freshness.ts';
import { likenessOf } from '../meaning/likeness.ts';
import { search, type Found } from '../memory/find.ts';
import { findEverywhere } from '../memory/find-everywhere.ts';
import { liveRecords } from '../memory/live-records.ts';
import { freshnessOf } from '../memory/mark-stale.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { recordText } from '../memory/record-text.ts';
import { safeId } from '../memory/safe-id.ts';
import { staleLines } from '../memory/stale-lines.ts';
import { timelineOf } from '../memory/timeline.ts';
import { buildBlock } from '../recall/block.ts';
import type { Query } from '../search/hit.ts';
import type { Entry, WholeRecord } from './render-answer.ts';

/** Every function may throw a RepomemError: its message and hint become the answer's text. */
export type McpMemory = ReturnType<typeof makeMcpMemory>;

/** `findPaths` is asked once, at the first use. */
export function makeMcpMemory(env: Env, findPaths: () => Promise<MemoryPaths>) {
  const records = liveRecords(env, findPaths);
  return {
    version: env.version,
    /** `everywhere`: in every repository of this machine that has a memory. */
    async search({ everywhere = false, ...query }: Query & { everywhere?: boolean }) {
      const { memory, recordSet } = await records.now();
      if (everywhere) {
        const { found, total } = await findEverywhere(env, query);
        const rootOf = (root: string): string | undefined => (root === memory.paths.root ? undefined : root);
        return { hits: found.map((one) => ({ ...hitOf(one, one.state), root: rootOf(one.memory.paths.root) })), total };
      }
      const { found, total } = await search(memory, recordSet, query, likenessOf);
      const states = freshnessOf(memory, found);
      return { hits: found.map((one) => hitOf(one, states.get(one.excerpt.path))), total };
    },
    async timeline(anchor: string, before: number, after: number): Promise<{ anchor?: string; entries: Entry[] }> {
      const { memory, recordSet } = await records.now();
      const { entries, ...middle } = await timelineOf(memory, anchor, { before, after }, recordSet);
      return { ...middle, entries: entries.map((entry) => entryOf(entry, 'own')) };
    },
    /** One record, by id or a unique beginning of it. */
    async get(id: string): Promise<WholeRecord> {
      const { memory, recordSet } = await records.now();
      const assessed = resolveId(recordSet, id);
      const { excerpt, trust } = assessed;
      const entry = entryOf(excerpt, trust);
      if (entry.isForeign) return { ...entry, path: '', text: '', stale: [] };
      const stale = staleLines(excerpt, freshnessOf(memory, [assessed]).get(excerpt.path));
      return { ...entry, path: excerpt.path, text: recordText(readFull(memory, assessed)), stale };
    },
    async remember(record: NewRecord) {
      const { memory } = await records.fresh();
      const session = env.vars['CLAUDE_CODE_SESSION_ID']?.slice(0, 8);
      const written = await remember(memory, { ...record, session });
      records.forget();
      return written;
    },
    /** The block that a session starts with; '' when there is nothing to say. */
    async context(): Promise<string> {
      const { memory, recordSet } = await records.now();
      return (await buildBlock(memory, {}, recordSet)).text;
    },
    async forget(id: string, reason: string): Promise<{ id: string; title: string; tombstone: string }> {
      const { memory } = await records.fresh();
      const forgotten = await forget(memory, id, reason);
      records.forget();
      return forgotten;
    },
  };
}

function hitOf({ excerpt, trust, hit }: Found, state: RecordFreshness | undefined): Entry {
  const entry = entryOf(excerpt, trust);
  return entry.isForeign ? entry : { ...entry, why: hit.why, isStale: staleLines(excerpt, state).length > 0 };
}

function entryOf(excerpt: Excerpt, trust: Trust): Entry {
  const { type, title, created, tokens } = excerpt;
  const isForeign = trust === 'foreign';
  const id = isForeign ? safeId(excerpt) : excerpt.id;
  return { id, type, title: isForeign ? '' : title, created, tokens, isForeign };
}
