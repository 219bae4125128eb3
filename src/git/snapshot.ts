// What git says at one moment, as a value. Read with a handful of processes of a few milliseconds each; everything that
// is decided from it (trust, freshness, rank) is a pure function elsewhere.
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Place } from '../domain/place.ts';
import { readAncestors } from './ancestors.ts';
import { findArrived } from './arrived.ts';
import { chooseDefault, type ChosenBy, type DefaultChoice, type RefTip } from './default-branch.ts';
import { readQuietly } from './harden.ts';
import { readLedger, type Ledger } from './ledger.ts';
import { parseStatus, type Status } from './status.ts';
import { runGit, runIn } from './run.ts';

export type Operation = 'rebase' | 'merge' | 'cherry-pick' | 'revert' | 'bisect';

/** All paths are relative to the top of the working tree, with forward slashes. */
export interface Snapshot {
  /** False without git, and when git refused; `problem` says why. */
  readonly isRepository: boolean;
  readonly problem?: string;
  readonly objectFormat: 'sha1' | 'sha256';
  /** Full id of HEAD's commit; absent before the first commit. */
  readonly head?: string;
  /** Absent when detached. */
  readonly branch?: string;
  readonly isUnborn: boolean;
  /** Short name, such as `main`. */
  readonly defaultBranch?: string;
  /** The ref whose tree counts as reviewed, such as `refs/remotes/origin/main`. */
  readonly defaultRef?: string;
  /** Full id of that ref's commit. */
  readonly defaultTip?: string;
  readonly defaultChosenBy: ChosenBy;
  readonly hasRemote: boolean;
  readonly operation?: Operation;
  /** `.claude-mem/`, behind the folder's own path when the memory is not at the top. */
  readonly memoryPrefix: string;
  /** Path → blob of the memory folder in the default ref's tree. */
  readonly reviewed: ReadonlyMap<string, string>;
  readonly reviewedBlobs: ReadonlySet<string>;
  /** Path → blob of tracked files: of the whole working tree with `withFiles`, else of the memory folder. */
  readonly index: ReadonlyMap<string, string>;
  /** Changed against HEAD in index or working tree, or untracked; a wholly untracked folder is one entry with `/` at its end: ask isDirty. */
  readonly dirty: ReadonlySet<string>;
  /** The working tree's bytes differ from the index, or the file is untracked. */
  readonly edited: ReadonlySet<string>;
  /** In the index, not in HEAD. */
  readonly added: ReadonlySet<string>;
  /** Blobs of uncommitted memory files that stand at the same path in some other ref: they came from there. */
  readonly arrived: ReadonlySet<string>;
  /** Files that git tracks below the local folder, relative to it: somebody put them there by force. */
  readonly trackedLocal: ReadonlySet<string>;
  /** Commits of the ledger that HEAD's history holds. */
  readonly heldCommits: ReadonlySet<string>;
}

export interface SnapshotOptions {
  /** The settings' choice; tried first. */
  defaultBranch?: string;
  /** Fill `index` with the whole working tree. */
  withFiles?: boolean;
  /** Read from the place when it is not given. */
  ledger?: Ledger;
  /** Variables for git instead of this process's own. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Never throws. Without git, or when git refuses, an empty snapshot. */
export function takeSnapshot(place: Place, options: SnapshotOptions = {}): Snapshot {
  const memoryPrefix = memoryPrefixOf(place);
  const gitOptions = options.env ? { env: options.env } : {};
  if (place.worktree === undefined || place.gitDir === undefined || place.commonDir === undefined)
    return emptySnapshot(memoryPrefix);
  const answer = runIn(
    place,
    [
      'status',
      '--porcelain=v2',
      '--branch',
      '-z',
      '--untracked-files=normal',
      '--ignore-submodules=all',
      '--no-renames',
    ],
    gitOptions,
  );
  if (!answer.ok) return emptySnapshot(memoryPrefix, firstLine(answer.stderr));
  const status = parseStatus(answer.stdout);
  const config = readQuietly(join(place.commonDir, 'config'));
  const tips = readTips(place, gitOptions);
  const chosen = chooseDefault(tips, { wanted: options.defaultBranch, branch: status.branch, head: status.head });
  const defaultTip = tips.find(({ name }) => name === chosen.ref)?.oid;
  const reviewed = chosen.ref ? readTree(place, chosen.ref, memoryPrefix, gitOptions) : new Map<string, string>();
  const index = readIndex(place, options.withFiles ? undefined : memoryPrefix, gitOptions);
  const operation = operationOf(place.gitDir);
  const ledger = options.ledger ?? readLedger(place);
  return {
    isRepository: true,
    objectFormat: objectFormatOf(config, status),
    ...(status.head && { head: status.head }),
    ...(status.branch && { branch: status.branch }),
    isUnborn: status.head === undefined,
    ...(chosen.branch && { defaultBranch: chosen.branch }),
    ...(chosen.ref && { defaultRef: chosen.ref }),
    ...(defaultTip && { defaultTip }),
    defaultChosenBy: chosen.by,
    hasRemote: /^\s*\[\s*remote\s+"/m.test(config) || tips.some((tip) => tip.name.startsWith('refs/remotes/')),
    ...(operation && { operation }),
    memoryPrefix,
    reviewed,
    reviewedBlobs: new Set(reviewed.values()),
    index,
    dirty: status.dirty,
    edited: status.edited,
    added: status.added,
    arrived: findArrived(place, { status, index, ledger, memoryPrefix }, gitOptions),
    trackedLocal: readTrackedLocal(place, index, memoryPrefix, gitOptions),
    heldCommits: readAncestors(
      place,
      status,
      { branch: chosen.branch, refs: defaultRefs(tips, chosen) },
      ledger,
      gitOptions,
    ),
  };
}

/** True for a changed or untracked path, also below an untracked folder. */
export function isDirty(snapshot: Pick<Snapshot, 'dirty'>, path: string): boolean {
  return isAmong(snapshot.dirty, path);
}

/** `paths` may hold folders, with `/` at the end. */
export function isAmong(paths: ReadonlySet<string>, path: string): boolean {
  if (paths.has(path)) return true;
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    if (paths.has(path.slice(0, at + 1))) return true;
  return false;
}

function emptySnapshot(memoryPrefix: string, problem?: string): Snapshot {
  return {
    isRepository: false,
    ...(problem && { problem }),
    objectFormat: 'sha1',
    isUnborn: false,
    defaultChosenBy: 'none',
    hasRemote: false,
    memoryPrefix,
    reviewed: new Map(),
    reviewedBlobs: new Set(),
    index: new Map(),
    dirty: new Set(),
    edited: new Set(),
    added: new Set(),
    arrived: new Set(),
    trackedLocal: new Set(),
    heldCommits: new Set(),
  };
}

/** `.claude-mem/`, relative to the top of the working tree. */
export function memoryPrefixOf(place: Place): string {
  const path = relative(place.worktree ?? place.root, place.memoryDir);
  return `${sep === '/' ? path : path.split(sep).join('/')}/`;
}

type RunOptions = Pick<SnapshotOptions, 'env'>;

/** Heads of remotes and every branch that could be the default one. */
function readTips(place: Place, options: RunOptions): RefTip[] {
  const format = '%(refname)%00%(objectname)%00%(symref)';
  const { stdout } = runIn(
    place,
    ['for-each-ref', `--format=${format}`, 'refs/heads', 'refs/remotes/*/HEAD', ...usualRefs],
    options,
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', oid = '', target = ''] = line.split('\0');
      return { name, oid, ...(target && { target }) };
    });
}

function readTree(place: Place, ref: string, prefix: string, options: RunOptions): Map<string, string> {
  const { stdout } = runIn(place, ['ls-tree', '-r', '-z', '--full-tree', ref, '--', prefix], options);
  const files = new Map<string, string>();
  for (const entry of stdout.split('\0')) {
    const tab = entry.indexOf('\t');
    const [mode, , oid] = entry.slice(0, tab).split(' ');
    // Links are never read as records, so their blobs vouch for nothing.
    if (oid && mode !== '120000') files.set(entry.slice(tab + 1), oid);
  }
  return files;
}

function readIndex(place: Place, prefix: string | undefined, options: RunOptions): Map<string, string> {
  const { stdout } = runIn(place, ['ls-files', '-s', '-z', '--full-name', ...(prefix ? ['--', prefix] : [])], options);
  const files = new Map<string, string>();
  let start = 0;
  for (let end = stdout.indexOf('\0'); end !== -1; end = stdout.indexOf('\0', start)) {
    const tab = stdout.indexOf('\t', start);
    const isFile = stdout.startsWith('100', start);
    if (isFile) files.set(stdout.slice(tab + 1, end), stdout.slice(start + 7, stdout.indexOf(' ', start + 7)));
    start = end + 1;
  }
  return files;
}

/** The local folder stands in the main worktree: from a linked one, that one's index is asked. */
function readTrackedLocal(
  place: Place,
  index: ReadonlyMap<string, string>,
  memoryPrefix: string,
  options: RunOptions,
): Set<string> {
  const inside = `${memoryPrefix}local/`;
  if (place.localDir.startsWith(place.memoryDir)) {
    const paths = [...index.keys()].filter((path) => path.startsWith(inside));
    return new Set(paths.map((path) => path.slice(inside.length)));
  }
  if (place.localDir.startsWith(place.privateDir) || !existsSync(place.localDir)) return new Set();
  const { ok, stdout } = runGit(place.localDir, ['ls-files', '-z', '--', '.'], options);
  return new Set(ok ? stdout.split('\0').filter((path) => path !== '') : []);
}

function operationOf(gitDir: string): Operation | undefined {
  const has = (name: string): boolean => existsSync(join(gitDir, name));
  if (has('rebase-merge') || has('rebase-apply')) return 'rebase';
  if (has('CHERRY_PICK_HEAD')) return 'cherry-pick';
  if (has('REVERT_HEAD')) return 'revert';
  if (has('MERGE_HEAD') || has('SQUASH_MSG')) return 'merge';
  return has('BISECT_LOG') ? 'bisect' : undefined;
}

function objectFormatOf(config: string, status: Status): 'sha1' | 'sha256' {
  if (status.head) return status.head.length === 64 ? 'sha256' : 'sha1';
  return /^\s*objectformat\s*=\s*sha256/im.test(config) ? 'sha256' : 'sha1';
}

function defaultRefs(tips: readonly RefTip[], { branch, ref }: DefaultChoice): string[] {
  const local = `refs/heads/${branch ?? ''}`;
  const refs = [...(ref === undefined ? [] : [ref]), ...(tips.some(({ name }) => name === local) ? [local] : [])];
  return [...new Set(refs)];
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

const usualRefs = ['main', 'master', 'trunk', 'develop'].map((name) => `refs/remotes/origin/${name}`);
