// A session's records as they are on disk now.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tier } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { PassKind } from '../claims/prepared-claim.ts';
import type { SessionRecord, SessionState } from '../claims/session-state.ts';
import type { CompressTools } from '../claims/dependencies.ts';

export interface SessionFile {
  record: SessionRecord;
  text: string;
  /** Unedited, untracked and unstaged: it may be moved, replaced or removed. */
  canMove: boolean;
}

/** In the order of writing; missing files are left out. */
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

/** Records that a pass may rewrite; the rules do not replace a model's records. */
export function replaceable(files: readonly SessionFile[], kind: PassKind): SessionFile[] {
  return files.filter(({ record, canMove }) => canMove && (kind !== 'passing' || record.isPassing === true));
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

export function tierDir(paths: MemoryPaths, tier: Tier): string {
  return tier === 'shared' ? paths.memoryDir : paths.localDir;
}
