// A kept sight of which a few records were edited in place, and nothing else moved: they alone are read, asked of git, judged and indexed.
import type { Env } from '../domain/env.ts';
import type { Excerpt } from '../domain/excerpt.ts';
import { once } from '../domain/once.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { MemoryRecord } from '../domain/record.ts';
import { heldObjects } from '../git/state/blobs.ts';
import { keepProvenance } from '../git/state/by-hand.ts';
import { readLedger } from '../git/state/ledger.ts';
import { operationOf } from '../git/state/operation.ts';
import { type Snapshot, unaskedSnapshot } from '../git/state/snapshot.ts';
import { belongsHere, judgeTrust, repositoryPath } from '../git/state/trust.ts';
import type { EditedIndex } from '../search/edited-index.ts';
import { isSameInStore, withEdits } from '../search/edited-shelf.ts';
import type { Entries } from '../search/entries.ts';
import type { KeptIndex } from '../search/index.ts';
import { readEntry } from '../search/restock.ts';
import type { Shelf } from '../search/shelf.ts';
import { absolutePath } from '../store/layout.ts';
import { statRecordFile } from '../store/list.ts';
import { startShortRun } from '../store/short-run.ts';
import { writeEdits } from './kept-edits.ts';
import { cleanBit, committedBit, type KeptSight, watchedBit } from './kept-sight.ts';
import type { Sight } from './sight.ts';
import { type Moment, settledOf, watchedOf } from './sight-state.ts';
import { sightOfKept } from './unasked.ts';
import { packVerdict, verdictAt } from './verdicts.ts';

/** Of more than this the whole is looked at again, and kept without edits. */
const maxEdits = 200;

interface Edits {
  excerpts: ReadonlyMap<number, Excerpt>;
  /** Those whose bytes changed, not their time alone. */
  records: ReadonlyMap<number, MemoryRecord>;
}

export interface Moved {
  /** Places whose file has another size or time. */
  touched: readonly number[];
  /** Else a folder's time moved, and none of its names. */
  areFoldersSame: boolean;
}

/** What `kept` was judged by is as it was. Undefined where more must be looked at than these files. */
export async function openEdited(
  env: Env,
  paths: MemoryPaths,
  moment: Moment,
  kept: KeptSight,
  { touched, areFoldersSame }: Moved,
): Promise<Sight | undefined> {
  const { head, shelf: before, base } = kept;
  if (touched.filter((at) => !before.edits.has(at)).length + before.edits.size > maxEdits) return undefined;
  const edits = await readEdits(paths, before, head.git.objectFormat, touched);
  const assessed = edits && judgeEdits(paths, moment, kept, edits);
  if (assessed === undefined) return undefined;
  const { excerpts, records } = edits!;
  const shelf = withEdits(before, excerpts);
  const openIndex = once(() => openIndexOf(paths, shelf.entries, { ...head.index, places: kept.places }, records));
  const keep = async (): Promise<void> => {
    const watched = areFoldersSame ? head.watched : watchedOf(paths, shelf, head.problems);
    const times = Array.from(excerpts.values(), ({ mtimeMs }) => mtimeMs);
    if (Math.max(moment.key.settledMs, settledOf(watched, times)) > moment.at) return;
    writeEdits(paths, { base, shelf, ...assessed }, watched, await openIndex());
  };
  return sightOfKept(env, paths, { head, shelf, verdicts: assessed.verdicts }, openIndex, keep);
}

async function openIndexOf(
  paths: MemoryPaths,
  entries: Entries,
  kept: KeptIndex,
  records: Edits['records'],
): Promise<EditedIndex> {
  const find = await import('../search/find.ts');
  // A few records are indexed, and the process ends: what V8 would prepare for them takes longer.
  const finish = await startShortRun();
  let index: EditedIndex | undefined;
  try {
    index = find.openEditedIndex(paths, entries, kept, records);
  } finally {
    finish();
  }
  const opened = new Map([...records].map(([at, record]) => [entries.at(at).path, record]));
  return index ?? find.openIndex(paths, entries, opened);
}

/** Undefined when one of them is no record any more, or another than it was. */
async function readEdits(
  paths: MemoryPaths,
  shelf: Shelf,
  algorithm: 'sha1' | 'sha256',
  touched: readonly number[],
): Promise<Edits | undefined> {
  const excerpts = new Map<number, Excerpt>();
  const records = new Map<number, MemoryRecord>();
  const filePaths = shelf.paths();
  for (const at of touched) {
    const path = filePaths[at]!;
    const file = statRecordFile({ path, absolute: absolutePath(paths, path), tier: shelf.tierAt(at) });
    if (file === undefined || 'problem' in file) return undefined;
    const read = await readEntry(file, algorithm);
    const before = shelf.entries.at(at);
    if ('problem' in read || !isSameInStore(before, read.excerpt)) return undefined;
    excerpts.set(at, read.excerpt);
    if (read.excerpt.blob !== before.blob) records.set(at, read.record);
  }
  return { excerpts, records };
}

/**
 * The kept judgement with that of the edited records put in. Undefined where only the whole tells: git or the ledger has seen the bytes before, so
 * that they may be reviewed, ours or somebody else's; or git does not look at the file.
 */
function judgeEdits(
  paths: MemoryPaths,
  moment: Moment,
  { head, verdicts, tracked }: Pick<KeptSight, 'head' | 'verdicts' | 'tracked'>,
  { excerpts, records }: Edits,
): Pick<KeptSight, 'verdicts' | 'tracked'> | undefined {
  if (records.size === 0) return { verdicts, tracked };
  const edited = [...records.keys()].map((at) => [at, excerpts.get(at)!] as const);
  const nothing = unaskedSnapshot(paths, head.git.objectFormat);
  const { isRepository } = nothing;
  if (isRepository && edited.some(([at, { tier }]) => tier === 'shared' && (tracked[at]! & watchedBit) === 0))
    return undefined;
  const blobs = edited.map(([, { blob }]) => blob);
  const ledger = readLedger(paths);
  if (blobs.some((blob) => ledger.byBlob.has(blob) || ledger.foreign.has(blob))) return undefined;
  if (isRepository && heldObjects(paths, blobs)?.size !== 0) return undefined;

  const pathOf = (excerpt: Excerpt): string => repositoryPath(excerpt, nothing);
  const filePaths = new Set(edited.map(([, excerpt]) => pathOf(excerpt)));
  const committed = edited.filter(([at]) => (tracked[at]! & committedBit) !== 0);
  const operation = operationOf(paths.gitDir ?? '');
  const snapshot: Snapshot = {
    ...nothing,
    ...head.git,
    trackedLocal: new Set(head.git.trackedLocal),
    ...(operation && { operation }),
    index: new Map(committed.map(([, excerpt]) => [pathOf(excerpt), ''])),
    edited: filePaths,
    dirty: filePaths,
    // Git never held these bytes.
    byHand: new Set(blobs),
  };
  const files = edited.map(([, excerpt]) => {
    const { tier, blob } = excerpt;
    return { path: tier === 'local' ? excerpt.path : pathOf(excerpt), tier, blob, isUncommitted: true };
  });
  const time = new Date(moment.at).toISOString();
  if (isRepository) keepProvenance(paths, { byHand: files, foreign: [] }, head.git, time);
  const assessed = { verdicts: verdicts.slice(), tracked: tracked.slice() };
  for (const [at, excerpt] of edited) {
    const trust = judgeTrust(excerpt, snapshot, ledger);
    const isHere = belongsHere(excerpt, snapshot, ledger);
    // It replaces nothing and nothing of what replaces it moved: what stood still stands.
    assessed.verdicts[at] = packVerdict({ ...verdictAt(verdicts, at), trust, isHere });
    assessed.tracked[at]! &= ~cleanBit;
  }
  return assessed;
}
