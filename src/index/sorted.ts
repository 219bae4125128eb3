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

/** The n-th largest value, counted from 1; −Infinity when there are fewer. */
export function nthLargest(values: Float64Array, n: number): number {
  return values.toSorted()[values.length - n] ?? Number.NEGATIVE_INFINITY;
}
