// The work at hand, for ranking.
import type { AtHand } from '../context/rank.ts';
import type { Memory } from './open.ts';

export function readAtHand({ snapshot }: Memory): AtHand {
  return {
    changedFiles: new Set([...snapshot.dirty].filter((path) => !path.startsWith(snapshot.memoryPrefix))),
    recentFiles: new Set(),
    ...(snapshot.branch && { branch: snapshot.branch }),
  };
}
