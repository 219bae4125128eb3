// Git's state at one moment, as a value. Trust, freshness and rank are pure functions of it.
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readAncestors } from './ancestors.ts';
import { findProvenance, keepProvenance } from './provenance.ts';
import { chooseDefault, type ChosenBy, type DefaultChoice, defaultRefs } from './default-branch.ts';
import { readTextOrEmpty } from '../../store/lenient-files.ts';
import { type Ledger, readLedger } from './ledger.ts';
import { indexArguments, parseIndex, parseStatus, parseTips, statusArguments, tipsArguments } from './tracked-files.ts';
import { guessFormat } from '../run/object-format.ts';
import { readReviewed } from './reviewed-trees.ts';
import { type GitResult, runIn, startIn } from '../run/runner.ts';
import { recordFolders } from '../../store/layout.ts';
import { listUnproven } from './unproven.ts';

type Operation = 'rebase' | 'merge' | 'cherry-pick' | 'revert' | 'bisect';

/** All paths are relative to the top of the working tree, with forward slashes. */
export interface Snapshot {
  /** False without git, and when git refused; `problem` says why. */
  readonly isRepository: boolean;
  readonly problem?: string;
  readonly objectFormat: 'sha1' | 'sha256';
  /** Git left a question open, for example by a timeout: strict defaults are used, and judgements must not be cached. */
  readonly isGuess?: true;
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
  /** `.claude-mem/`, prefixed by its folder when the memory is not at the top. */
  readonly memoryPrefix: string;
  /** Path → blob of the memory folder in the default ref's tree; empty without a reviewed branch. */
  readonly reviewed: ReadonlyMap<string, string>;
  /** The same for the default branches of a fork's upstream and of the configured remotes. */
  readonly alsoReviewed: readonly ReadonlyMap<string, string>[];
  /** Blobs of all reviewed trees. */
  readonly reviewedBlobs: ReadonlySet<string>;
  /** Path → blob of the tracked files of the whole working tree. */
  readonly index: ReadonlyMap<string, string>;
  /** Tracked files that git does not check (assume-unchanged, sparse checkout): git does not report their changes. */
  readonly unwatched?: ReadonlySet<string>;
  /** Changed against HEAD in index or working tree, or untracked; a wholly untracked folder is one entry ending in `/`: use isAmong. */
  readonly dirty: ReadonlySet<string>;
  /** The working tree's bytes differ from the index, or the file is untracked. */
  readonly edited: ReadonlySet<string>;
  /** In the index, not in HEAD. */
  readonly added: ReadonlySet<string>;
  /** Differs between index and HEAD, or added with intent-to-add; without submodules. */
  readonly staged: ReadonlySet<string>;
  /** Blobs of memory files found in this snapshot to be written by hand in this clone; earlier finds are in the ledger. */
  readonly byHand: ReadonlySet<string>;
  /** Blobs found in this snapshot to come from elsewhere through git. */
  readonly foreign: ReadonlySet<string>;
  /** Commits of the ledger that are ancestors of HEAD. */
  readonly heldCommits: ReadonlySet<string>;
}

export interface SnapshotOptions {
  /** From the settings; tried first. */
  defaultBranch?: string;
  /** Remotes whose default branch counts as reviewed, beside origin and upstream. */
  remotes?: readonly string[];
  /** ISO 8601, for new ledger entries. */
  at?: string;
  /** Read from disk when absent. */
  ledger?: Ledger;
}

/** Never throws. An empty snapshot without git, or when git fails. */
export function takeSnapshot(paths: MemoryPaths, options: SnapshotOptions = {}): Snapshot {
  if (!hasGit(paths)) return emptySnapshot(memoryPrefixOf(paths));
  const [status, tips, index] = [statusArguments, tipsArguments, indexArguments].map((args) => runIn(paths, args)) as [
    GitResult,
    GitResult,
    GitResult,
  ];
  return makeSnapshot(paths, { status, tips, index }, options);
}

/** The first half of a snapshot: git's answers about HEAD, working tree and branches, asked in parallel to the caller. */
export interface Look {
  /** Both answers as text, the status first; equal text means that nothing changed. Undefined without git, or when git fails. */
  said: Promise<string | undefined>;
  /** Completes the snapshot. */
  finish(options: SnapshotOptions): Promise<Snapshot>;
}

/** `withIndex`: the tracked files are asked for at once; else when the look is finished. */
export function startLook(paths: MemoryPaths, withIndex = true): Look {
  if (!hasGit(paths))
    return { said: Promise.resolve(undefined), finish: async () => emptySnapshot(memoryPrefixOf(paths)) };
  const listed = withIndex ? startIn(paths, indexArguments) : undefined;
  const answers = Promise.all([startIn(paths, statusArguments), startIn(paths, tipsArguments)]);
  return {
    said: answers.then(([status, tips]) => (status.ok && tips.ok ? `${status.stdout}\0${tips.stdout}` : undefined)),
    finish: async (options) => {
      const index = listed ?? startIn(paths, indexArguments);
      const [status, tips] = await answers;
      return makeSnapshot(paths, { status, tips, index: await index }, options);
    },
  };
}

function hasGit({ worktree, gitDir, commonDir }: MemoryPaths): boolean {
  return worktree !== undefined && gitDir !== undefined && commonDir !== undefined;
}

function makeSnapshot(
  paths: MemoryPaths,
  answers: Record<'status' | 'tips' | 'index', GitResult>,
  options: SnapshotOptions,
): Snapshot {
  const memoryPrefix = memoryPrefixOf(paths);
  if (!answers.status.ok) {
    const said = answers.status.stderr.trim().split('\n')[0];
    return emptySnapshot(memoryPrefix, said || 'git status fails and does not say why');
  }
  const status = parseStatus(answers.status.stdout);
  const tips = parseTips(answers.tips.stdout);
  const { index, unwatched } = parseIndex(answers.index.stdout);
  const isWhole = answers.tips.ok && answers.index.ok;
  const config = readTextOrEmpty(join(paths.commonDir ?? '', 'config'));
  const hasRemote = /^\s*\[\s*remote\s+"/m.test(config) || tips.some((tip) => tip.name.startsWith('refs/remotes/'));
  const { branch, head } = status;
  const now = { wanted: options.defaultBranch, branch, head, hasRemote };
  const chosen: DefaultChoice = isWhole ? chooseDefault(tips, now) : { by: 'none' };
  const defaultTip = tips.find(({ name }) => name === chosen.ref)?.oid;
  const seen = readReviewed(paths, chosen, { tips, status, index, memoryPrefix, remotes: options.remotes });
  const operation = operationOf(paths.gitDir ?? '');
  const ledger = options.ledger ?? readLedger(paths);
  const objectFormat = guessFormat(paths);
  const tree = { status, index, unwatched, ledger, memoryPrefix, objectFormat, reviewedBlobs: seen.blobs };
  const provenance = findProvenance(paths, listUnproven(paths, tree), { reviewedTip: seen.tip, prefix: memoryPrefix });
  const held = readAncestors(paths, status, { branch: chosen.branch, refs: defaultRefs(tips, chosen) }, ledger);
  const isTold = isWhole && !seen.isGuess;
  const isGuess = !isTold || (provenance.isGuess ?? held.isGuess) === true;
  // If the reviewed content is unknown, store no judgement.
  if (isTold) keepProvenance(paths, provenance, { ...status, defaultBranch: chosen.branch }, options.at ?? '');
  return {
    isRepository: true,
    ...(isGuess && { isGuess }),
    objectFormat,
    ...status,
    isUnborn: head === undefined,
    ...(chosen.branch && { defaultBranch: chosen.branch }),
    ...(chosen.ref && { defaultRef: chosen.ref }),
    ...(defaultTip && { defaultTip }),
    defaultChosenBy: chosen.by,
    hasRemote,
    ...(operation && { operation }),
    memoryPrefix,
    reviewed: seen.reviewed,
    alsoReviewed: seen.alsoReviewed,
    reviewedBlobs: seen.blobs,
    index,
    unwatched,
    byHand: new Set(provenance.byHand.map(({ blob }) => blob)),
    foreign: new Set(provenance.foreign.map(({ blob }) => blob)),
    heldCommits: held.commits,
  };
}

/** Git's current operation, by its state files. */
function operationOf(gitDir: string): Operation | undefined {
  const has = (name: string): boolean => existsSync(join(gitDir, name));
  if (has('rebase-merge') || has('rebase-apply')) return 'rebase';
  if (has('CHERRY_PICK_HEAD')) return 'cherry-pick';
  if (has('REVERT_HEAD')) return 'revert';
  if (has('MERGE_HEAD') || has('SQUASH_MSG')) return 'merge';
  return has('BISECT_LOG') ? 'bisect' : undefined;
}

/**
 * Files of the record folders that are gone, that git does not have or that are not what its index holds; as Excerpt.path. Undefined when
 * git fails.
 */
export async function findMoved(paths: MemoryPaths): Promise<string[] | undefined> {
  const prefix = memoryPrefixOf(paths);
  const folders = recordFolders.map((name) => prefix + name);
  const { ok, stdout } = await startIn(paths, ['ls-files', '-m', '-o', '-z', '--full-name', '--', ...folders]);
  const names = stdout.split('\0').filter((name) => name !== '');
  return ok ? names.map((name) => name.slice(prefix.length - '.claude-mem/'.length)) : undefined;
}

/** False when git failed or answered only in part: the next answer may differ although nothing changed. */
export function isKeepable({ problem, isGuess }: Pick<Snapshot, 'problem' | 'isGuess'>): boolean {
  return problem === undefined && isGuess !== true;
}

/** Whether the path, or a folder that it lies in, is one of `filePaths`; folders end in `/`. */
export function isAmong(filePaths: ReadonlySet<string>, path: string): boolean {
  if (filePaths.size === 0) return false;
  if (filePaths.has(path)) return true;
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    if (filePaths.has(path.slice(0, at + 1))) return true;
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
    alsoReviewed: [],
    reviewedBlobs: new Set(),
    index: new Map(),
    ...parseStatus(''),
    byHand: new Set(),
    foreign: new Set(),
    heldCommits: new Set(),
  };
}

/** A snapshot of a repository without running git: for uses that need only a file's bytes. */
export function emptySnapshotOf(paths: MemoryPaths, objectFormat: Snapshot['objectFormat']): Snapshot {
  return { ...emptySnapshot(memoryPrefixOf(paths)), isRepository: paths.worktree !== undefined, objectFormat };
}

/** `.claude-mem/`, relative to the top of the working tree. */
export function memoryPrefixOf(paths: MemoryPaths): string {
  const path = relative(paths.worktree ?? paths.root, paths.memoryDir);
  return `${sep === '/' ? path : path.split(sep).join('/')}/`;
}
