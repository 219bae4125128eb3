// What its neighbours in the session lend to a record's score.
import type { RecordTable } from '../index/table.ts';

/**
 * How much of a neighbour's score a record gets: the nearest in full, the next half of it, the third a third. What was said before counts more.
 * Worth 5 points of recall@5 over chat facts and 2 over commit messages; see src/index/match.ts.
 */
const weightOfEarlier = 0.35;
const weightOfLater = 0.28;
const neighbourReach = 3;

/** By row, the scores with those of neighbours in the session counted in, where the row has one of its own. */
export function addNeighbours(own: Float64Array, table: RecordTable): Float64Array {
  const scores = own.slice();
  for (const rows of sessionsOf(table))
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at]!;
      if (own[row] === 0) continue;
      let near = 0;
      for (let step = 1; step <= neighbourReach; step++) {
        if (at >= step) near += (weightOfEarlier * own[rows[at - step]!]!) / step;
        if (at + step < rows.length) near += (weightOfLater * own[rows[at + step]!]!) / step;
      }
      scores[row]! += near;
    }
  return scores;
}

/** A server asks the same table again and again. */
const sessionsByTable = new WeakMap<RecordTable, readonly (readonly number[])[]>();

/** The rows of each session, oldest first. */
function sessionsOf(table: RecordTable): readonly (readonly number[])[] {
  const known = sessionsByTable.get(table);
  if (known !== undefined) return known;
  const created = table.column('created');
  const bySession = new Map<string, number[]>();
  for (const [row, session] of table.column('session').entries()) {
    const rows = bySession.get(session);
    if (rows !== undefined) rows.push(row);
    else if (session !== '') bySession.set(session, [row]);
  }
  const sessions = [...bySession.values()];
  for (const rows of sessions)
    rows.sort((a, b) => (created[a]! < created[b]! ? -1 : created[a]! > created[b]! ? 1 : a - b));
  sessionsByTable.set(table, sessions);
  return sessions;
}
