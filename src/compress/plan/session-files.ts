// A session's records as they stand on disk now.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tier } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { PassKind } from '../claims/prepared-claim.ts';
import type { SessionRecord, SessionState } from '../claims/state.ts';
import type { CompressTools } from '../claims/tools.ts';

export interface SessionFile {
  record: SessionRecord;
  text: string;
  /** Neither edited by a person nor tracked or staged: it may be moved, replaced, removed. */
  canMove: boolean;
}

/** In the order in which they were written; those that are gone are left out. */
export function readSessionFiles(
  paths: MemoryPaths,
  state: SessionState,
  tools: Pick<CompressTools, 'untracked'>,
): SessionFile[] {
  const files = state.records.flatMap((record) => {
    try {
      return [{ record, text: readFileSync(join(tierDir(paths, record.tier), record.path), 'utf8') }];
    } catch {
      return [];
    }
  });
  const shared = (record: SessionRecord): string => join(paths.memoryDir, record.path);
  const untracked = tools.untracked(
    files.filter(({ record }) => record.tier === 'shared').map(({ record }) => shared(record)),
  );
  return files.map(({ record, text }) => ({
    record,
    text,
    canMove: hashOf(text) === record.hash && (record.tier === 'local' || untracked.has(shared(record))),
  }));
}

/** What a pass writes anew: everything that it may, but the rules leave a model's records where they stand. */
export function replaceable(files: readonly SessionFile[], kind: PassKind): SessionFile[] {
  return files.filter(({ record, canMove }) => canMove && (kind !== 'passing' || record.isPassing === true));
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

export function tierDir(paths: MemoryPaths, tier: Tier): string {
  return tier === 'shared' ? paths.memoryDir : paths.localDir;
}
