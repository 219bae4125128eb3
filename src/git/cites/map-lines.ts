// Where lines of an older version of a file stand in the working tree's: by git's own diff of the two.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { plainDiff } from '../run/harden.ts';
import { runIn, type GitOptions } from '../run/runner.ts';

/** The lines that took the place of `lines`; undefined when the old version is not in git's objects, or nothing took their place. */
export function mapLines(
  paths: MemoryPaths,
  blob: string,
  path: string,
  lines: readonly [number, number],
  options: Pick<GitOptions, 'env'> = {},
): [number, number] | undefined {
  if (!/^[0-9a-f]{7,64}$/.test(blob)) return undefined;
  const { ok, stdout } = runIn(paths, ['diff', ...plainDiff, '-U0', blob, '--', path], options);
  if (!ok) return undefined;
  const first = mapLine(stdout, lines[0], 'first');
  const last = mapLine(stdout, lines[1], 'last');
  return last >= first ? [first, last] : undefined;
}

/** A line inside a changed hunk becomes the first or last one of what stands there now. */
function mapLine(diff: string, line: number, side: 'first' | 'last'): number {
  let shift = 0;
  for (const match of diff.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)) {
    const [oldStart, oldCount] = [Number(match[1]), Number(match[2] ?? 1)];
    const [newStart, newCount] = [Number(match[3]), Number(match[4] ?? 1)];
    // Of an insertion git names the line before it.
    if (line < (oldCount === 0 ? oldStart + 1 : oldStart)) break;
    if (line < oldStart + oldCount) {
      if (newCount === 0) return side === 'first' ? newStart + 1 : newStart;
      return side === 'first' ? newStart : newStart + newCount - 1;
    }
    shift += newCount - oldCount;
  }
  return line + shift;
}
