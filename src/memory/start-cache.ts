// The last session start's block, kept with everything that it was made from: where nothing moved, the next start says the same bytes
// without reading a record. Derived and disposable; what cannot be vouched for is never kept.
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import type { Place } from '../domain/place.ts';
import { isAmong, memoryPrefixOf, startLook, type Look } from '../git/snapshot.ts';
import { parseStatus } from '../git/status.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { listRecordNames, type RecordNames } from '../store/list.ts';
import { settingsName } from '../store/place.ts';
import type { Memory } from './open.ts';
import type { World } from './world.ts';

export interface StartLook {
  look: Look;
  /** Absent where nothing can be kept: no git, git refused, more changed files than anybody looks at. */
  key?: string;
  /** What was said the last time, when nothing moved since. */
  kept?: string;
}

const maxDirty = 500;
/** Ages weigh in the order: within the hour they do not move it. */
const hourChars = 13;

/** Asks git two questions and looks at names and times; opens nothing but the kept answer. */
export async function lookAtStart(env: Env, place: Place, userFile: string): Promise<StartLook> {
  const look = startLook(place);
  const names = listRecordNames(place);
  const said = await look.said;
  const key = said === undefined ? undefined : keyOf(env, place, userFile, names, said);
  const kept = key === undefined ? undefined : readKept(place, key);
  return { look, ...(key !== undefined && { key }), ...(kept !== undefined && { kept }) };
}

/** Keeps the block under a key that was made before anything was read: what moved meanwhile makes the next key another one. */
export function keepStart(memory: Memory, world: World, key: string, text: string): void {
  if (!isVouchedFor(memory, world)) return;
  try {
    writeFileAtomic(fileOf(memory.place), `${key}\n${text}`, { mode: 0o600, fsync: false });
  } catch {
    // Read-only or full: made anew the next time.
  }
}

function fileOf(place: Place): string {
  return join(place.privateDir, 'cache', `start-v1-${place.worktreeKey}.txt`);
}

function readKept(place: Place, key: string): string | undefined {
  try {
    const text = readFileSync(fileOf(place), 'utf8');
    return text.startsWith(`${key}\n`) ? text.slice(key.length + 1) : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(env: Env, place: Place, userFile: string, { names }: RecordNames, said: string): string | undefined {
  const { dirty } = parseStatus(said);
  if (dirty.size > maxDirty) return undefined;
  const top = place.worktree ?? place.root;
  const prefix = memoryPrefixOf(place).slice(0, -'.claude-mem/'.length);
  const hash = createHash('sha256').update(said);
  const add = (text: string): void => void hash.update(`\0${text}`);
  const stat = (path: string): void => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    add(found ? `${path} ${found.size} ${found.mtimeMs} ${found.ino}` : path);
  };
  add(`${env.version} ${env.now().toISOString().slice(0, hourChars)}`);
  for (const name of Object.keys(env.vars).sort()) if (name.startsWith('REPOMEM_')) add(`${name}=${env.vars[name]}`);
  for (const path of dirty) if (!path.endsWith('/')) stat(join(top, path));
  // Git vouches for the bytes of clean tracked files; the rest are looked at.
  for (const { path, absolute, tier } of names)
    if (tier === 'local' || isAmong(dirty, prefix + path)) stat(absolute);
    else add(path);
  const { gitDir = '', commonDir = '' } = place;
  for (const path of [join(gitDir, 'index'), join(gitDir, 'HEAD'), join(commonDir, 'config')]) stat(path);
  for (const path of [userFile, join(place.memoryDir, settingsName), join(place.privateDir, 'ledger.jsonl')])
    stat(path);
  // What commands learned of renames and commits since.
  stat(join(place.privateDir, 'cache', `history-v1-${place.worktreeKey}.json`));
  return hash.digest('hex');
}

/** True when every file that the block depends on is one that the key would see changing. */
function isVouchedFor({ snapshot, place, ledger }: Memory, world: World): boolean {
  if (!snapshot.isRepository || (snapshot.unwatched?.size ?? 0) > 0) return false;
  const prefix = memoryPrefixOf(place).slice(0, -'.claude-mem/'.length);
  const folders = new Set([...snapshot.dirty].filter((path) => path.endsWith('/')));
  // Whether an uncommitted stranger's file came from another branch depends on branches that the key does not hold.
  const isWatched = (path: string, blob: string): boolean =>
    isAmong(snapshot.dirty, path) ? ledger.byBlob.has(blob) : snapshot.index.has(path);
  return world.catalog.excerpts.every(
    ({ path, tier, blob, cites }) =>
      (tier === 'local' || isWatched(prefix + path, blob)) &&
      (folders.size === 0 || cites.every((cite) => !isAmong(folders, cite.path))),
  );
}
