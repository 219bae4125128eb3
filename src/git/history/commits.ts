// Commits and blamed lines from git: who, when, why. For commands; not used in hooks.
import { RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { askGit, runIn } from '../run/runner.ts';

export interface CommitInfo {
  /** Full id. */
  id: string;
  /** The author's name as the commit has it. */
  author: string;
  /** The author's time, ISO 8601, UTC. */
  at: string;
  /** First line of the message. */
  summary: string;
}

export interface BlamedLine {
  /** Undefined for a line that is not committed yet. */
  commit?: CommitInfo;
  /** Path and line in that commit. */
  path: string;
  line: number;
  text: string;
}

/** For `--format`: the fields of CommitInfo in order; parseCommit reads it. */
export const commitFormat = '%H%x1f%an%x1f%at%x1f%s';

export function parseCommit(text: string): CommitInfo {
  const [id = '', author = '', seconds = '', summary = ''] = text.split('\x1f');
  return { id, author, at: isoTime(Number(seconds)), summary };
}

/** Commits of a log with `-z`. */
export function parseCommits(stdout: string): CommitInfo[] {
  return stdout
    .split('\0')
    .filter((text) => text !== '')
    .map(parseCommit);
}

/** Full id of a revision given by the user. Throws RepomemError `not-found`. */
export function resolveCommit(paths: MemoryPaths, revision: string): string {
  const isName = revision !== '' && !revision.startsWith('-') && !revision.includes('\0');
  const answer = isName ? runIn(paths, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]) : undefined;
  const id = answer?.stdout.trim();
  if (answer?.ok && id) return id;
  throw new RepomemError('not-found', `${revision}: expected a commit, branch or tag; found none`);
}

/** Full id of the newest common ancestor; undefined without one, as in a shallow clone. */
export function findMergeBase(paths: MemoryPaths, one: string, other: string): string | undefined {
  const { ok, stdout } = runIn(paths, ['merge-base', resolveCommit(paths, one), resolveCommit(paths, other)]);
  return ok ? stdout.trim() : undefined;
}

/** Throws RepomemError `not-found`. */
export function readCommit(paths: MemoryPaths, revision: string): CommitInfo {
  const args = ['log', '-1', `--format=${commitFormat}`, resolveCommit(paths, revision), '--'];
  return parseCommit(runIn(paths, args).stdout.trimEnd());
}

/** Reads many commits in one process, keyed by the given names; unknown names are left out. */
export function readCommits(paths: MemoryPaths, names: readonly string[]): Map<string, CommitInfo> {
  const wanted = [...new Set(names)].filter((name) => /^[0-9a-f]{7,64}$/.test(name));
  if (wanted.length === 0) return new Map();
  const args = ['log', '--no-walk=unsorted', '--ignore-missing', '-z', `--format=${commitFormat}`, ...wanted, '--'];
  const commits = parseCommits(runIn(paths, args).stdout);
  return new Map(
    wanted.flatMap((name) => {
      const commit = commits.find(({ id }) => id.startsWith(name));
      return commit ? [[name, commit] as const] : [];
    }),
  );
}

/** The commit that introduced a line (from 1) of the working tree's file. Throws RepomemError `git` when there is no such line. */
export async function blameLine(paths: MemoryPaths, path: string, line: number): Promise<BlamedLine> {
  // The repository's own `blame.ignoreRevsFile` may be missing or list unknown commits, and then every blame fails.
  const shape = ['--no-textconv', '--no-ignore-revs-file', '--porcelain', `-L${line},${line}`];
  const lines = (await askGit(paths, ['blame', ...shape, '--', path])).split('\n');
  const [id = '', was = '0'] = (lines[0] ?? '').split(' ');
  const field = (name: string): string => lines.find((one) => one.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  const text = lines.find((one) => one.startsWith('\t'))?.slice(1) ?? '';
  const blamed = { path: field('filename'), line: Number(was), text };
  if (/^0+$/.test(id)) return blamed;
  const at = isoTime(Number(field('author-time')));
  return { ...blamed, commit: { id, author: field('author'), at, summary: field('summary') } };
}

function isoTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
