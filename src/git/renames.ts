// Where files went: followed commit by commit along HEAD's history, as git itself detects renames.
import type { Place } from '../domain/place.ts';
import { runIn, type GitOptions } from './run.ts';
import { plainDiff } from './harden.ts';

type RunOptions = Pick<GitOptions, 'env'>;

/** A chain of renames longer than this is not followed to its end. */
const maxRounds = 10;
/** Paths in one command line. */
export const pathsPerRun = 400;
const timeoutMs = 30_000;
/** Inexact renames are looked for in commits of up to this many added and removed files; exact ones always. */
const renameLimit = '-l2000';

/**
 * Old path → path now, for those of `paths` that a commit in HEAD's history renamed and whose target `isThere` now. Two
 * processes for each round of renames, whatever the number of paths.
 */
export function findRenames(
  place: Place,
  paths: readonly string[],
  isThere: (path: string) => boolean,
  options: RunOptions = {},
): Map<string, string> {
  const found = new Map<string, string>();
  /** Path now being followed → paths that it stands for. */
  let open = new Map([...new Set(paths)].map((path) => [path, [path]]));
  for (let round = 0; round < maxRounds && open.size > 0; round++) {
    const targets = findTargets(place, [...open.keys()], options);
    const next = new Map<string, string[]>();
    for (const [path, sources] of open) {
      const target = targets.get(path);
      if (target === undefined) continue;
      if (isThere(target)) for (const source of sources) found.set(source, target);
      else next.set(target, [...(next.get(target) ?? []), ...sources]);
    }
    open = next;
  }
  for (const [source, target] of found) if (source === target) found.delete(source);
  return found;
}

/** Renames that are staged but not committed. */
export function findStagedRenames(place: Place, options: RunOptions = {}): Map<string, string> {
  const args = ['diff', ...plainDiff, '-M', renameLimit, '--diff-filter=R', '--name-status', '-z', 'HEAD', '--'];
  return parseRenames(runIn(place, args, options).stdout.split('\0'));
}

/** Renames that git sees between a commit and HEAD, all steps taken as one: finds files that were copied first and removed later. */
export function findRenamesSince(place: Place, commit: string, options: RunOptions = {}): Map<string, string> {
  const args = [
    'diff',
    ...plainDiff,
    '-M',
    renameLimit,
    '--diff-filter=R',
    '--name-status',
    '-z',
    commit,
    'HEAD',
    '--',
  ];
  return parseRenames(runIn(place, args, options).stdout.split('\0'));
}

/** For each path the target of the newest rename away from it. */
function findTargets(place: Place, paths: readonly string[], options: RunOptions): Map<string, string> {
  const removals = new Map<string, string>();
  for (let at = 0; at < paths.length; at += pathsPerRun) {
    const args = [
      'log',
      '--no-show-signature',
      '--diff-filter=D',
      '--no-renames',
      '--raw',
      '--no-abbrev',
      '-z',
      '--format=%x01%H',
    ];
    const some = paths.slice(at, at + pathsPerRun);
    const { stdout } = runIn(place, [...args, 'HEAD', '--', ...some], { ...options, timeoutMs });
    for (const { commit, path } of parseRawLog(stdout)) if (!removals.has(path)) removals.set(path, commit);
  }
  const commits = [...new Set(removals.values())];
  if (commits.length === 0) return new Map();
  const args = [
    'diff-tree',
    '--stdin',
    '-r',
    '-m',
    '--first-parent',
    '-M',
    renameLimit,
    '--diff-filter=R',
    '--name-status',
    '-z',
  ];
  const { stdout } = runIn(place, [...args, ...plainDiff], { ...options, timeoutMs, stdin: `${commits.join('\n')}\n` });
  const targets = new Map<string, string>();
  let commit = '';
  const fields = stdout.split('\0');
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] ?? '';
    if (/^[0-9a-f]{40,64}/.test(field)) commit = field.split(' ')[0] ?? '';
    else if (/^R\d+$/.test(field)) {
      const [from = '', to = ''] = fields.slice(i + 1, i + 3);
      if (removals.get(from) === commit) targets.set(from, to);
      i += 2;
    }
  }
  return targets;
}

function parseRenames(fields: readonly string[]): Map<string, string> {
  const renames = new Map<string, string>();
  for (let i = 0; i + 2 < fields.length; i += 3) renames.set(fields[i + 1] ?? '', fields[i + 2] ?? '');
  return renames;
}

export interface RawChange {
  commit: string;
  /** A, M, D or T. */
  status: string;
  path: string;
  /** Full blob id after the change; zeros after a removal. */
  blob: string;
  /** Before it; zeros before an addition. */
  was: string;
}

/** Output of `git log --raw --no-abbrev --no-renames -z --format=%x01%H`, newest first; `commit` is whatever stands behind the %x01. */
export function parseRawLog(stdout: string): RawChange[] {
  const changes: RawChange[] = [];
  const fields = stdout.split('\0');
  let commit = '';
  for (let i = 0; i < fields.length; i++) {
    const field = (fields[i] ?? '').replace(/^\n/, '');
    if (field.startsWith('\x01')) commit = field.slice(1).trim();
    const match = /:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/.exec(field);
    if (!match) continue;
    const [, was = '', blob = '', status = ''] = match;
    i += 1;
    changes.push({ commit, status, path: fields[i] ?? '', blob, was });
  }
  return changes;
}
