// Commits and files that a text mentions but this history does not have (any more). A squash drops commit ids, and files get deleted:
// readers should be told.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { runIn } from '../run/runner.ts';
import { findOutside } from '../state/ancestors.ts';
import { isShallow } from './memory-tree.ts';

export interface DeadName {
  name: string;
  kind: 'commit' | 'file';
  /** Git has the commit, or had the file, in another history or at another time. */
  wasThere: boolean;
}

const maxNames = 500;

/** A commit id in text: must have both digits and letters, unlike words and numbers, and follow a word such as `commit` or stand in backticks. */
const commitPattern =
  /(?:\b(?:commits?|revision|sha|cherry-pick(?:ed)?|since|fixed in|introduced in|reverts?|reverted by)\s+`?|`)(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])([0-9a-f]{7,40})\b/gi;
/** A path with a folder and an extension; not a URL, not the tail of a longer path. */
const filePattern = /(?<![\w./:~@-])((?:[\w@+-][\w.@+-]*\/)+[\w@+.-]*[\w@+-]\.[A-Za-z]\w{0,7})(?![\w/])/g;

export function namesIn(text: string): { commits: string[]; files: string[] } {
  const all = (pattern: RegExp): string[] => [...new Set(Array.from(text.matchAll(pattern), ([, name = '']) => name))];
  return { commits: all(commitPattern).map((name) => name.toLowerCase()), files: all(filePattern) };
}

/** Dead names per text, by its key. A few git processes for all texts; empty before the first commit, in a shallow clone, or when git fails. */
export function findDeadNames(
  paths: MemoryPaths,
  texts: ReadonlyMap<string, string>,
  head: string | undefined,
): Map<string, DeadName[]> {
  const found = new Map<string, DeadName[]>();
  const named = [...texts].map(([key, text]) => ({ key, ...namesIn(text) }));
  const commits = [...new Set(named.flatMap((one) => one.commits))].slice(0, maxNames);
  const files = [...new Set(named.flatMap((one) => one.files))].slice(0, maxNames);
  if (head === undefined || commits.length + files.length === 0 || isShallow(paths)) return found;
  const top = paths.worktree ?? paths.root;
  const asked = [...commits.map((name) => `${name}^{commit}`), ...files.map((path) => `${head}:${path}`)];
  const stdin = `${asked.join('\n')}\n`;
  const { ok, stdout } = runIn(paths, ['cat-file', '--batch-check=%(objectname)'], { stdin });
  if (!ok) return found;
  const answers = stdout.split('\n').map((line) => (/^[0-9a-f]{40,64}$/.test(line) ? line : undefined));
  const ids = new Map(commits.map((name, at) => [name, answers[at]]));
  const known = [...ids.values()].flatMap((id) => id ?? []);
  const outside = findOutside(paths, head, known);
  if (outside === undefined) return found;
  const dead = new Map<string, DeadName>();
  for (const [name, id] of ids)
    if (id === undefined || outside.has(id)) dead.set(name, { name, kind: 'commit', wasThere: id !== undefined });
  for (const [at, name] of files.entries()) {
    // A path may be relative to the memory's folder, or to a folder mentioned in the text.
    if (answers[commits.length + at] !== undefined) continue;
    if (existsSync(join(top, name)) || existsSync(join(paths.root, name))) continue;
    const log = runIn(paths, ['log', '-1', '--all', '--format=%h', '--', name], { timeoutMs: 5000 });
    dead.set(name, { name, kind: 'file', wasThere: log.stdout.trim() !== '' });
  }
  for (const { key, commits: ofText, files: inText } of named) {
    const names = [...ofText, ...inText].flatMap((name) => dead.get(name) ?? []);
    if (names.length > 0) found.set(key, names);
  }
  return found;
}

/** `commit 1a2b3c4: this history never had it`. */
export function deadNameText({ name, kind, wasThere }: DeadName): string {
  if (kind === 'file')
    return `${name}: ${wasThere ? 'this history no longer has that file' : 'there never was such a file'}`;
  return `commit ${name}: ${wasThere ? 'it is not in this history' : 'git has no such commit'}`;
}
