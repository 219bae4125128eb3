// Git's state at one moment, as a value. Trust, freshness and rank are pure functions of it.
import { join, relative, sep } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readAncestors } from './ancestors.ts';
import { keepProvenance } from './by-hand.ts';
import { chooseDefault, defaultRefs, type ChosenBy, type DefaultChoice, type RefTip } from './default-branch.ts';
import { readQuietly } from '../run/harden.ts';
import { readLedger, type Ledger } from './ledger.ts';
import {
  indexArguments,
  parseIndex,
  parseTips,
  readTrackedLocal,
  statusArguments,
  tipsArguments,
} from './tracked-files.ts';
import { formatOf } from '../run/object-format.ts';
import { operationOf, type Operation } from './operation.ts';
import { findProvenance } from './provenance.ts';
import { readReviewed } from './reviewed-trees.ts';
import { parseStatus, type Status } from './porcelain.ts';
import { runIn, startIn, type GitResult } from '../run/runner.ts';
import { listUnproven } from './unproven.ts';

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
  /** Path → blob of tracked files: the whole working tree with `withFiles`, else the memory folder. */
  readonly index: ReadonlyMap<string, string>;
  /** Tracked files that git does not check (assume-unchanged, sparse checkout): git does not report their changes. */
  readonly unwatched?: ReadonlySet<string>;
  /** Changed against HEAD in index or working tree, or untracked; a wholly untracked folder is one entry ending in `/`: use isDirty. */
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
  /** Tracked files below the local folder, relative to it: added by force. */
  readonly trackedLocal: ReadonlySet<string>;
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
  /** Fill `index` with the whole working tree. */
  withFiles?: boolean;
  /** Read from disk when absent. */
  ledger?: Ledger;
  /** Variables for git instead of this process's own. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Never throws. An empty snapshot without git, or when git fails. */
export function takeSnapshot(paths: MemoryPaths, options: SnapshotOptions = {}): Snapshot {
  const steps = readSteps(paths, options);
  let step = steps.next();
  while (step.done !== true) step = steps.next(step.value.map((args) => runIn(paths, args, envOf(options))));
  return step.value(options);
}

/**
 * The same with git's processes in parallel to each other and to the caller; the returned function finishes the snapshot with the
 * options needed only for judging.
 */
export function startSnapshot(
  paths: MemoryPaths,
  options: Pick<SnapshotOptions, 'withFiles' | 'env'>,
): (rest: Omit<SnapshotOptions, 'env' | 'withFiles'>) => Promise<Snapshot> {
  const steps = readSteps(paths, options);
  const start = (asked: readonly (readonly string[])[]): Promise<GitResult[]> =>
    Promise.all(asked.map((args) => startIn(paths, args, envOf(options))));
  const first = steps.next();
  const answers = first.done === true ? undefined : start(first.value);
  return async (rest) => {
    const step = answers === undefined ? first : steps.next(await answers);
    if (step.done !== true) throw new Error('unreachable: every question is asked at once');
    return step.value({ ...options, ...rest });
  };
}

/** The first half of a snapshot: git's answers about HEAD, working tree and branches. */
export interface Look {
  /** Both answers as text, the status first; equal text means that nothing changed. Undefined without git, or when git fails. */
  said: Promise<string | undefined>;
  /** Completes the snapshot. */
  finish(options: SnapshotOptions): Promise<Snapshot>;
}

/** With `withFiles` the index is queried in parallel, for callers that always finish `withFiles`. */
export function startLook(paths: MemoryPaths, options: Pick<SnapshotOptions, 'env' | 'withFiles'> = {}): Look {
  const ask = (args: readonly string[]): Promise<GitResult> => startIn(paths, args, envOf(options));
  const isAsked = paths.worktree !== undefined && paths.gitDir !== undefined && paths.commonDir !== undefined;
  const files = isAsked && options.withFiles === true ? ask(indexArguments(undefined)) : undefined;
  const answers = isAsked ? Promise.all([ask(statusArguments), ask(tipsArguments)]) : undefined;
  return {
    said: Promise.resolve(answers).then((told) =>
      told?.every(({ ok }) => ok) ? `${told[0].stdout}\0${told[1].stdout}` : undefined,
    ),
    finish: async (rest) => {
      const steps = readSteps(paths, rest);
      const first = steps.next();
      if (first.done === true || answers === undefined)
        return first.done === true ? first.value(rest) : takeSnapshot(paths, rest);
      const prefix = rest.withFiles === true ? undefined : memoryPrefixOf(paths);
      const index = (prefix === undefined ? files : undefined) ?? ask(indexArguments(prefix));
      const step = steps.next([...(await answers), await index]);
      if (step.done !== true) throw new Error('unreachable: every question is asked at once');
      return step.value({ ...envOf(options), ...rest });
    },
  };
}

/** Extends a snapshot with every tracked file of the working tree. */
export function withEveryFile(
  paths: MemoryPaths,
  snapshot: Snapshot,
  options: Pick<SnapshotOptions, 'env'> = {},
): Snapshot {
  if (!snapshot.isRepository) return snapshot;
  return { ...snapshot, ...parseIndex(runIn(paths, indexArguments(undefined), envOf(options)).stdout) };
}

function envOf({ env }: Pick<SnapshotOptions, 'env'>): Pick<SnapshotOptions, 'env'> {
  return env ? { env } : {};
}

type Questions = readonly (readonly string[])[];

/** Yields all independent git queries at once; returns the function that makes the snapshot from the answers. */
function* readSteps(
  paths: MemoryPaths,
  { withFiles }: SnapshotOptions,
): Generator<Questions, (options: SnapshotOptions) => Snapshot, readonly GitResult[]> {
  const memoryPrefix = memoryPrefixOf(paths);
  if (paths.worktree === undefined || paths.gitDir === undefined || paths.commonDir === undefined)
    return () => emptySnapshot(memoryPrefix);
  const [answer, refs, files] = yield [
    statusArguments,
    tipsArguments,
    indexArguments(withFiles === true ? undefined : memoryPrefix),
  ];
  if (!answer?.ok)
    return () =>
      emptySnapshot(memoryPrefix, answer?.stderr.trim().split('\n')[0] || 'git status fails and does not say why');
  const status = parseStatus(answer.stdout);
  const tips = parseTips(refs?.stdout ?? '');
  const listed = parseIndex(files?.stdout ?? '');
  const isWhole = refs?.ok === true && files?.ok === true;
  return (options) => makeSnapshot(paths, { status, tips, isWhole, memoryPrefix, ...listed }, options);
}

interface Answers {
  status: Status;
  tips: readonly RefTip[];
  /** Git answered every question. */
  isWhole: boolean;
  index: ReadonlyMap<string, string>;
  unwatched: ReadonlySet<string>;
  memoryPrefix: string;
}

function makeSnapshot(paths: MemoryPaths, answers: Answers, options: SnapshotOptions): Snapshot {
  const { status, tips, index, unwatched, memoryPrefix, isWhole } = answers;
  const gitOptions = envOf(options);
  const config = readQuietly(join(paths.commonDir ?? '', 'config'));
  const hasRemote = /^\s*\[\s*remote\s+"/m.test(config) || tips.some((tip) => tip.name.startsWith('refs/remotes/'));
  const { branch, head } = status;
  const now = { wanted: options.defaultBranch, branch, head, hasRemote, config };
  const chosen: DefaultChoice = isWhole ? chooseDefault(tips, now) : { by: 'none' };
  const defaultTip = tips.find(({ name }) => name === chosen.ref)?.oid;
  const seen = readReviewed(paths, chosen, { ...answers, remotes: options.remotes }, gitOptions);
  const operation = operationOf(paths.gitDir ?? '');
  const ledger = options.ledger ?? readLedger(paths);
  const objectFormat = formatOf(config, head);
  const tree = { status, index, unwatched, ledger, memoryPrefix, objectFormat, reviewedBlobs: seen.blobs };
  const known = { reviewedTip: seen.tip, prefix: memoryPrefix };
  const provenance = findProvenance(paths, listUnproven(paths, tree), known, gitOptions);
  const heads = { branch: chosen.branch, refs: defaultRefs(tips, chosen) };
  const held = readAncestors(paths, status, heads, ledger, gitOptions);
  const isTold = isWhole && !seen.isGuess;
  const isGuess = !isTold || (provenance.isGuess ?? held.isGuess) === true;
  // If the reviewed content is unknown, store no judgement.
  if (isTold) keepProvenance(paths, provenance, { ...status, defaultBranch: chosen.branch }, options.at ?? '');
  return {
    isRepository: true,
    ...(isGuess && { isGuess }),
    objectFormat,
    ...status,
    isUnborn: status.head === undefined,
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
    trackedLocal: readTrackedLocal(paths, index, memoryPrefix, gitOptions),
    heldCommits: held.commits,
  };
}

/** False when git failed or answered only in part: the next answer may differ although nothing changed. */
export function isKeepable({ problem, isGuess }: Pick<Snapshot, 'problem' | 'isGuess'>): boolean {
  return problem === undefined && isGuess !== true;
}

/** True for a changed or untracked path, also below an untracked folder. */
export function isDirty(snapshot: Pick<Snapshot, 'dirty'>, path: string): boolean {
  return isAmong(snapshot.dirty, path);
}

/** `filePaths` may hold folders, ending in `/`. */
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
    dirty: new Set(),
    edited: new Set(),
    added: new Set(),
    staged: new Set(),
    byHand: new Set(),
    foreign: new Set(),
    trackedLocal: new Set(),
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
