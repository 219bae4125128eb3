// Records for a long-lived process, such as the MCP server: kept in memory and revalidated before each use.
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { basisOf, findMemoryHere, lazyMemory, type Memory } from './open.ts';
import { hasEveryFile, openRecords, type OpenRecords, type RecordSet } from './records.ts';

export interface LiveRecords {
  /** The very same objects as the last time while nothing moved. New, renamed and deleted files are seen at once, edits in place after two seconds. */
  now(): Promise<{ memory: Memory; recordSet: RecordSet }>;
  /** What is about to be written must be judged from this very moment. */
  fresh(): Promise<{ memory: Memory; recordSet: RecordSet }>;
  /** Something may have moved: the next look is at every file, however lately the last one was. */
  recheck(): void;
  /** What was written makes the next look a new one. */
  forget(): void;
}

/** An edit in place moves no folder's time, and git tells of no changed file by itself: both are asked again after this long. */
const maxAgeMs = 2000;

interface Known extends OpenRecords {
  checkedAt: number;
}

/** `findPaths` is asked once, at the first use. `onOpened` is given the Memory, with git's snapshot of this moment, whenever git had to be asked. */
export function liveRecords(
  env: Env,
  findPaths: () => MemoryPaths | Promise<MemoryPaths> = () => findMemoryHere(env),
  onOpened?: (memory: Memory) => void,
): LiveRecords {
  let known: Known | undefined;
  const isCurrent = (one: Known, at: number): boolean => {
    if (!one.isCurrent()) return false;
    if (at - one.checkedAt < maxAgeMs) return true;
    one.checkedAt = at;
    return hasEveryFile(one.memory.paths, one.recordSet.table);
  };
  const now = async (): Promise<Known> => {
    const at = env.now().getTime();
    if (known === undefined || !isCurrent(known, at))
      known = await open(env, known?.memory.paths ?? (await findPaths()), onOpened);
    return known;
  };
  const forget = (): void => {
    known = undefined;
  };
  const recheck = (): void => {
    if (known) known.checkedAt = 0;
  };
  return { now, recheck, forget, fresh: () => (forget(), now()) };
}

async function open(env: Env, paths: MemoryPaths, onOpened?: (memory: Memory) => void): Promise<Known> {
  const checkedAt = env.now().getTime();
  const opened = await openRecords(env, paths, { everyFile: true });
  opened.save();
  if (opened.memory.emptySnapshot === undefined) onOpened?.(opened.memory);
  const memory = await lazyMemory(env, paths, basisOf(opened.memory), maxAgeMs);
  return { ...opened, memory, checkedAt };
}
