// A memory and its judged world for those who only look: search, and what is recalled unasked. Where nothing moved since the last look,
// that one holds, and neither git nor a record's file is asked.
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { once } from '../domain/once.ts';
import type { Place } from '../domain/place.ts';
import type { Problem } from '../domain/record.ts';
import { readLedger } from '../git/ledger.ts';
import { isKeepable, takeSnapshot, unaskedSnapshot } from '../git/snapshot.ts';
import { addGitState, makeKey, type StateKey } from '../git/state-key.ts';
import type { SearchIndex } from '../search/index.ts';
import { foldersOf } from '../search/keep-open.ts';
import { restock, type Restocked } from '../search/restock.ts';
import { makeShelf, type Shelf } from '../search/shelf.ts';
import { absolutePath } from '../store/layout.ts';
import { isUntouched } from '../store/list.ts';
import { settingsName } from '../store/place.ts';
import { settledAt } from '../store/settled.ts';
import { loadSettings } from '../settings.ts';
import { readSight, writeSight, type KeptSight, type SightHead, type WatchedPath } from './kept-sight.ts';
import { openMemory, userFolder, type Memory } from './open.ts';
import { judgeAll } from './verdicts.ts';
import { cleanBlob, makeWorld, readWorld, type Judged, type World } from './world.ts';

export interface Sight {
  memory: Memory;
  world: World;
  /** False when a file of these was edited since it was read: look anew. */
  holdsFor(judged: readonly Judged[]): boolean;
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

export async function openSight(env: Env, place: Place, options: SightOptions): Promise<Sight> {
  // Before everything that is looked at: what moves meanwhile is younger.
  const moment = momentOf(env, place);
  const kept = readSight(place);
  if (kept === undefined) return openAnew(env, place, moment);
  const areFoldersSame = kept.head.watched.every(([path, mtimeMs, bytes]) => isSame(path, mtimeMs, bytes));
  const isSameState = kept.head.key === moment.key.text && areFoldersSame;
  if (isSameState && (!options.everyFile || areFilesSame(place, kept, await options.edited))) {
    const sight = await fromKept(env, place, kept, options.isSearched ?? true);
    if (sight) return sight;
  }
  return lookAgain(env, place, moment, kept, areFoldersSame);
}

/** What moved is read, and all is judged by what git says now. */
async function lookAgain(
  env: Env,
  place: Place,
  moment: Moment,
  { head, shelf, ...kept }: KeptSight,
  areFoldersSame: boolean,
): Promise<Sight> {
  // Git works while we look.
  const asked = openMemory(env, place, { withFiles: true });
  const areNamesSame = areFoldersSame && head.problems.length === 0;
  const fresh = await restock(place, shelf, head.objectFormat, areNamesSame);
  const memory = await asked;
  const { snapshot, ledger } = memory;
  if (snapshot.objectFormat !== head.objectFormat) return openAnew(env, place, moment);
  const verdicts = judgeAll(fresh.shelf.thins(), snapshot, ledger);
  return sightOf(memory, fresh, verdicts, moment, fresh.shelf === shelf ? { head, ...kept } : undefined);
}

/** When a look began, in milliseconds, and what it found git, settings and ledger to be. */
interface Moment {
  at: number;
  key: StateKey;
}

function momentOf(env: Env, place: Place): Moment {
  return { at: env.now().getTime(), key: stateKeyOf(env, place) };
}

/** From what stands at this moment. */
export async function openAnew(env: Env, place: Place, moment = momentOf(env, place)): Promise<Sight> {
  const memory = await openMemory(env, place, { withFiles: true, withStore: true });
  const { catalog, verdicts } = await readWorld(memory);
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
  const { place, projectIsTrusted, snapshot } = memory;
  const { entries } = shelf;
  const openIndex = async (): Promise<SearchIndex> => {
    const find = await import('../search/find.ts');
    const index = known && find.openKeptIndex(place, entries, { ...known.head.index, places: known.places });
    return index ?? find.openIndex(place, entries, opened);
  };
  const world = makeWorld({ entries, verdicts, problems, openIndex, placesNaming: shelf.placesNaming });
  return {
    memory,
    world,
    holdsFor: () => true,
    keep: async () => {
      if (!isKeepable(snapshot)) return;
      const watched = watchedOf(place, shelf, problems);
      const times = [...watched.map(([, mtimeMs]) => mtimeMs), ...shelf.mtimes];
      const settledMs = times.reduce((latest, mtimeMs) => Math.max(latest, settledAt(mtimeMs)), key.settledMs);
      if (settledMs > at) return;
      const { objectFormat, defaultRef } = snapshot;
      const ref = defaultRef && { defaultRef };
      const head = { key: key.text, watched, objectFormat, ...ref, problems, projectIsTrusted };
      const tracked = shelf.thins().map(({ path, blob }) => (cleanBlob(path, snapshot) === blob ? 1 : 0));
      const index = await world.openIndex();
      writeSight(place, head, { shelf, verdicts, tracked: Uint8Array.from(tracked) }, index);
    },
  };
}

/** Settings, ledger, and all that git judges by: the same text, the same judgement. */
export function stateKeyOf(env: Env, place: Place): StateKey {
  const key = makeKey();
  key.add(env.version);
  const ours = Object.keys(env.vars).filter((name) => name.startsWith('REPOMEM_'));
  for (const name of ours.sort()) key.add(`${name}=${env.vars[name]}`);
  key.stat(join(userFolder(env), settingsName));
  key.stat(join(place.memoryDir, settingsName));
  key.stat(join(place.privateDir, 'ledger.jsonl'));
  addGitState(place, key);
  return key.finish();
}

/** Folders of records, and files that are none. */
function watchedOf(place: Place, shelf: Shelf, problems: readonly Problem[]): WatchedPath[] {
  const paths = shelf.paths().map((path, at) => ({ path, tier: shelf.tierAt(at) }));
  const odd = problems.map(({ path }) => absolutePath(place, path));
  return [...new Set([...foldersOf(place, paths), ...odd])].map((path) => {
    const [mtimeMs, bytes] = look(path);
    return [path, mtimeMs, bytes];
  });
}

/** Of what is not there, zeros. */
function look(absolute: string): [mtimeMs: number, bytes: number] {
  const found = lstatSync(absolute, { throwIfNoEntry: false });
  return found ? [found.mtimeMs, found.isDirectory() ? 0 : found.size] : [0, 0];
}

function isSame(absolute: string, mtimeMs: number, bytes: number): boolean {
  const [time, size] = look(absolute);
  return time === mtimeMs && size === bytes;
}

function areFilesSame(place: Place, { shelf, tracked }: KeptSight, edited?: ReadonlySet<string>): boolean {
  const { mtimes, sizes } = shelf;
  const isVouchedFor = (path: string, at: number): boolean => tracked[at] === 1 && edited?.has(path) === false;
  return shelf
    .paths()
    .every((path, at) => isVouchedFor(path, at) || isUntouched(absolutePath(place, path), mtimes[at]!, sizes[at]!));
}

async function fromKept(env: Env, place: Place, kept: KeptSight, isSearched: boolean): Promise<Sight | undefined> {
  const { head, shelf, verdicts, places } = kept;
  const { entries } = shelf;
  const find = isSearched ? await import('../search/find.ts') : undefined;
  const index = find?.openKeptIndex(place, entries, { ...head.index, places });
  if (isSearched && index === undefined) return undefined;
  const openIndex = async (): Promise<SearchIndex> =>
    index ?? (await import('../search/find.ts')).openIndex(place, entries);
  const { problems } = head;
  return {
    memory: await unaskedMemory(env, place, head),
    world: makeWorld({ entries, verdicts, problems, openIndex, placesNaming: shelf.placesNaming }),
    holdsFor: (judged) =>
      judged.every(({ excerpt }) => isUntouched(absolutePath(place, excerpt.path), excerpt.mtimeMs, excerpt.bytes)),
    keep: async () => {},
  };
}

/** Whoever needs git's answers after all has them asked. */
async function unaskedMemory(env: Env, place: Place, head: SightHead): Promise<Memory> {
  const { projectIsTrusted, objectFormat, defaultRef } = head;
  const loaded = await loadSettings({
    userFile: join(userFolder(env), settingsName),
    projectFile: join(place.memoryDir, settingsName),
    vars: env.vars,
    projectIsTrusted,
  });
  const { defaultBranch } = loaded.settings.trust;
  const unasked = { ...unaskedSnapshot(place, objectFormat), ...(defaultRef && { defaultRef }) };
  const make = (): Memory => {
    const ledger = once(() => readLedger(place));
    const snapshot = once(() =>
      takeSnapshot(place, { ledger: ledger(), withFiles: true, ...(defaultBranch && { defaultBranch }) }),
    );
    return {
      env,
      place,
      projectIsTrusted,
      ...loaded,
      get snapshot() {
        return snapshot();
      },
      get ledger() {
        return ledger();
      },
      fullSnapshot: snapshot,
      unasked,
      reread: make,
    };
  };
  return make();
}
