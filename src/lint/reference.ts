// Reference data for the checks: other records, reviewed content, allowed findings from the settings.
import { join } from 'node:path';
import { idOfName } from '../domain/id.ts';
import { findMergeBase } from '../git/history/commits.ts';
import { isShallow, listIdsEver, listMemoryTree, readSized, type TreeFile } from '../git/history/memory-tree.ts';
import { loadSettings } from '../settings/settings.ts';
import { listRecordFiles } from '../store/list-files.ts';
import { settingsName } from '../store/locate.ts';
import type { LintUniverse } from './record-checks.ts';
import { readAsSettings, settingsPath } from './settings-checks.ts';
import type { Source } from './linted-files.ts';
import type { TextRules } from './text.ts';
import type { Memory } from '../memory/open.ts';
import { userFolder } from '../settings/user-folder.ts';
import { readKnownValues } from '../memory/secrets-here.ts';
import { isRecordPath } from '../store/layout.ts';

export type LintScope =
  | { kind: 'worktree' }
  | { kind: 'files'; names: readonly string[] }
  | { kind: 'staged'; isInsideHook: boolean; /** Where they were read already. */ knownValues?: readonly string[] }
  /** `base` is the merge base; full ids. */
  | { kind: 'range'; base: string; head: string };

/** The commit whose content counts as reviewed: where HEAD left the default branch, or the start of the range. */
export function baseOf({ paths, env, snapshot }: Memory, scope: LintScope): string | undefined {
  if (scope.kind === 'range') return scope.base;
  const { branch, defaultRef, head } = snapshot;
  if (defaultRef === undefined || head === undefined) return undefined;
  // On the default branch itself, without a remote, no git query is needed.
  if (defaultRef === `refs/heads/${branch ?? ''}`) return head;
  return findMergeBase(paths, defaultRef, head, { env: env.vars });
}

export function readUniverse(memory: Memory, source: Source, base: string | undefined): LintUniverse {
  const options = { env: memory.env.vars };
  const shared = new Map<string, string[]>();
  for (const path of source.all.keys())
    if (isRecordPath(path)) shared.set(idIn(path), [...(shared.get(idIn(path)) ?? []), path]);
  const tree = base === undefined ? [] : [...treeAt(memory, source, base).values()];
  const reviewed = new Map(tree.filter(({ path }) => isRecordPath(path)).map(({ path, blob }) => [path, blob]));
  let ever: Set<string> | undefined;
  let local: Set<string> | undefined;
  return {
    shared,
    isLocal: (id) => (local ??= listLocal(memory)).has(id),
    reviewed,
    reviewedIds: new Map([...reviewed.keys()].map((path) => [idIn(path), path])),
    wasEver: (id) => (ever ??= listIdsEver(memory.paths, options)).has(id),
    isShallow: isShallow(memory.paths),
  };
}

function listLocal({ paths }: Memory): Set<string> {
  const { files } = listRecordFiles(paths);
  return new Set(files.filter(({ tier }) => tier === 'local').map(({ path }) => idIn(path)));
}

function treeAt({ paths, env }: Memory, { before }: Source, commit: string): ReadonlyMap<string, TreeFile> {
  return before?.commit === commit ? before.tree : listMemoryTree(paths, commit, { env: env.vars });
}

/**
 * For a range, the settings at its base and the user's own: its own settings allow nothing before they are reviewed, whatever is
 * checked out.
 */
export async function readRules(memory: Memory, source: Source, scope: LintScope): Promise<TextRules> {
  const { paths, env } = memory;
  const isRange = scope.kind === 'range';
  const userFile = join(userFolder(env), settingsName);
  const { settings } = isRange ? await loadSettings({ userFile, vars: env.vars, projectIsTrusted: false }) : memory;
  const allow = new Map(settings.redact.allow.map(({ fingerprint, reason }) => [fingerprint, reason]));
  if (isRange) {
    const blob = treeAt(memory, source, scope.base).get(settingsPath)?.blob;
    const bytes =
      blob === undefined ? undefined : readSized(paths, [blob], 64 * 1024, { env: env.vars }).bytes.get(blob);
    const before = bytes ? (await readAsSettings(bytes)).settings.redact.allow : [];
    for (const { fingerprint, reason } of before) allow.set(fingerprint, reason);
  }
  const known = scope.kind === 'staged' ? scope.knownValues : undefined;
  return { allow, knownValues: known ?? readKnownValues(memory) };
}

function idIn(path: string): string {
  return idOfName(path.slice(path.lastIndexOf('/') + 1));
}
