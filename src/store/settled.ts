// When a file's size and time can be believed: a clock that stands still for a while gives two changes one time.

/** The slowest clock among file systems that keep parts of a second. */
const tickMs = 20;
/** What knows only seconds (HFS+, ext3, some network disks) or every second one (FAT) gives times without a part. */
const coarseTickMs = 2020;

/** From this moment on a change would show as another time. Milliseconds, as `mtimeMs`. */
export function settledAt(mtimeMs: number): number {
  return mtimeMs + (mtimeMs % 1000 === 0 ? coarseTickMs : tickMs);
}
