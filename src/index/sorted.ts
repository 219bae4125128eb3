// Places and values in order of size.

/** The first of `count` places in ascending order that is not before what is sought. */
export function lowerBound(count: number, isBefore: (at: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of the first of sorted terms that is not before the given one. */
export function placeOf(terms: readonly string[], term: string): number {
  return lowerBound(terms.length, (at) => terms[at]! < term);
}

/** The n-th largest value, counted from 1; −Infinity when there are fewer. To sort all of them takes ten times as long. */
export function nthLargest(values: Float64Array, n: number): number {
  if (n < 1 || n > values.length) return Number.NEGATIVE_INFINITY;
  const largest = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (!(value > largest[n - 1]!)) continue;
    const place = lowerBound(n, (other) => largest[other]! >= value);
    largest.copyWithin(place + 1, place);
    largest[place] = value;
  }
  return largest[n - 1]!;
}
