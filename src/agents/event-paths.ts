// Relative and shortened paths that do not reveal the user's machine.
import { posix } from 'node:path';
import { attempt } from '../domain/errors.ts';

export interface PathRoots {
  /** Top of the working tree, absolute; '' when unknown. */
  worktree: string;
  /** The user's home, absolute; '' when unknown. */
  home: string;
  /** Tops of the repository's other worktrees, absolute: their files count as the same files. */
  worktrees?: readonly string[];
  /** Resolves an absolute path, for names that contain links or are spelled differently. */
  resolve?(path: string): string;
}

/**
 * A host's path relative to the worktree's top, with forward slashes. A relative one is resolved against `cwd`. Outside the worktree
 * only the base name is kept: `…/name`, `~/…/name` below the home, `~/.claude/…/name` for the host's own files.
 */
export function relativePath(path: string, roots: PathRoots, cwd = ''): string {
  const slashed = decodeFile(path).replaceAll('\\', '/');
  const isAbsolute = /^(?:~?\/|[A-Za-z]:\/)/.test(slashed);
  const absolute = isAbsolute ? slashed : `${cwd.replaceAll('\\', '/') || roots.worktree}/${slashed}`;
  const whole = posix.resolve('/', absolute).slice(absolute.startsWith('/') ? 0 : 1);
  const inside = insideOf(whole, roots) ?? below(whole, hiddenTop(roots) ?? '');
  if (inside !== undefined) return inside === '' ? '.' : inside;
  const name = whole.slice(whole.lastIndexOf('/') + 1);
  const atHome = below(whole, roots.home) ?? below(whole, '~');
  if (atHome === undefined) return `…/${name}`;
  return atHome.startsWith('.claude/') ? `~/.claude/…/${name}` : `~/…/${name}`;
}

/** Relative to the innermost worktree that contains it: linked ones may be inside the main one. */
function insideOf(whole: string, roots: PathRoots): string | undefined {
  const { worktree, worktrees = [], resolve } = roots;
  const tops = [worktree, ...worktrees].sort((a, b) => b.length - a.length);
  const within = (path: string): string | undefined =>
    tops.map((top) => below(path, top)).find((inside) => inside !== undefined);
  const real = resolve === undefined || !whole.startsWith('/') ? whole : resolve(whole);
  // A link that leads out of the working tree still counts as a path in it.
  return within(real) ?? within(whole);
}

/** `file:///a%20b` → `/a b`. */
function decodeFile(path: string): string {
  if (!/^file:\/\//i.test(path)) return path;
  return attempt(() => decodeURIComponent(path.replace(/^file:\/\/[^/]*/i, ''))) ?? path;
}

/** Removes the absolute paths of worktree and home from a text, leaving `src/a.ts`, `.` and `~/x`. */
export function hidePaths(text: string, roots: PathRoots): string {
  // Longest first: a worktree may be inside another.
  const others = [...(roots.worktrees ?? [])].sort((a, b) => b.length - a.length);
  const tops = [...others, roots.worktree, hiddenTop(roots) ?? ''];
  const hidden = tops.reduce((rest, top) => replaceRoot(rest, top, (slash) => (slash ? '' : '.')), text);
  return replaceRoot(hidden, roots.home, (slash) => `~${slash}`);
}

/** The worktree's path after redaction of personal parts: below `~`, for the user's home or another user's. */
function hiddenTop({ worktree, home }: PathRoots): string | undefined {
  const top = worktree.replaceAll('\\', '/').replace(/\/+$/, '');
  const atHome = below(top, home);
  if (atHome !== undefined) return `~/${atHome}`.replace(/\/$/, '');
  const other = /^(?:\/(?:home|Users)|[A-Za-z]:\/Users)\/[^/]+(\/.*)?$/.exec(top);
  return other ? `~${other[1] ?? ''}` : undefined;
}

function replaceRoot(text: string, root: string, by: (slash: string) => string): string {
  if (root.length <= 1 || !text.includes(root)) return text;
  const pattern = new RegExp(`(?<![\\w.~-])${escapePattern(root)}(/(?=[\\w.@%+~[({-])|(?![\\w.-]))`, 'g');
  return text.replace(pattern, (_all, slash: string) => by(slash));
}

/** A pattern that matches the text itself. */
export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** The path below `root/`; '' for the root itself; undefined outside. */
function below(path: string, root: string): string | undefined {
  const top = root.replaceAll('\\', '/').replace(/\/+$/, '');
  if (top === '') return undefined;
  if (path === top) return '';
  return path.startsWith(`${top}/`) ? path.slice(top.length + 1) : undefined;
}
