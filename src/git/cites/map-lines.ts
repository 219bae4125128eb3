// Maps lines of an older version of a file to the working tree, using git diff.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { plainDiff } from '../run/harden.ts';
import { runIn } from '../run/runner.ts';

/** The lines that replaced `lines`; undefined when git no longer has the old version, or the lines were deleted. */
export function mapLines(
  paths: MemoryPaths,
  blob: string,
  path: string,
  lines: readonly [number, number],
): [number, number] | undefined {
  if (!/^[0-9a-f]{7,64}$/.test(blob)) return undefined;
  const { ok, stdout } = runIn(paths, ['diff', ...plainDiff, '-U0', blob, '--', path]);
  if (!ok) return undefined;
  const first = mapLine(stdout, lines[0], 'first');
  const last = mapLine(stdout, lines[1], 'last');
  return last >= first ? [first, last] : undefined;
}

/** Maps a line inside a changed hunk to the first or last line that replaced the hunk. */
function mapLine(diff: string, line: number, side: 'first' | 'last'): number {
  let shift = 0;
  for (const match of diff.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)) {
    const [oldStart, oldCount] = [Number(match[1]), Number(match[2] ?? 1)];
    const [newStart, newCount] = [Number(match[3]), Number(match[4] ?? 1)];
    // For an insertion, git gives the line before it.
    if (line < (oldCount === 0 ? oldStart + 1 : oldStart)) break;
    if (line < oldStart + oldCount) {
      if (newCount === 0) return side === 'first' ? newStart + 1 : newStart;
      return side === 'first' ? newStart : newStart + newCount - 1;
    }
    shift += newCount - oldCount;
  }
  return line + shift;
}
