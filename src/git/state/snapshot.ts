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
import { parseStatus, type Status } from './status.ts';
import { runIn, startIn, type GitResult } from '../run/runner.ts';
import { listUnproven } from './unproven.ts';

/** All paths are relative to the top of the working tree, with forward slashes. */
export interface Snapshot {
  /** False without git, and when git refused; `problem` says why. */
  readonly isRepository: boolean;
  readonly problem?: string;
  readonly objectFormat: 'sha1' | 'sha256';
  /** Git left a question open, as when its time is up: the strict answer stands in, and nothing that is judged from it may be kept. */
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
  /** `.claude-mem/`, behind the folder's own path when the memory is not at the top. */
  readonly memoryPrefix: string;
  /** Path → blob of the memory folder in the default ref's tree; empty where no branch is known to be reviewed. */
  readonly reviewed: ReadonlyMap<string, string>;
  /** The same of the default branches of a fork's upstream. */
  readonly alsoReviewed: readonly ReadonlyMap<string, string>[];
  /** Of all of them. */
  readonly reviewedBlobs: ReadonlySet<string>;
  /** Path → blob of tracked files: of the whole working tree with `withFiles`, else of the memory folder. */
  readonly index: ReadonlyMap<string, string>;
  /** Of those, files that git was told not to look at (assume-unchanged, sparse checkouts): whether they changed it does not say. */
  readonly unwatched?: ReadonlySet<string>;
  /** Changed against HEAD in index or working tree, or untracked; a wholly untracked folder is one entry with `/` at its end: ask isDirty. */
  readonly dirty: ReadonlySet<string>;
  /** The working tree's bytes differ from the index, or the file is untracked. */
  readonly edited: ReadonlySet<string>;
  /** In the index, not in HEAD. */
  readonly added: ReadonlySet<string>;
  /** In the index otherwise than in HEAD, or only meant to be added; submodules aside. */
  readonly staged: ReadonlySet<string>;
  /** Blobs of memory files that were written by hand in this clone, found out just now; the ledger has those of earlier looks. */
  readonly byHand: ReadonlySet<string>;
  /** Blobs that git brought here, found out just now. */
  readonly foreign: ReadonlySet<string>;
  /** Files that git tracks below the local folder, relative to it: somebody put them there by force. */
  readonly trackedLocal: ReadonlySet<string>;
  /** Commits of the ledger that HEAD's history holds. */
  readonly heldCommits: ReadonlySet<string>;
}

export interface SnapshotOptions {
  /** The settings' choice; tried first. */
  defaultBranch?: string;
  /** Remotes whose default branch counts as reviewed, beside origin and upstream. */
  remotes?: readonly string[];
  /** ISO 8601, for what is entered in the ledger. */
  at?: string;
  /** Fill `index` with the whole working tree. */
  withFiles?: boolean;
  /** Read from the place when it is not given. */
  ledger?: Ledger;
  /** Variables for git instead of this process's own. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Never throws. Without git, or when git refuses, an empty snapshot. */
export function takeSnapshot(paths: MemoryPaths, options: SnapshotOptions = {}): Snapshot {
  const steps = readSteps(paths, options);
  let step = steps.next();
  while (step.done !== true) step = steps.next(step.value.map((args) => runIn(paths, args, envOf(options))));
  return step.value(options);
}

/**
 * The same with git's processes beside each other and beside whatever the caller does until it calls the answer, with what only
 * the judgement needs.
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

/** The first half of a snapshot: what two processes say of HEAD, working tree and branches. */
export interface Look {
  /** Their answers as text, the status first: the same text, nothing moved. Undefined without git, and when git refused. */
  said: Promise<string | undefined>;
  /** The other half. */
  finish(options: SnapshotOptions): Promise<Snapshot>;
}

/** With `withFiles` the index is asked beside it: for those that will finish it `withFiles` in any case. */
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

/** A snapshot with every tracked file of the working tree, of one without. */
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

/** Asks git everything that does not depend on an answer, then gives what makes the snapshot of the answers. */
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
  const now = { wanted: options.defaultBranch, branch, head, hasRemote };
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
  // Where git did not say what is reviewed, nothing is judged for good.
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

/** False when git was not heard, or not to the end: the next answer may be another with nothing moved. */
export function isKeepable({ problem, isGuess }: Pick<Snapshot, 'problem' | 'isGuess'>): boolean {
  return problem === undefined && isGuess !== true;
}

/** True for a changed or untracked path, also below an untracked folder. */
export function isDirty(snapshot: Pick<Snapshot, 'dirty'>, path: string): boolean {
  return isAmong(snapshot.dirty, path);
}

/** `paths` may hold folders, with `/` at the end. */
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

/** Of a repository whose git was not asked: what a file holds is told by its bytes alone. */
export function emptySnapshotOf(paths: MemoryPaths, objectFormat: Snapshot['objectFormat']): Snapshot {
  return { ...emptySnapshot(memoryPrefixOf(paths)), isRepository: paths.worktree !== undefined, objectFormat };
}

/** `.claude-mem/`, relative to the top of the working tree. */
export function memoryPrefixOf(paths: MemoryPaths): string {
  const path = relative(paths.worktree ?? paths.root, paths.memoryDir);
  return `${sep === '/' ? path : path.split(sep).join('/')}/`;
}
