// Commits and blamed lines from git: who, when, why. For commands; not used in hooks.
import { RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { askGit } from '../run/git-query.ts';
import { plainDiff } from '../run/harden.ts';
import { runCommand, type OpenOptions } from '../run/simple-git.ts';
import { runIn } from '../run/runner.ts';
import { blameWithoutSettings } from './bare-blame.ts';

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

/** Full id of a revision given by the user. Throws RepomemError `not-found`. */
export function resolveCommit(paths: MemoryPaths, revision: string, options: OpenOptions = {}): string {
  const isName = revision !== '' && !revision.startsWith('-') && !revision.includes('\0');
  const answer = isName
    ? runIn(paths, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], options)
    : undefined;
  const id = answer?.stdout.trim();
  if (!answer?.ok || !id)
    throw new RepomemError('not-found', `${revision}: expected a commit, branch or tag; found none`);
  return id;
}

/** Full id of the newest common ancestor; undefined without one, as in a shallow clone. */
export function findMergeBase(
  paths: MemoryPaths,
  one: string,
  other: string,
  options: OpenOptions = {},
): string | undefined {
  const ids = [resolveCommit(paths, one, options), resolveCommit(paths, other, options)];
  const { ok, stdout } = runIn(paths, ['merge-base', ...ids], options);
  return ok ? stdout.trim() : undefined;
}

/** Throws RepomemError `not-found`. */
export function readCommit(paths: MemoryPaths, id: string, options: OpenOptions = {}): CommitInfo {
  const { stdout } = runIn(
    paths,
    ['log', '-1', `--format=${commitFormat}`, resolveCommit(paths, id, options), '--'],
    options,
  );
  return parseCommit(stdout.trimEnd());
}

/** Reads many commits in one process, keyed by the given names; unknown names are left out. */
export function readCommits(
  paths: MemoryPaths,
  names: readonly string[],
  options: OpenOptions = {},
): Map<string, CommitInfo> {
  const wanted = [...new Set(names)].filter((name) => /^[0-9a-f]{7,64}$/.test(name));
  if (wanted.length === 0) return new Map();
  const args = ['log', '--no-walk=unsorted', '--ignore-missing', '-z', `--format=${commitFormat}`, ...wanted, '--'];
  const { stdout } = runIn(paths, args, options);
  const commits = stdout
    .split('\0')
    .filter((text) => text !== '')
    .map(parseCommit);
  return new Map(
    wanted.flatMap((name) => {
      const commit = commits.find(({ id }) => id.startsWith(name));
      return commit ? [[name, commit] as const] : [];
    }),
  );
}

/**
 * The commit that introduced a line (from 1) of the working tree's file, or of a revision's. Throws RepomemError `git` when the file
 * or line does not exist.
 */
export async function blameLine(
  paths: MemoryPaths,
  path: string,
  line: number,
  options: OpenOptions & { revision?: string } = {},
): Promise<BlamedLine> {
  const revision = options.revision === undefined ? [] : [resolveCommit(paths, options.revision, options)];
  const args = ['blame', '--no-textconv', '--porcelain', `-L${line},${line}`, ...revision, '--', path];
  try {
    return parseBlame(await askGit(paths, args, options));
  } catch (error) {
    if (!(error instanceof Error) || !/object name/.test(error.message)) throw error;
    return parseBlame(await blameWithoutSettings(paths, args, options));
  }
}

/** Parses one line of `git blame --porcelain`. */
function parseBlame(porcelain: string): BlamedLine {
  const lines = porcelain.split('\n');
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

export interface Hunk {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
}

export interface FileDiff {
  /** Path before the change; the same as `path` unless renamed. */
  from: string;
  path: string;
  status: 'A' | 'M' | 'D' | 'R';
  /** Without context lines; empty for binary files. */
  hunks: Hunk[];
}

/** Changes between two commits, with renames, keyed by the old path. `head` undefined: the working tree. */
export async function diffHunks(
  paths: MemoryPaths,
  base: string,
  head?: string,
  options: OpenOptions = {},
): Promise<Map<string, FileDiff>> {
  const revisions = [base, ...(head === undefined ? [] : [head])].map((one) => resolveCommit(paths, one, options));
  const shape = ['--raw', '-p', '-z', '-U0', '-M', '--diff-filter=AMDR', '--ignore-submodules=all', '--no-abbrev'];
  const output = await runCommand(paths, ['diff', ...plainDiff, ...shape, ...revisions, '--'], options);
  return parseDiff(output);
}

function parseDiff(output: string): Map<string, FileDiff> {
  const files = splitDiff(output).map(({ file, patch }) => {
    for (const match of patch.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm))
      file.hunks.push({
        oldStart: Number(match[1]),
        oldLines: Number(match[2] ?? 1),
        newStart: Number(match[3]),
        newLines: Number(match[4] ?? 1),
      });
    return file;
  });
  return new Map(files.map((file) => [file.from, file]));
}

/** Output of `--raw -p -z`: entries, an empty one, then the patches in the same order. The hunks of each file are left to the caller. */
export function splitDiff(output: string): { file: FileDiff; patch: string }[] {
  const files: FileDiff[] = [];
  let at = 0;
  while (output[at] === ':') {
    const end = output.indexOf('\0', at);
    const status = output.slice(output.lastIndexOf(' ', end) + 1, end)[0] as FileDiff['status'];
    const first = output.indexOf('\0', end + 1);
    const from = output.slice(end + 1, first);
    const last = status === 'R' ? output.indexOf('\0', first + 1) : first;
    files.push({ from, path: status === 'R' ? output.slice(first + 1, last) : from, status, hunks: [] });
    at = last + 1;
  }
  const patches = output
    .slice(at)
    .replace(/^\0+/, '')
    .split(/^diff --git /m)
    .slice(1);
  return files.map((file, index) => ({ file, patch: patches[index] ?? '' }));
}
