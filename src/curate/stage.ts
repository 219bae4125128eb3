// Plans which memory files to stage with this branch, and which not and why. Does not commit. The pre-commit hook stages them when the commit
// includes code.
import { join, resolve } from 'node:path';
import { existsSync, readFileSync } from 'node:fs';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { startIn } from '../git/run/runner.ts';
import { findMemoryHere, type Memory, openMemory, requireRepository } from '../memory/open.ts';
import { isTrusted } from '../domain/excerpt.ts';
import { idOfPath } from '../domain/id.ts';
import { appendLedger } from '../git/state/ledger.ts';
import { isAmong } from '../git/state/snapshot.ts';
import { stageFiles } from '../git/state/add-to-index.ts';
import { judgeFile, repositoryPath } from '../git/state/judge-trust.ts';
import { isRecordPath } from '../store/layout.ts';
import { memoryDirName, settingsName } from '../store/locate.ts';
import { blobOf, entryOf, isOnOthers } from './record-file.ts';
import { type Refreshed, refreshTable } from '../index/refresh.ts';
import { type AssessedRecord, judgeRecords, type RecordSet } from '../memory/records.ts';

export interface StagedFile {
  /** As in Excerpt. */
  path: string;
  what: 'added' | 'edited' | 'removed' | 'file';
  /** For records. */
  id?: string;
  title?: string;
}

export interface StageReport {
  staged: StagedFile[];
  left: { path: string; id?: string; why: string }[];
}

interface StageOptions {
  /** Report only. */
  dryRun?: boolean;
  /** Inside one of git's hooks: already staged files are also added to the current commit's index. */
  isInsideHook?: boolean;
  /** The records, where they were read while git worked. */
  refreshed?: Refreshed;
  /** Done with the planned files while git adds them. */
  meanwhile?: (staged: readonly StagedFile[]) => Promise<unknown>;
}

const unreadable = 'cannot be read as a record; repomem doctor says why';
/** The memory's own files beside the records: staged while git does not track them. */
const ownFiles = ['README.md', '.gitignore', '.gitattributes', settingsName];

export async function stageMemory(memory: Memory, options: StageOptions = {}): Promise<StageReport> {
  requireRepository(memory);
  const recordSet = judgeRecords(memory, options.refreshed ?? (await refreshTable(memory.paths)));
  const report = planStage(memory, recordSet, options);
  if (options.dryRun || report.staged.length === 0) return report;
  enterLedger(memory, recordSet, report.staged);
  const filePaths = report.staged.map(({ path }) => path);
  const staging = stageFiles(memory.paths, filePaths, options.isInsideHook);
  await Promise.all([staging, options.meanwhile?.(report.staged)]);
  return report;
}

function planStage(memory: Memory, recordSet: RecordSet, options: StageOptions): StageReport {
  const { snapshot } = memory;
  const report: StageReport = { staged: [], left: [] };
  const waiting = options.isInsideHook ? snapshot.dirty : snapshot.edited;
  const isWaiting = (path: string): boolean => isAmong(waiting, repositoryPath({ path }, snapshot));
  for (const assessed of recordSet.assessed) {
    const { path, id, title, tier } = assessed.excerpt;
    if (tier !== 'shared' || !isWaiting(path)) continue;
    const why = reasonToLeave(memory, assessed);
    const isKnown = snapshot.index.has(repositoryPath({ path }, snapshot));
    if (why) report.left.push({ path, id, why });
    else report.staged.push({ path, what: isKnown ? 'edited' : 'added', id, title });
  }
  for (const { path, code, reason } of recordSet.problems)
    if (path.startsWith(memoryDirName) && code !== 'duplicate-id' && isWaiting(path))
      report.left.push({ path, why: code === 'copy' ? reason : unreadable });
  planRemovals(memory, recordSet, report);
  if (!options.isInsideHook || report.staged.length > 0) planOwnFiles(memory, report);
  return report;
}

function reasonToLeave({ snapshot }: Memory, { excerpt, trust, isHere }: AssessedRecord): string | undefined {
  if (trust === 'foreign')
    return snapshot.operation === undefined
      ? 'came from elsewhere and is not reviewed; repomem trust accepts it'
      : `brought by a ${snapshot.operation}: git adds it itself`;
  if (!isHere)
    return `made on ${excerpt.branch ?? 'another branch'}; repomem adopt ${excerpt.id} moves it to this branch`;
  return undefined;
}

/** Stages a removed file when it was renamed, or when a tombstone of this branch forgets it and no other branch has it. */
function planRemovals(memory: Memory, recordSet: RecordSet, report: StageReport): void {
  const { paths, snapshot } = memory;
  const forgotten = new Set(
    recordSet.assessed
      .filter(({ excerpt, trust, isHere }) => excerpt.type === 'tombstone' && isHere && isTrusted(trust))
      .flatMap(({ excerpt }) => excerpt.forgets),
  );
  const added = new Set(report.staged.map(({ id }) => id));
  for (const tracked of snapshot.index.keys()) {
    const path = `${memoryDirName}/${tracked.slice(snapshot.memoryPrefix.length)}`;
    if (!tracked.startsWith(snapshot.memoryPrefix) || !isRecordPath(path) || !snapshot.edited.has(tracked)) continue;
    if (existsSync(join(paths.root, path))) continue;
    const id = idOfPath(path);
    const isRenamed = added.has(id);
    if (isRenamed || (forgotten.has(id) && !isOnOthers(memory, { tier: 'shared', path })))
      report.staged.push({ path, what: 'removed', id });
    else {
      const isLocal = recordSet.byId.get(id)?.excerpt.tier === 'local';
      const how = forgotten.has(id)
        ? 'other branches have it, and its tombstone hides it'
        : isLocal
          ? 'kept on this machine alone'
          : 'deleted by hand, or forgotten on another branch';
      report.left.push({ path, id, why: `${how}; git add takes the removal, git restore brings the file back` });
    }
  }
}

function planOwnFiles(memory: Memory, report: StageReport): void {
  const { paths, snapshot, ledger } = memory;
  for (const name of ownFiles) {
    const path = `${memoryDirName}/${name}`;
    const inRepository = snapshot.memoryPrefix + name;
    if (snapshot.index.has(inRepository) || !isAmong(snapshot.edited, inRepository)) continue;
    if (!existsSync(join(paths.root, path))) continue;
    // It would take effect once committed.
    if (name === settingsName && judgeFile(path, blobHere(memory, path), snapshot, ledger) === 'foreign')
      report.left.push({ path, why: 'came from elsewhere and is not reviewed; repomem trust accepts it' });
    else report.staged.push({ path, what: 'file' });
  }
}

/** Hand-written and edited files have no ledger entry yet, and would count as foreign once committed. */
function enterLedger(memory: Memory, recordSet: RecordSet, staged: readonly StagedFile[]): void {
  const { ledger, snapshot } = memory;
  const at = memory.env.now().toISOString();
  const entries = staged.flatMap(({ path, what }) => {
    if (what === 'removed') return [];
    const excerpt = recordSet.byPath.get(path)?.excerpt;
    const blob = excerpt?.blob ?? blobHere(memory, path);
    if (ledger.byBlob.has(blob)) return [];
    if (excerpt) return [entryOf(memory, excerpt, at)];
    return judgeFile(path, blob, snapshot, ledger) === 'foreign' ? [] : [{ id: path, blob, at, onDefault: true }];
  });
  appendLedger(memory.paths, entries);
}

function blobHere(memory: Memory, path: string): string {
  return blobOf(memory, readFileSync(join(memory.paths.root, path)));
}

/** `meanwhile` is done while git adds records, which it is given. Throws RepomemError `no-memory` without a memory. */
export async function joinCommit(
  env: Env,
  meanwhile: (memory: Memory, staged: readonly StagedFile[]) => Promise<unknown>,
) {
  const paths = findMemoryHere(env);
  // The snapshot has what is staged, but for a temporary index of this commit. Git runs while we read.
  const { worktree = '', gitDir = '' } = paths;
  const index = env.vars['GIT_INDEX_FILE'];
  // `git commit -a` and `git commit PATH` commit from a temporary index.
  const hasOwnIndex = index !== undefined && resolve(worktree, index) !== join(gitDir, 'index');
  const asked = hasOwnIndex ? listStaged(paths) : undefined;
  const opened = openMemory(env, paths);
  const refreshed = await refreshTable(paths);
  const memory = await opened;
  const { memoryPrefix, operation, staged } = memory.snapshot;
  const isOurs = (path: string): boolean => path.startsWith(memoryPrefix);
  let filePaths = (await asked) ?? [...staged];
  // It leaves submodules out.
  if (!asked && filePaths.every(isOurs)) filePaths = await listStaged(paths);
  // During a rebase, merge or cherry-pick git decides what belongs to the commit.
  const isPicking = operation !== undefined && operation !== 'bisect';
  const takesPart = !isPicking && !filePaths.every(isOurs);
  const report = takesPart
    ? await stageMemory(memory, { isInsideHook: true, refreshed, meanwhile: (added) => meanwhile(memory, added) })
    : ({ staged: [], left: [] } satisfies StageReport);
  // `hasMemory`: the commit includes files of the memory.
  return { memory, report, hasMemory: report.staged.length > 0 || filePaths.some(isOurs) };
}

/** Paths staged in the index of the current commit. */
async function listStaged(paths: MemoryPaths): Promise<string[]> {
  const args = ['diff', '--cached', '--name-only', '--no-renames', '--no-ext-diff', '-z', '--ignore-submodules=none'];
  const { stdout } = await startIn(paths, args, { isInsideHook: true });
  return stdout.split('\0').filter((path) => path !== '');
}
