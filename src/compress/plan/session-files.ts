// A session's records as they are on disk now.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../../domain/errors.ts';
import type { Excerpt, Tier } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { MemoryRecord } from '../../domain/record.ts';
import type { SessionRecord, SessionState } from '../claims/session-state.ts';
import type { CompressTools } from '../claims/dependencies.ts';

export interface SessionFile {
  record: SessionRecord;
  text: string;
  /** Unedited, untracked and unstaged: it may be replaced or removed. */
  isOurs: boolean;
}

/** In the order of writing; missing files are left out. */
export function readSessionFiles(
  paths: MemoryPaths,
  state: SessionState,
  tools: Pick<CompressTools, 'untracked'>,
): SessionFile[] {
  const files = state.records.flatMap((record) => {
    const path = join(tierDir(paths, record.tier), record.path);
    const text = attempt(() => readFileSync(path, 'utf8'));
    return text === undefined ? [] : [{ record, text, path }];
  });
  const shared = files.filter(({ record }) => record.tier === 'shared');
  const untracked = tools.untracked(shared.map(({ path }) => path));
  return files.map(({ record, text, path }) => ({
    record,
    text,
    isOurs: hashOf(text) === record.hash && (record.tier === 'local' || untracked.has(path)),
  }));
}

/** Those that can still be read. */
export async function readRecords(
  excerpts: readonly Excerpt[],
  tools: Pick<CompressTools, 'readRecord'>,
): Promise<MemoryRecord[]> {
  const records = await Promise.all(excerpts.map((excerpt) => tools.readRecord(excerpt)));
  return records.filter((record) => record !== undefined);
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

export function tierDir(paths: MemoryPaths, tier: Tier): string {
  return tier === 'shared' ? paths.memoryDir : paths.localDir;
}
