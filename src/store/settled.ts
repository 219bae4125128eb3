// When a file's size and time are reliable: with a coarse clock, two changes can have the same time.

/** The coarsest resolution of file systems that store fractions of a second. */
const tickMs = 20;
/** File systems with a resolution of one second (HFS+, ext3, some network disks) or two (FAT) give times without a fraction. */
const coarseTickMs = 2020;

/** From this moment on, another change would have a different time. Milliseconds, as `mtimeMs`. */
export function settledAt(mtimeMs: number): number {
  return mtimeMs + (mtimeMs % 1000 === 0 ? coarseTickMs : tickMs);
}
