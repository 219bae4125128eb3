// A memory and its judged world for those who only look: search, and what is recalled unasked. Where nothing moved since the last look,
// that one holds, and neither git nor a record's file is asked.
import type { Env } from '../domain/env.ts';
import { once } from '../domain/once.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { isAmong, isKeepable, type Snapshot } from '../git/state/snapshot.ts';
import { repositoryPath } from '../git/state/trust.ts';
import type { SearchIndex } from '../search/index.ts';
import { restock, type Restocked } from '../search/restock.ts';
import { makeShelf, type Thin } from '../search/shelf.ts';
import { listRecordNames, type RecordNames } from '../store/list.ts';
import {
  cleanBit,
  committedBit,
  readSight,
  type SightHead,
  watchedBit,
  writeSight,
  type KeptSight,
} from './kept-sight.ts';
import { openMemory, type Memory } from './open.ts';
import {
  areNamesOf,
  isWatchedSame,
  type Moment,
  momentOf,
  settledOf,
  touchedPlaces,
  watchedOf,
} from './sight-state.ts';
import { sightOfKept } from './unasked.ts';
import { judgeAll } from './verdicts.ts';
import { cleanBlob, makeRecordSet, readRecordSet, type AssessedRecord, type RecordSet } from './records.ts';

export interface Sight {
  memory: Memory;
  recordSet: RecordSet;
  /** False when a file of these was edited since it was read: look anew. */
  holdsFor(assessed: readonly AssessedRecord[]): boolean;
  /** Keeps what was judged for the next look, with the index that it was searched by. */
  keep(): Promise<void>;
}

export interface SightOptions {
  /** Look at every record's file; else at their folders only, where everything but an edit in place shows. */
  everyFile: boolean;
  /** What git finds edited below the memory folder, asked a moment ago: then it is believed of the files that it watches. */
  edited?: Promise<ReadonlySet<string> | undefined>;
  /** False where no question is asked of the index: it is not opened. */
  isSearched?: boolean;
}

export async function openSight(env: Env, paths: MemoryPaths, options: SightOptions): Promise<Sight> {
  // Before everything that is looked at: what moves meanwhile is younger.
  const moment = momentOf(env, paths);
  const { isSearched = true } = options;
  const kept = readSight(paths);
  if (kept === undefined) return openAnew(env, paths, moment);
  const areFoldersSame = kept.head.watched.every(isWatchedSame);
  const hasProblems = kept.head.problems.length > 0;
  const list = once(() => listRecordNames(paths));
  const lookAll = (areNamesSame: boolean, touched?: ReadonlySet<number>): Promise<Sight> =>
    lookAgain(env, paths, moment, kept, areNamesSame ? undefined : list, touched);
  if (kept.head.key !== moment.key.text) return lookAll(areFoldersSame && !hasProblems);
  // Many editors write beside a file and rename: then a folder moved, and no name.
  if (!areFoldersSame && (hasProblems || !areNamesOf(kept.shelf, list()))) return lookAll(false);
  const isLookedAt = options.everyFile || !areFoldersSame;
  const touched = isLookedAt ? touchedPlaces(paths, kept, await options.edited) : [];
  const sight =
    touched.length === 0 && areFoldersSame
      ? await fromKept(env, paths, kept, isSearched)
      : await (await import('./edited-sight.ts')).openEdited(env, paths, moment, kept, { touched, areFoldersSame });
  return sight ?? lookAll(!hasProblems, isLookedAt ? new Set(touched) : undefined);
}

/**
 * What moved is read, and all is judged by what git says now. `list`: gives the names of now where they may have moved. `touched`: the places whose
 * file moved, where they were looked for.
 */
async function lookAgain(
  env: Env,
  paths: MemoryPaths,
  moment: Moment,
  { head, shelf, ...kept }: KeptSight,
  list?: () => RecordNames,
  touched?: ReadonlySet<number>,
): Promise<Sight> {
  // Git works while we look.
  const asked = openMemory(env, paths, { withFiles: true });
  const fresh = await restock(paths, shelf, head.git.objectFormat, list?.(), touched);
  const memory = await asked;
  const { snapshot, ledger } = memory;
  if (snapshot.objectFormat !== head.git.objectFormat) return openAnew(env, paths, moment);
  const verdicts = judgeAll(fresh.shelf.thins(), snapshot, ledger);
  return sightOf(memory, fresh, verdicts, moment, fresh.shelf === shelf ? { head, ...kept } : undefined);
}

/** From what stands at this moment. */
async function openAnew(env: Env, paths: MemoryPaths, moment = momentOf(env, paths)): Promise<Sight> {
  const memory = await openMemory(env, paths, { withFiles: true, withStore: true });
  const { catalog, verdicts } = await readRecordSet(memory);
  const { excerpts, problems, opened } = catalog;
  return sightOf(memory, { shelf: makeShelf(excerpts), problems, opened }, verdicts, moment);
}

/** `known`: an index over the very same shelf. */
function sightOf(
  memory: Memory,
  { shelf, problems, opened }: Restocked,
  verdicts: Uint8Array,
  { at, key }: Moment,
  known?: Pick<KeptSight, 'head' | 'places'>,
): Sight {
  const { paths, projectIsTrusted, snapshot } = memory;
  const { entries } = shelf;
  const openIndex = async (): Promise<SearchIndex> => {
    const find = await import('../search/find.ts');
    const index = known && find.openKeptIndex(paths, entries, { ...known.head.index, places: known.places });
    return index ?? find.openIndex(paths, entries, opened);
  };
  const recordSet = makeRecordSet({ entries, verdicts, problems, openIndex, placesNaming: shelf.placesNaming });
  return {
    memory,
    recordSet,
    holdsFor: () => true,
    keep: async () => {
      if (!isKeepable(snapshot)) return;
      const watched = watchedOf(paths, shelf, problems);
      if (Math.max(key.settledMs, settledOf(watched, shelf.mtimes)) > at) return;
      const head = { key: key.text, watched, git: keptOf(snapshot), problems, projectIsTrusted };
      const tracked = shelf.thins().map((thin) => trackedOf(thin, snapshot));
      const index = await recordSet.openIndex();
      writeSight(paths, head, { shelf, verdicts, tracked: Uint8Array.from(tracked) }, index);
    },
  };
}

function keptOf({ head, branch, defaultBranch, defaultRef, objectFormat, trackedLocal }: Snapshot): SightHead['git'] {
  return {
    ...(head && { head }),
    ...(branch && { branch }),
    ...(defaultBranch && { defaultBranch }),
    ...(defaultRef && { defaultRef }),
    objectFormat,
    trackedLocal: [...trackedLocal],
  };
}

function trackedOf({ path, blob }: Thin, snapshot: Snapshot): number {
  const paths = repositoryPath({ path }, snapshot);
  const isTracked = snapshot.index.has(paths);
  const isWatched = isTracked ? !snapshot.unwatched?.has(paths) : isAmong(snapshot.edited, paths);
  return (
    (isWatched ? watchedBit : 0) +
    (isTracked && !snapshot.added.has(paths) ? committedBit : 0) +
    (cleanBlob(path, snapshot) === blob ? cleanBit : 0)
  );
}

async function fromKept(
  env: Env,
  paths: MemoryPaths,
  kept: KeptSight,
  isSearched: boolean,
): Promise<Sight | undefined> {
  const { entries } = kept.shelf;
  const find = isSearched ? await import('../search/find.ts') : undefined;
  const index = find?.openKeptIndex(paths, entries, { ...kept.head.index, places: kept.places });
  if (isSearched && index === undefined) return undefined;
  const openIndex = async (): Promise<SearchIndex> =>
    index ?? (await import('../search/find.ts')).openIndex(paths, entries);
  return sightOfKept(env, paths, kept, openIndex, async () => {});
}
