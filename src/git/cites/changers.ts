// Finds the commit that changed cited lines: the newest one before which the cited text was in the file and after which it was not.
// Reads the file's versions, so it is exact where blame and `log -L` guess from line numbers, also on parallel branches.
import type { Cite } from '../../domain/cite.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readBlobs } from '../state/blobs.ts';
import { splitLines } from './cites.ts';
import { findText, foldText, type FoldedText } from './judge-cite.ts';
import type { RawChange } from './renames.ts';
import { isCited, type Trail } from './trails.ts';

const shortDigits = 8;
/** Versions of one file that are searched, newest first, and versions read at a time. */
const maxVersions = 256;
const stepsAtOnce = 16;

/** Cite → short id of the newest commit that removed its text. */
export function findChangers(paths: MemoryPaths, trails: ReadonlyMap<Cite, Trail>): Map<Cite, string> {
  const changers = new Map<Cite, string>();
  let open = [...trails].map(([cite, { changes }]) => ({ cite, steps: groupByCommit(changes).slice(0, maxVersions) }));
  while (open.length > 0) {
    const next = open.flatMap(({ steps }) => steps.slice(0, stepsAtOnce));
    const blobs = next.flatMap(({ before, after }) => [...before, ...after]);
    const texts = readBlobs(paths, blobs);
    const folded = new Map([...texts].map(([blob, bytes]) => [blob, foldText(splitLines(bytes))]));
    open = open.flatMap(({ cite, steps }) => {
      const known = new Map<string, boolean>();
      const stood = (blob: string): boolean => {
        const stand = known.get(blob) ?? stands(cite, blob, folded.get(blob));
        known.set(blob, stand);
        return stand;
      };
      const some = steps.slice(0, stepsAtOnce);
      const changer = some.find(({ before, after }) => before.some(stood) && !after.some(stood));
      if (changer) changers.set(cite, changer.commit.slice(0, shortDigits));
      return changer || steps.length <= stepsAtOnce ? [] : [{ cite, steps: steps.slice(stepsAtOnce) }];
    });
  }
  return changers;
}

interface Step {
  commit: string;
  /** Blob ids of the file under its old and new name. */
  before: string[];
  after: string[];
}

/** Groups changes by commit, newest first: the removal and addition of a rename are one step. */
function groupByCommit(changes: readonly RawChange[]): Step[] {
  const steps = new Map<string, Step>();
  for (const { commit, before, after } of changes) {
    const step = steps.get(commit) ?? { commit, before: [], after: [] };
    steps.set(commit, step);
    if (before !== undefined) step.before.push(before);
    if (after !== undefined) step.after.push(after);
  }
  return [...steps.values()];
}

function stands(cite: Cite, blob: string, folded: FoldedText | undefined): boolean {
  if (isCited(cite, blob)) return true;
  if (!cite.lines || cite.text === undefined || !folded) return false;
  return findText(folded, cite.lines, cite.text) !== undefined;
}
