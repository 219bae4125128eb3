// The work at hand, for ranking.
import type { AtHand } from '../context/rank.ts';
import { readAtHand as readFromGit } from '../git/at-hand.ts';
import type { Memory } from './open.ts';

export function readAtHand({ place, snapshot }: Memory): AtHand {
  return readFromGit(place, snapshot);
}
