// The work at hand, for ranking.
import type { AtHand } from '../context/rank.ts';
import { readAtHand as readFromGit, type AtHandOptions } from '../git/at-hand.ts';
import type { Memory } from './open.ts';

export function readAtHand({ place, snapshot }: Memory, options: Pick<AtHandOptions, 'recent'> = {}): AtHand {
  return readFromGit(place, snapshot, options);
}
