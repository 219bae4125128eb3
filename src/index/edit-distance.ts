/** Letters put in, left out, changed or swapped with the next; Infinity above `max`. */
export function editDistance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return Number.POSITIVE_INFINITY;
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row++) {
    const [above, current] = [rows[row - 1]!, [row]];
    for (let column = 1; column <= b.length; column++) {
      const change = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = isSwap ? rows[row - 2]![column - 2]! + 1 : change;
      current.push(Math.min(change, swap, above[column]! + 1, current[column - 1]! + 1));
    }
    if (Math.min(...current) > max) return Number.POSITIVE_INFINITY;
    rows.push(current);
  }
  return rows[a.length]![b.length]!;
}
