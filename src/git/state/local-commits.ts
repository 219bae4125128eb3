// Commits made in this clone, according to the reflogs of HEAD and the branches.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { runIn } from '../run/runner.ts';

export interface LocalCommits {
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
export function readLocalCommits(paths: MemoryPaths): LocalCommits | undefined {
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
