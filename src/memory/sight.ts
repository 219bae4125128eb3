// A memory and its judged world for those who only look: search, and what is recalled unasked. Where nothing moved since the last look,
// that one holds, and neither git nor a record's file is asked.
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import type { Excerpt } from '../domain/excerpt.ts';
import type { Place } from '../domain/place.ts';
import { readLedger } from '../git/ledger.ts';
import { takeSnapshot, unaskedSnapshot } from '../git/snapshot.ts';
import { addGitState, makeKey, type StateKey } from '../git/state-key.ts';
import { sameTickMs, type Catalog } from '../search/catalog.ts';
import type { SearchIndex } from '../search/index.ts';
import { foldersOf } from '../search/keep-open.ts';
import { settingsName } from '../store/place.ts';
import { loadSettings } from '../settings.ts';
import { absolutePath, readSight, writeSight, type KeptSight, type SightHead, type WatchedPath } from './kept-sight.ts';
import { openMemory, userFolder, type Memory } from './open.ts';
import { cleanBlob, judgeWorld, makeWorld, once, readWorld, type Judged, type World } from './world.ts';

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

export async function openSight(
  env: Env,
  place: Place,
  { everyFile, edited, isSearched = true }: SightOptions,
): Promise<Sight> {
  const key = stateKeyOf(env, place);
  const kept = readSight(place);
  if (kept === undefined) return openAnew(env, place, key);
  const isSameState = kept.head.key === key.text;
  // Git works while we look.
  const asked = isSameState ? undefined : askGit(env, place);
  const seen = isSameState ? await edited : undefined;
  const areSameFiles = areFilesAsTheyWere(place, kept, everyFile || !isSameState, seen);
  const index = areSameFiles && isSearched ? await keptIndex(place, kept) : undefined;
  if (!areSameFiles || (isSearched && index === undefined)) return openAnew(env, place, key, asked);
  if (asked === undefined) return fromKept(env, place, kept, index);
  const { at, memory } = await asked;
  const world = judgeWorld(memory, catalogOf(kept), index);
  return sightOf(memory, world, () => keepSight(memory, world, key, at, kept));
}

interface Asked {
  /** When it was asked, in milliseconds. */
  at: number;
  memory: Memory;
}

async function askGit(env: Env, place: Place, withStore = false): Promise<Asked> {
  const at = env.now().getTime();
  return { at, memory: await openMemory(env, place, { withFiles: true, withStore }) };
}

/** From what stands at this moment. */
export async function openAnew(
  env: Env,
  place: Place,
  key = stateKeyOf(env, place),
  asked = askGit(env, place, true),
): Promise<Sight> {
  const { at, memory } = await asked;
  const world = await readWorld(memory);
  return sightOf(memory, world, () => keepSight(memory, world, key, at));
}

function sightOf(memory: Memory, world: World, keep: () => Promise<void>): Sight {
  return { memory, world, holdsFor: () => true, keep };
}

/** Settings, ledger, and all that git judges by: the same text, the same judgement. */
export function stateKeyOf(env: Env, place: Place): StateKey {
  const key = makeKey();
  key.add(env.version);
  for (const name of Object.keys(env.vars).sort())
    if (name.startsWith('REPOMEM_')) key.add(`${name}=${env.vars[name]}`);
  key.stat(join(userFolder(env), settingsName));
  key.stat(join(place.memoryDir, settingsName));
  key.stat(join(place.privateDir, 'ledger.jsonl'));
  addGitState(place, key);
  return key.finish();
}

/** False when something so young was looked at that it may change once more within the same tick of the clock. */
export function isSettled({ youngestMs }: StateKey, at: number): boolean {
  return youngestMs + sameTickMs <= at;
}

/**
 * The key was made before anything was read: what moved meanwhile makes the next key another one, unless it was within one tick. Of a sight
 * whose files still stand only the judgement is written anew.
 */
async function keepSight(memory: Memory, world: World, key: StateKey, at: number, kept?: KeptSight): Promise<void> {
  const { place, projectIsTrusted, snapshot } = memory;
  const { excerpts, problems } = world.catalog;
  const odd = problems.map(({ path }) => absolutePath(place, path));
  const watched = [...new Set([...foldersOf(place, excerpts), ...odd])].map(look);
  const times = [...watched.map(([, mtimeMs]) => mtimeMs), ...excerpts.map(({ mtimeMs }) => mtimeMs)];
  const youngestMs = times.reduce((a, b) => Math.max(a, b), key.youngestMs);
  if (!isSettled({ ...key, youngestMs }, at)) return;
  const { objectFormat } = snapshot;
  const { defaultRef } = snapshot;
  const head = {
    key: key.text,
    watched,
    objectFormat,
    problems,
    projectIsTrusted,
    ...(defaultRef && { defaultRef }),
  };
  const isWatched = ({ path, blob }: Excerpt): boolean => cleanBlob(path, snapshot) === blob;
  writeSight(place, head, { world, index: await world.openIndex(), isWatched }, kept);
}

function look(path: string): WatchedPath {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found ? [path, found.mtimeMs, found.isDirectory() ? 0 : found.size] : [path, 0, 0];
}

function areFilesAsTheyWere(
  place: Place,
  { head, files, isWatched }: KeptSight,
  everyFile: boolean,
  edited?: ReadonlySet<string>,
): boolean {
  for (const was of head.watched) {
    const [, mtimeMs, bytes] = look(was[0]);
    if (mtimeMs !== was[1] || bytes !== was[2]) return false;
  }
  if (!everyFile) return true;
  const { paths, mtimes, sizes } = files();
  const isVouchedFor = (path: string, at: number): boolean =>
    edited !== undefined && isWatched(at) && !edited.has(path);
  return paths.every(
    (path, at) => isVouchedFor(path, at) || isSame(absolutePath(place, path), mtimes[at]!, sizes[at]!),
  );
}

function isSame(absolute: string, mtimeMs: number, bytes: number): boolean {
  const found = lstatSync(absolute, { throwIfNoEntry: false });
  return found !== undefined && found.mtimeMs === mtimeMs && found.size === bytes;
}

async function keptIndex(place: Place, { head, entries, places }: KeptSight): Promise<SearchIndex | undefined> {
  const { openKeptIndex } = await import('../search/find.ts');
  return openKeptIndex(place, entries, { ...head.index, places });
}

function catalogOf({ head, entries }: KeptSight): Catalog {
  return {
    excerpts: Array.from({ length: entries.count }, (_, at) => entries.at(at)),
    problems: [...head.problems],
    opened: new Map(),
  };
}

async function fromKept(env: Env, place: Place, kept: KeptSight, index: SearchIndex | undefined): Promise<Sight> {
  const { head, entries, judgedAt, mayFind, placesNaming } = kept;
  const world = makeWorld({
    entries,
    judgedAt,
    mayFind,
    placesNaming,
    openIndex: async () => index ?? (await import('../search/find.ts')).openIndex(place, catalogOf(kept)),
    catalog: () => catalogOf(kept),
    problems: head.problems,
  });
  return {
    memory: await unaskedMemory(env, place, head),
    world,
    holdsFor: (judged) =>
      judged.every(({ excerpt }) => isSame(absolutePath(place, excerpt.path), excerpt.mtimeMs, excerpt.bytes)),
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
  const ledger = once(() => readLedger(place));
  const snapshot = once(() =>
    takeSnapshot(place, { ledger: ledger(), withFiles: true, ...(defaultBranch && { defaultBranch }) }),
  );
  const memory: Memory = {
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
    unasked: { ...unaskedSnapshot(place, objectFormat), ...(defaultRef && { defaultRef }) },
    reread: () => memory,
  };
  return memory;
}
