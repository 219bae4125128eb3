// A session's records as they stand on disk now.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../domain/place.ts';
import { hashOf, tierDir } from './planned.ts';
import type { SessionRecord, SessionState } from './state.ts';
import type { CompressTools } from './tools.ts';

export interface Standing {
  record: SessionRecord;
  text: string;
  /** Neither edited by a person nor tracked or staged: it may be moved, replaced, removed. */
  canMove: boolean;
}

/** In the order in which they were written; those that are gone are left out. */
export function readStanding(place: Place, state: SessionState, tools: Pick<CompressTools, 'untracked'>): Standing[] {
  const standing = state.records.flatMap((record) => {
    try {
      return [{ record, text: readFileSync(join(tierDir(place, record.tier), record.path), 'utf8') }];
    } catch {
      return [];
    }
  });
  const shared = (record: SessionRecord): string => join(place.memoryDir, record.path);
  const untracked = tools.untracked(
    standing.filter(({ record }) => record.tier === 'shared').map(({ record }) => shared(record)),
  );
  return standing.map(({ record, text }) => ({
    record,
    text,
    canMove: hashOf(text) === record.hash && (record.tier === 'local' || untracked.has(shared(record))),
  }));
}
