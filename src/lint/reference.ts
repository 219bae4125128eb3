// Reference data for the checks: other records, reviewed content, allowed findings from the settings. Settings and modes are checked with the
// code that reads them.
import type { Problem } from '../domain/record.ts';
import { noteIn } from '../settings/yaml-keys.ts';
import { type LoadedSettings, loadSettings, loadUserSettings } from '../settings/settings.ts';
import type { LintFinding, LintItem, Severity } from './lint-finding.ts';
import { idOfPath } from '../domain/id.ts';
import { once } from '../domain/once.ts';
import { findMergeBase } from '../git/history/commits.ts';
import { isShallow, listIdsEver } from '../git/history/memory-tree.ts';
import { readBlobs } from '../git/state/blobs.ts';
import { listRecordFiles } from '../store/list-files.ts';
import type { LintUniverse } from './record-checks.ts';
import type { Source, TreeAt } from './linted-files.ts';
import type { SearchedTexts, TextRules } from './text.ts';
import { parseMode } from '../learn/modes.ts';
import type { Memory } from '../memory/open.ts';
import { readKnownValues } from '../memory/env-files.ts';
import { isRecordPath } from '../store/layout.ts';

export type LintScope =
  | { kind: 'worktree' }
  | { kind: 'files'; names: readonly string[] }
  | { kind: 'staged'; isInsideHook: boolean; known?: SearchedTexts | undefined }
  /** `base` is the merge base; full ids. */
  | { kind: 'range'; base: string; head: string };

/** The commit whose content counts as reviewed: where HEAD left the default branch, or the start of the range. */
function baseOf({ paths, snapshot }: Memory, scope: LintScope): string | undefined {
  if (scope.kind === 'range') return scope.base;
  const { branch, defaultRef, head } = snapshot;
  if (defaultRef === undefined || head === undefined) return undefined;
  // On the default branch itself, without a remote, no git query is needed.
  return defaultRef === `refs/heads/${branch ?? ''}` ? head : findMergeBase(paths, defaultRef, head);
}

export function readUniverse(memory: Memory, source: Source, scope: LintScope, treeAt: TreeAt): LintUniverse {
  const { paths } = memory;
  const shared = new Map<string, string[]>();
  for (const path of source.all.keys())
    if (isRecordPath(path)) shared.set(idOfPath(path), [...(shared.get(idOfPath(path)) ?? []), path]);
  const base = baseOf(memory, scope);
  const tree = base === undefined ? [] : [...treeAt(base).values()];
  const reviewed = new Map(tree.filter(({ path }) => isRecordPath(path)).map(({ path, blob }) => [path, blob]));
  const ever = once(() => listIdsEver(paths));
  const local = once(() => {
    const { files } = listRecordFiles(paths);
    return new Set(files.filter(({ tier }) => tier === 'local').map(({ path }) => idOfPath(path)));
  });
  return {
    shared,
    isLocal: (id) => local().has(id),
    reviewed,
    reviewedIds: new Map([...reviewed.keys()].map((path) => [idOfPath(path), path])),
    wasEver: (id) => ever().has(id),
    isShallow: isShallow(paths),
  };
}

/** For a range, the settings at its base and the user's own: its own settings allow nothing before they are reviewed, whatever is checked out. */
export async function readRules(memory: Memory, scope: LintScope, treeAt: TreeAt): Promise<TextRules> {
  const { paths, env } = memory;
  const { settings } = scope.kind === 'range' ? await loadUserSettings(env) : memory;
  const allowed = [...settings.redact.allow];
  if (scope.kind === 'range') {
    const bytes = readBlobs(paths, [treeAt(scope.base).get(settingsPath)?.blob ?? ''])
      .values()
      .next().value;
    if (bytes) allowed.push(...(await readAsSettings(bytes)).settings.redact.allow);
  }
  return {
    allow: new Map(allowed.map(({ fingerprint, reason }) => [fingerprint, reason])),
    ...((scope.kind === 'staged' ? scope.known : undefined) ?? { knownValues: readKnownValues(memory) }),
  };
}

const settingsPath = '.claude-mem/settings.yaml';
const modePath = /^\.claude-mem\/modes\/[^/]+\.yaml$/;

export async function checkObeyed(item: LintItem): Promise<LintFinding[]> {
  const bytes = item.bytes;
  if (!bytes) return [];
  if (item.path === settingsPath) return (await readAsSettings(bytes)).problems.map((one) => findingOf(item.path, one));
  if (!modePath.test(item.path)) return [];
  const problems: Problem[] = [];
  await parseMode(bytes.toString('utf8'), noteIn(problems, item.path));
  return problems.map((one) => findingOf(item.path, one));
}

/** Parses the bytes as a reviewed project file, without this machine's settings. */
function readAsSettings(bytes: Buffer): Promise<LoadedSettings> {
  const project = { projectFile: settingsPath, projectText: bytes.toString('utf8'), projectIsTrusted: true };
  return loadSettings({ userFile: '', ...project, vars: {} });
}

function findingOf(path: string, { line, code, reason }: Problem): LintFinding {
  const severity: Severity = code === 'unknown-key' ? 'warning' : 'error';
  const cure =
    code === 'user-only'
      ? 'take it out: it belongs into the settings of each user'
      : 'mend the line; `repomem settings` lists every key with what it takes';
  return { path, ...(line !== undefined && { line }), severity, code, reason, cure };
}
