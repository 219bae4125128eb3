// The memory as the MCP server's tools ask for it. The process stays, so the records stay in memory and are looked at again when they may have moved.
import { forget, remember, type NewRecord } from '../curate/write.ts';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { likenessOf } from '../meaning/likeness.ts';
import { hitAsJson, recordLine } from '../memory/record-line.ts';
import { search } from '../memory/find.ts';
import { findEverywhere } from '../memory/find-everywhere.ts';
import { liveRecords } from '../memory/live-records.ts';
import { freshnessOf } from '../memory/mark-stale.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { recordText } from '../memory/record-text.ts';
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
    async search(asked: Query & { everywhere?: boolean }): Promise<{ hits: Entry[]; total: number }> {
      const { everywhere = false, ...query } = asked;
      const { memory, recordSet } = await records.now();
      const own = memory.paths.root;
      if (everywhere) {
        const { found, total } = await findEverywhere(env, query);
        const hits = found.map((one) => {
          const { root } = one.memory.paths;
          return { ...hitAsJson(one, root, one.state), root: root === own ? undefined : root };
        });
        return { hits, total };
      }
      const { found, total } = await search(memory, recordSet, query, likenessOf);
      const states = freshnessOf(memory, found);
      return { hits: found.map((one) => hitAsJson(one, own, states.get(one.excerpt.path))), total };
    },
    async timeline(anchor: string, before: number, after: number): Promise<{ anchor?: string; entries: Entry[] }> {
      const { memory, recordSet } = await records.now();
      return timelineOf(memory, anchor, { before, after }, recordSet);
    },
    /** One record, by id or a unique beginning of it. */
    async get(id: string): Promise<WholeRecord> {
      const { memory, recordSet } = await records.now();
      const assessed = resolveId(recordSet, id);
      const { excerpt, trust } = assessed;
      const line = recordLine(assessed, memory.paths.root, freshnessOf(memory, [assessed]).get(excerpt.path));
      if (trust === 'foreign') return { ...line, text: '' };
      return { ...line, path: excerpt.path, text: recordText(readFull(memory, assessed)) };
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
