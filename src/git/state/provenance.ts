// Determines the origin of unknown bytes. Bytes that git's object database never had were written by hand; those that it has came from
// others, unless every commit that introduced them was made in this clone. Unknown counts as foreign.
import { join } from 'node:path';
import { attempt } from '../../domain/errors.ts';
import { idOfPath } from '../../domain/id.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { namesIn, takeJsonLines } from '../../store/lenient-files.ts';
import { appendLines, appendSeen, madeHere } from './ledger.ts';
import { type GitResult, runIn } from '../run/runner.ts';
import { heldObjects } from './blobs.ts';
import type { UnprovenFile } from './unproven.ts';

export interface Provenance {
  byHand: UnprovenFile[];
  foreign: UnprovenFile[];
  /** Git did not answer: the remaining files count as foreign for now, and must be checked again. */
  isGuess?: true;
}

/** No process without files, one if git has none of them. `prefix`: the memory's folder in `reviewedTip`'s history. */
export function findProvenance(
  paths: MemoryPaths,
  files: readonly UnprovenFile[],
  known: { reviewedTip: string | undefined; prefix: string },
): Provenance {
  const found: Provenance = { byHand: [], foreign: [] };
  if (files.length === 0) return found;
  const open = withStored(paths, files);
  const held = heldObjects(paths, new Set(open.flatMap(({ blob, stored }) => [blob, ...stored])));
  if (held === undefined) return { ...found, isGuess: true };
  /** `blob` as git holds it. */
  const came: (UnprovenFile & { file: UnprovenFile })[] = [];
  for (const file of open) {
    const id = [file.blob, ...file.stored].find((one) => held.has(one));
    if (id === undefined) (file.isText ? found.byHand : found.foreign).push(file);
    else came.push({ ...file, blob: id, file });
  }
  if (came.length === 0) return found;
  // Git has an ignored file only if it was added by force.
  const shared = came.filter(({ tier }) => tier === 'shared');
  const made = readLocalCommits(paths);
  const committed = made === undefined ? new Set<string>() : introducedBy(paths, [...made.all]);
  const suspects = made === undefined ? [] : shared.filter((file) => file.isUncommitted || committed.has(file.blob));
  const wanted = new Set(suspects.map(({ blob }) => blob));
  const bringers = wanted.size === 0 ? undefined : bringersOf(paths, wanted, known);
  const isOurs = ({ blob, isUncommitted }: UnprovenFile): boolean => {
    if (made === undefined || bringers === undefined) return false;
    const commits = bringers.get(blob) ?? new Set<string>();
    if (commits.size > 0) return areOurs(commits, made);
    // Staged but never committed. An uncommitted merge would leave a tree with the merged bytes.
    return isUncommitted && isInLooseTree(paths, blob) === false;
  };
  for (const one of came) (suspects.includes(one) && isOurs(one) ? found.byHand : found.foreign).push(one.file);
  return found;
}

/** With the ids that git's own conversions give: filters, line ends, encodings. One process, and none without unconverted files. */
function withStored(paths: MemoryPaths, files: readonly UnprovenFile[]): UnprovenFile[] {
  const asked = files.filter(({ path, isUncommitted }) => isUncommitted && !path.includes('\n'));
  if (asked.length === 0) return [...files];
  const stdin = `${asked.map(({ path }) => path).join('\n')}\n`;
  const { ok, stdout } = runIn(paths, ['hash-object', '--stdin-paths'], { stdin });
  const ids = stdout.trimEnd().split('\n');
  if (!ok || ids.length !== asked.length) return [...files];
  const converted = new Map(asked.map(({ path }, at) => [path, ids[at] ?? '']));
  return files.map((file) => {
    const id = converted.get(file.path);
    return id === undefined || id === file.blob ? file : { ...file, stored: [...file.stored, id] };
  });
}

/** True if all commits were made here, and an ordinary commit introduced the bytes, not a cherry-pick or a rebase. */
function areOurs(commits: ReadonlySet<string>, { all, plain, amended }: LocalCommits): boolean {
  const list = [...commits];
  if (!list.every((commit) => all.has(commit))) return false;
  return list.some((commit) => plain.has(commit)) || list.every((commit) => amended.has(commit));
}

/** Blobs that these commits contain and none of their parents has at the same path. */
function introducedBy(paths: MemoryPaths, commits: readonly string[]): Set<string> {
  if (commits.length === 0) return new Set();
  const args = ['diff-tree', '--stdin', '-r', '-c', '--root', '--raw', '--no-abbrev', '--no-renames', '-z'];
  const { stdout } = runIn(paths, args, { stdin: `${commits.join('\n')}\n`, timeoutMs: 2000 });
  return new Set(Array.from(stdout.matchAll(/([0-9a-f]{40,64}) [A-Z]+\0/g), ([, blob = '']) => blob));
}

/** Commits made in this clone, according to the reflogs of HEAD and the branches. */
interface LocalCommits {
  /** All commits made here, including rewritten and picked ones. */
  all: ReadonlySet<string>;
  /** By `git commit`. */
  plain: ReadonlySet<string>;
  /** By `git commit`, `--amend` included. */
  amended: ReadonlySet<string>;
}

const plainAction = /^commit(?: \(initial\))?:/;
const amendAction = /^commit \(amend\):/;
/** A rebase rewrites the commits it picks, but starts at and ends on commits of others. `am` applies patches of others. */
const rewriteAction =
  /^(?:rebase(?: -i)? \((?:pick|reword|edit|squash|fixup|continue)\)|rebase: |cherry-pick|revert|commit \((?:cherry-pick|rebase)\)):?/;

/** Undefined when git fails or times out. The subject follows the action, so a commit message cannot fake an action. */
function readLocalCommits(paths: MemoryPaths): LocalCommits | undefined {
  const { ok, stdout } = runIn(paths, ['log', '-g', '--all', '--format=%H %gs'], { timeoutMs: 2000 });
  if (!ok) return undefined;
  const commits = { all: new Set<string>(), plain: new Set<string>(), amended: new Set<string>() };
  for (const line of stdout.split('\n')) {
    const at = line.indexOf(' ');
    const [commit, action] = [line.slice(0, at), line.slice(at + 1)];
    const isPlain = plainAction.test(action);
    const isAmended = isPlain || amendAction.test(action);
    const isRewritten = rewriteAction.test(action) && !/fast-forward$/i.test(action);
    if (isPlain) commits.plain.add(commit);
    if (isAmended) commits.amended.add(commit);
    if (isAmended || isRewritten) commits.all.add(commit);
  }
  return commits;
}

const maxUnnamed = 20_000;
const raw = ['-c', '--root', '--raw', '--no-abbrev', '--no-renames', '--no-ext-diff', '--no-textconv'];

/** A session waits for it: a timeout counts as unknown, thus foreign. */
function ask(paths: MemoryPaths, args: readonly string[], names?: readonly string[]): GitResult | undefined {
  const limits = { timeoutMs: 3000, maxBytes: 256 * 1024 * 1024 };
  const result = runIn(paths, args, { ...limits, ...(names && { stdin: `${names.join('\n')}\n` }) });
  return result.ok ? result : undefined;
}

/**
 * Blob → commits that contain it while none of their parents does. For reviewed history only the memory's folder is compared, for
 * other commits every file. Undefined when git fails or times out.
 */
function bringersOf(
  paths: MemoryPaths,
  blobs: ReadonlySet<string>,
  { reviewedTip, prefix }: { reviewedTip: string | undefined; prefix: string },
): Map<string, Set<string>> | undefined {
  const run = (args: readonly string[], names?: readonly string[]): string | undefined =>
    ask(paths, args, names)?.stdout;
  const log = ['log', ...raw, '--full-history', '--format=%H'];
  const beyond = reviewedTip === undefined ? [] : ['--not', reviewedTip];
  const others = run([...log, '--all', '--reflog', ...beyond]);
  const reviewed = reviewedTip === undefined ? '' : run([...log, reviewedTip, '--', prefix]);
  const named = run(['rev-list', '--all', '--reflog']);
  const all = run(['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objecttype) %(objectname)']);
  if (others === undefined || reviewed === undefined || named === undefined || all === undefined) return undefined;
  const hasName = new Set(named.split('\n'));
  const unnamed = idsOf('commit', all).filter((commit) => !hasName.has(commit));
  if (unnamed.length > maxUnnamed) return undefined;
  const lost = unnamed.length === 0 ? '' : run(['diff-tree', '--stdin', '-r', ...raw], unnamed);
  if (lost === undefined) return undefined;
  const found = new Map<string, Set<string>>();
  for (const text of [others, reviewed, lost]) addBringers(text, blobs, found);
  return found;
}

/** Input: lines of commit ids, each followed by its changes `:MODE MODE ID ID STATUS\tPATH` (more modes and ids for a merge). */
function addBringers(text: string, blobs: ReadonlySet<string>, found: Map<string, Set<string>>): void {
  let commit = '';
  for (const line of text.split('\n')) {
    if (/^[0-9a-f]{40,64}$/.test(line)) commit = line;
    if (!line.startsWith(':')) continue;
    const fields = line.slice(0, line.indexOf('\t')).split(' ');
    const blob = fields.at(-2) ?? '';
    if (blobs.has(blob)) found.set(blob, (found.get(blob) ?? new Set()).add(commit));
  }
}

const maxLoose = 20_000;

/**
 * Whether a loose tree object contains the blob: a merge writes trees even if it is not committed. Undefined when there are too many
 * objects to check, or when git has packed unreachable ones.
 */
function isInLooseTree(paths: MemoryPaths, blob: string): boolean | undefined {
  const folder = join(paths.commonDir ?? '', 'objects');
  if (namesIn(join(folder, 'pack')).some((name) => name.endsWith('.mtimes'))) return undefined;
  const ids = namesIn(folder)
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .flatMap((name) => namesIn(join(folder, name)).map((rest) => name + rest));
  if (ids.length > maxLoose) return undefined;
  const types = ask(paths, ['cat-file', '--batch-check=%(objecttype) %(objectname)'], ids);
  if (types === undefined) return undefined;
  const trees = idsOf('tree', types.stdout);
  if (trees.length === 0) return false;
  return ask(paths, ['cat-file', '--batch'], trees)?.bytes.includes(Buffer.from(blob, 'hex'));
}

/** Input: lines `TYPE ID`. */
function idsOf(type: string, text: string): string[] {
  return text.split('\n').flatMap((line) => (line.startsWith(`${type} `) ? [line.slice(type.length + 1)] : []));
}

const fileName = 'by-hand.jsonl';

interface HandWritten {
  id: string;
  /** Relative to the top of the working tree; absolute for a local record. */
  path: string;
  blob: string;
}

/** Best effort: if the disk refuses the write, the next snapshot finds it again. */
export function keepProvenance(
  paths: MemoryPaths,
  { byHand, foreign }: Provenance,
  now: Parameters<typeof madeHere>[1],
  at: string,
): void {
  if (byHand.length === 0 && foreign.length === 0) return;
  const made = { at, ...madeHere(paths, now), byHand: true as const };
  const records = byHand.filter(({ path }) => path.endsWith('.md'));
  attempt(() => {
    // Notify first: after the ledger entry, the file is not examined again.
    appendLines(
      paths,
      fileName,
      records.map(({ path, blob }): HandWritten => ({ id: idOfPath(path), path, blob })),
    );
    appendSeen(paths, [
      ...byHand.map(({ path, blob }) => ({ id: idOfPath(path), blob, ...made })),
      ...foreign.map(({ path, blob }) => ({ id: idOfPath(path), foreign: blob, at })),
    ]);
  });
}

/** Returns hand-written records that the user was not notified about yet, and marks them as notified. */
export function takeHandWritten(paths: MemoryPaths): HandWritten[] {
  return takeJsonLines(join(paths.privateDir, fileName));
}
