// The gate: what must not be committed or merged, with file, line, reason and cure. It changes nothing unless it is asked to mend.
import { RepomemError } from '../domain/errors.ts';
import { idOfName } from '../domain/id.ts';
import { findMergeBase, resolveCommit } from '../git/commits.ts';
import { isShallow, listIdsEver, listMemoryTree, readSized } from '../git/memory-tree.ts';
import { listRecordFiles } from '../store/list.ts';
import { blobId } from '../store/blob.ts';
import { isRecordPath, sortFindings, type AllowedPassage, type LintFinding, type LintItem } from './lint-finding.ts';
import { fixItems } from './lint-fix.ts';
import { checkRecord, type LintUniverse } from './lint-record.ts';
import { checkObeyed, readAsSettings, settingsPath } from './lint-settings.ts';
import { fromFiles, fromIndex, fromRange, fromWorktree, type Source } from './lint-sources.ts';
import { checkText, type TextRules } from './lint-text.ts';
import type { Memory } from './open.ts';
import { readKnownValues } from './redactor.ts';

export type LintScope =
  | { kind: 'worktree' }
  | { kind: 'files'; names: readonly string[] }
  | { kind: 'staged'; isInsideHook: boolean }
  /** `base` is where the two histories part; full ids. */
  | { kind: 'range'; base: string; head: string };

export interface LintReport {
  scope: LintScope['kind'];
  /** Files that were looked at. */
  checked: number;
  /** Errors first. */
  findings: LintFinding[];
  allowed: AllowedPassage[];
  /** Paths that --fix wrote. */
  fixed: string[];
}

/** RepomemError `usage` when --fix is asked of what is no file, `not-found` for unknown commits and files. */
export async function lintMemory(memory: Memory, scope: LintScope, isFixing = false): Promise<LintReport> {
  if (isFixing && (scope.kind === 'staged' || scope.kind === 'range'))
    throw new RepomemError('usage', 'lint --fix mends files of the working tree', {
      hint: 'run repomem lint --fix, then stage what it wrote',
    });
  const fixed = isFixing ? fixItems(memory, readSource(memory, scope).items) : [];
  const source = readSource(memory, scope);
  const base = baseOf(memory, scope);
  const universe = readUniverse(memory, source, base);
  const rules = await readRules(memory, scope);
  const findings: LintFinding[] = [];
  const allowed: AllowedPassage[] = [];
  for (const item of source.items) {
    const found = await checkItem(item, source.all.get(item.path) ?? blobOf(memory, item), universe, rules);
    findings.push(...found.findings);
    allowed.push(...found.allowed);
  }
  for (const item of source.past) {
    const text = item.bytes?.toString('utf8');
    if (text === undefined) continue;
    findings.push(...checkText(item, text, [], rules).findings);
  }
  if (scope.kind === 'worktree') findings.push(...trackedLocal(memory));
  return { scope: scope.kind, checked: source.items.length, findings: sortFindings(findings), allowed, fixed };
}

/** `BASE..HEAD`, `BASE...HEAD` or `BASE`, as the commits whose difference a reviewer sees; undefined for words that name no commits. */
export function parseRange(memory: Memory, words: string): { base: string; head: string } | undefined {
  const match = /^(.*?)\.{2,3}(.*)$/.exec(words);
  if (!match) return undefined;
  const options = { env: memory.env.vars };
  const [from, to] = [match[1] || 'HEAD', match[2] || 'HEAD'];
  const head = resolveCommit(memory.place, to, options);
  return { base: forkOf(memory, resolveCommit(memory.place, from, options), head), head };
}

/** Where `head` left the other history. RepomemError `git` where that cannot be known, as in a shallow clone. */
export function forkOf({ place, env }: Memory, base: string, head: string): string {
  const fork = findMergeBase(place, base, head, { env: env.vars });
  if (fork !== undefined) return fork;
  const names = `${base.slice(0, 8)} and ${head.slice(0, 8)}`;
  if (isShallow(place, { env: env.vars }))
    throw new RepomemError('git', `${names}: this clone is shallow and does not reach where they part`, {
      hint: 'fetch more: git fetch --unshallow; in GitHub Actions fetch-depth: 0, in GitLab CI GIT_DEPTH: 0',
    });
  throw new RepomemError('git', `${names}: expected a common history; found none`);
}

function readSource(memory: Memory, scope: LintScope): Source {
  if (scope.kind === 'files') return fromFiles(memory, scope.names);
  if (scope.kind === 'staged') return fromIndex(memory, scope.isInsideHook);
  if (scope.kind === 'range') return fromRange(memory, scope.base, scope.head);
  return fromWorktree(memory);
}

/** What counts as reviewed: where HEAD left the default branch, or where the range begins. */
function baseOf({ place, env, snapshot }: Memory, scope: LintScope): string | undefined {
  if (scope.kind === 'range') return scope.base;
  const { defaultRef, head } = snapshot;
  if (defaultRef === undefined || head === undefined) return undefined;
  return findMergeBase(place, defaultRef, head, { env: env.vars });
}

function readUniverse(memory: Memory, source: Source, base: string | undefined): LintUniverse {
  const options = { env: memory.env.vars };
  const shared = new Map<string, string[]>();
  for (const path of source.all.keys())
    if (isRecordPath(path)) shared.set(idIn(path), [...(shared.get(idIn(path)) ?? []), path]);
  const local = new Set(
    listRecordFiles(memory.place)
      .files.filter(({ tier }) => tier === 'local')
      .map(({ path }) => idIn(path)),
  );
  const tree = base === undefined ? [] : [...listMemoryTree(memory.place, base, options).values()];
  const reviewed = new Map(tree.filter(({ path }) => isRecordPath(path)).map(({ path, blob }) => [path, blob]));
  let ever: Set<string> | undefined;
  return {
    shared,
    local,
    reviewed,
    reviewedIds: new Map([...reviewed.keys()].map((path) => [idIn(path), path])),
    wasEver: (id) => (ever ??= listIdsEver(memory.place, options)).has(id),
    isShallow: isShallow(memory.place, options),
  };
}

/** Of a range, the settings at its beginning: what it brings itself allows nothing before it is reviewed. */
async function readRules(memory: Memory, scope: LintScope): Promise<TextRules> {
  const { place, env, settings } = memory;
  const allow = new Map(settings.redact.allow.map(({ fingerprint, reason }) => [fingerprint, reason]));
  if (scope.kind === 'range') {
    const blob = listMemoryTree(place, scope.base, { env: env.vars }).get(settingsPath)?.blob;
    const bytes =
      blob === undefined ? undefined : readSized(place, [blob], 64 * 1024, { env: env.vars }).bytes.get(blob);
    const before = bytes ? (await readAsSettings(bytes)).settings.redact.allow : [];
    for (const { fingerprint, reason } of before) allow.set(fingerprint, reason);
  }
  return { allow, knownValues: readKnownValues(memory) };
}

interface ItemFindings {
  findings: LintFinding[];
  allowed: AllowedPassage[];
}

async function checkItem(
  item: LintItem,
  blob: string,
  universe: LintUniverse,
  rules: TextRules,
): Promise<ItemFindings> {
  const refused = refuseKind(item);
  if (refused) return { findings: [refused], allowed: [] };
  const findings: LintFinding[] = [];
  let text: string | undefined;
  let decoded: string[] = [];
  if (isRecordPath(item.path)) {
    const checked = checkRecord(item, blob, universe);
    findings.push(...checked.findings);
    text = checked.text;
    const { record } = checked;
    if (record)
      decoded = [
        record.title,
        record.description,
        record.body,
        ...record.facts,
        ...record.aliases,
        ...record.concepts,
        ...stringsIn(record.extra),
      ];
  } else {
    text = item.bytes?.toString('utf8');
    if (text === undefined)
      findings.push({
        path: item.path,
        severity: 'error',
        code: item.size > 0 ? 'too-big' : 'unreadable',
        reason: item.size > 0 ? `${item.size} bytes; not searched for secrets` : 'its content cannot be had',
        cure: 'keep it out of the memory folder',
      });
    findings.push(...(await checkObeyed(item)));
  }
  if (text === undefined) return { findings, allowed: [] };
  const said = checkText(item, text, decoded, rules);
  // Settings, modes and the README are written by people for people: commands and comments are at home there.
  const isRead = isRecordPath(item.path) || item.path.startsWith('.claude-mem/modes/');
  const kept = isRead ? said.findings : said.findings.filter(({ code }) => code === 'secret' || code === 'private');
  return { findings: [...findings, ...kept], allowed: said.allowed };
}

function refuseKind(item: LintItem): LintFinding | undefined {
  const { path, kind } = item;
  if (path.startsWith('.claude-mem/local/'))
    return {
      path,
      severity: 'error',
      code: 'tracked-local',
      reason: 'git has a file of the local folder, which is for one machine alone',
      cure: `git rm --cached ${path}`,
    };
  if (kind === 'file') return undefined;
  const what = kind === 'link' ? 'a symbolic link' : kind === 'submodule' ? 'a submodule' : 'no regular file';
  return {
    path,
    severity: 'error',
    code: kind === 'link' ? 'link' : 'not-a-file',
    reason: `${what}; expected a regular file; it is not read`,
    cure: 'delete it, or put the file itself there',
  };
}

/** In a linked worktree they stand elsewhere: the snapshot knows. */
function trackedLocal({ snapshot }: Memory): LintFinding[] {
  return [...snapshot.trackedLocal].flatMap(
    (name) => refuseKind({ path: `.claude-mem/local/${name}`, kind: 'file', size: 0 }) ?? [],
  );
}

function stringsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 20) return [];
  return Object.values(value).flatMap((one) => stringsIn(one, depth + 1));
}

function blobOf({ snapshot }: Memory, item: LintItem): string {
  return item.bytes ? blobId(item.bytes, snapshot.objectFormat) : '';
}

function idIn(path: string): string {
  return idOfName(path.slice(path.lastIndexOf('/') + 1));
}
