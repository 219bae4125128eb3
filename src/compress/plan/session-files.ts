// A session's records as they stand on disk now.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { hashOf, type Standing, tierDir } from './planned.ts';
import type { SessionRecord, SessionState } from '../claims/state.ts';
import type { CompressTools } from '../claims/tools.ts';

/** In the order in which they were written; those that are gone are left out. */
export function readStanding(
  paths: MemoryPaths,
  state: SessionState,
  tools: Pick<CompressTools, 'untracked'>,
): Standing[] {
  const standing = state.records.flatMap((record) => {
    try {
      return [{ record, text: readFileSync(join(tierDir(paths, record.tier), record.path), 'utf8') }];
    } catch {
      return [];
    }
  });
  const shared = (record: SessionRecord): string => join(paths.memoryDir, record.path);
  const untracked = tools.untracked(
    standing.filter(({ record }) => record.tier === 'shared').map(({ record }) => shared(record)),
  );
  return standing.map(({ record, text }) => ({
    record,
    text,
    canMove: hashOf(text) === record.hash && (record.tier === 'local' || untracked.has(shared(record))),
  }));
}
