// Takes an import back: what it wrote, nobody edited and git does not have.
import { existsSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { RepomemError } from '../domain/errors.ts';
import { stateFile } from '../compress/claims/session-state.ts';
import { tierDir } from '../compress/plan/session-files.ts';
import type { Memory } from '../memory/open.ts';
import {
  fileOfEntry,
  importedSources,
  isUnchanged,
  readImports,
  rewriteImports,
  type ImportEntry,
} from './import-log.ts';

export interface Undone {
  run: string;
  removed: string[];
  /** Edited since, or in git. */
  kept: string[];
}

/** The last run without `run`. Throws RepomemError `usage` for a run that is not known. */
export function undoImport({ paths, snapshot }: Pick<Memory, 'paths' | 'snapshot'>, run?: string): Undone {
  const logs = importedSources(paths).map((source) => ({ source, entries: readImports(paths, source) }));
  const all = logs.flatMap(({ entries }) => entries);
  const last = all.reduce<ImportEntry | undefined>((best, one) => (best && best.at > one.at ? best : one), undefined);
  const wanted = run ?? last?.run;
  if (wanted === undefined || !all.some((entry) => entry.run === wanted)) {
    const runs = [...new Set(all.map((entry) => entry.run))].slice(-5);
    throw new RepomemError(
      'usage',
      run === undefined ? 'import undo: nothing was imported here' : `import undo: '${run}': there is no such run`,
      runs.length > 0 ? { hint: `expected one of ${runs.join(', ')}` } : {},
    );
  }
  const undone: Undone = { run: wanted, removed: [], kept: [] };
  for (const { source, entries } of logs) {
    const rest = entries.filter((entry) => entry.run !== wanted || !takeBack(entry, paths, snapshot, undone));
    if (rest.length !== entries.length) rewriteImports(paths, source, rest);
  }
  return undone;
}

/** False where the file stays: then its entry does, too, and it is not imported anew beside itself. */
function takeBack(entry: ImportEntry, paths: Memory['paths'], snapshot: Memory['snapshot'], undone: Undone): boolean {
  const { session, tier } = entry;
  if (session !== undefined)
    for (const end of ['.json', '.events.jsonl', '.secrets']) rmSync(stateFile(paths, session, end), { force: true });
  const file = fileOfEntry(paths, entry);
  if (file === undefined || tier === undefined || !existsSync(file)) return true;
  const inTree = relative(paths.worktree ?? paths.root, file).replaceAll('\\', '/');
  if (!isUnchanged(paths, entry) || snapshot.index.has(inTree)) {
    undone.kept.push(file);
    return false;
  }
  rmSync(file);
  undone.removed.push(file);
  removeEmpty(dirname(file), tierDir(paths, tier));
  return true;
}

function removeEmpty(folder: string, top: string): void {
  for (let at = folder; at !== top && at.startsWith(top); at = dirname(at))
    try {
      rmdirSync(at);
    } catch {
      return;
    }
}
