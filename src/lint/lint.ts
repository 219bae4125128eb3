// The check before commit and merge: findings with file, line, reason and fix. Changes files only with --fix.
import { join } from 'node:path';
import { isAmong } from '../git/state/snapshot.ts';
import { judgeTrust, repositoryPath } from '../git/state/judge-trust.ts';
import { appendLedger } from '../git/state/ledger.ts';
import { removeInvisible } from '../privacy/invisible.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { blobId } from '../store/blob.ts';
import { type AllowedPassage, type LintFinding, type LintItem, sortFindings, trimLine } from './lint-finding.ts';
import { type Memory, requireRepository } from '../memory/open.ts';
import { isRecordPath } from '../store/layout.ts';
import { RepomemError } from '../domain/errors.ts';
import { redact } from '../privacy/redact.ts';
import { checkObeyed, type LintScope, readRules, readUniverse } from './reference.ts';
import { type Checked, checkRecord } from './record-checks.ts';
import { fromFiles, fromIndex, fromRange, fromWorktree, makeTreeAt, type Source, type TreeAt } from './linted-files.ts';
import { checkText } from './text.ts';
import { deadNameText, findDeadNames } from '../git/history/dead-names.ts';

export type LintReport = Awaited<ReturnType<typeof lintMemory>>;

/** Throws RepomemError `usage` when --fix is used on an index or a range, `not-found` for unknown commits and files. */
export async function lintMemory(memory: Memory, scope: LintScope, isFixing = false) {
  if (isFixing && (scope.kind === 'staged' || scope.kind === 'range'))
    throw new RepomemError('usage', 'lint --fix mends files of the working tree', {
      hint: 'run repomem lint --fix, then stage what it wrote',
    });
  if (scope.kind === 'staged' || scope.kind === 'range') requireRepository(memory);
  const treeAt = makeTreeAt(memory);
  const fixed = isFixing ? fixItems(memory, readSource(memory, scope, treeAt).items) : [];
  const source = readSource(memory, scope, treeAt);
  const universe = readUniverse(memory, source, scope, treeAt);
  const rules = await readRules(memory, scope, treeAt);
  const findings: LintFinding[] = [];
  const allowed: AllowedPassage[] = [];
  /** Path → the record's texts. */
  const told = new Map<string, string>();
  for (const item of source.items) {
    const blob = source.all.get(item.path) ?? '';
    const refused = refuseKind(item);
    const isRecord = isRecordPath(item.path);
    const checked: Checked = refused
      ? { findings: [refused] }
      : isRecord
        ? await checkRecord(item, blob, universe)
        : await checkOther(item);
    findings.push(...checked.findings);
    if (checked.text === undefined) continue;
    const { title, description, body, facts, aliases, concepts, extra } = checked.record ?? {};
    const decoded = stringsIn([title, description, body, facts, aliases, concepts, extra]);
    const said = checkText(item, checked.text, decoded, rules);
    // Settings, modes and the README are written by people for people, so commands and comments are normal there.
    const isRead = isRecord || item.path.startsWith('.claude-mem/modes/');
    findings.push(...said.findings.filter(({ code }) => isRead || code === 'secret' || code === 'private'));
    allowed.push(...said.allowed);
    if (checked.record) told.set(item.path, decoded.join('\n'));
  }
  const head = scope.kind === 'range' ? scope.head : memory.snapshot.head;
  for (const [path, names] of findDeadNames(memory.paths, told, head))
    for (const name of names)
      findings.push({
        path,
        severity: 'notice',
        code: 'dead-name',
        reason: `names ${deadNameText(name)}`,
        cure: 'leave it where history is told; else name what stands for it now',
      });
  for (const item of source.past)
    if (item.bytes) findings.push(...checkText(item, item.bytes.toString('utf8'), [], rules).findings);
  // Local files that were added by force.
  const { index, memoryPrefix } = memory.snapshot;
  if (scope.kind === 'worktree')
    for (const path of index.keys())
      if (path.startsWith(`${memoryPrefix}local/`))
        findings.push(refuseKind({ path: `.claude-mem/${path.slice(memoryPrefix.length)}`, kind: 'file' })!);
  const { knownValues } = rules;
  const hide = (text: string): string => redact(text, { knownValues }).text;
  // A reason may quote a value, and a path may contain one. A cure with a fingerprint would be taken for a key.
  const said = findings.map(({ path, reason, cure, ...rest }) => ({
    ...rest,
    path: hide(path),
    reason: hide(reason),
    cure: rest.fingerprint === undefined ? hide(cure) : cure,
  }));
  // `checked`: number of files; `findings`: errors first; `fixed`: paths that --fix wrote.
  return { scope: scope.kind, checked: source.items.length, findings: sortFindings(said), allowed, fixed };
}

function readSource(memory: Memory, scope: LintScope, treeAt: TreeAt): Source {
  if (scope.kind === 'files') return fromFiles(memory, scope.names);
  if (scope.kind === 'staged') return fromIndex(memory, treeAt, scope.isInsideHook);
  if (scope.kind === 'range') return fromRange(memory, treeAt, scope.base, scope.head);
  return fromWorktree(memory);
}

function stringsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 20) return [];
  return Object.values(value).flatMap((one) => stringsIn(one, depth + 1));
}

async function checkOther(item: LintItem): Promise<Checked> {
  const findings = await checkObeyed(item);
  if (item.bytes) return { findings, text: item.bytes.toString('utf8') };
  const [code, reason] =
    item.size > 0
      ? ['too-big', `${item.size} bytes; not searched for secrets`]
      : ['unreadable', 'its content cannot be had'];
  return { findings: [...findings, errorOf(item.path, code, reason, 'keep it out of the memory folder')] };
}

function refuseKind({ path, kind }: Pick<LintItem, 'path' | 'kind'>): LintFinding | undefined {
  if (path.startsWith('.claude-mem/local/')) {
    const reason = 'git has a file of the local folder, which is for one machine alone';
    return errorOf(path, 'tracked-local', reason, `git rm --cached ${path}`);
  }
  if (kind === 'file') return undefined;
  const what = kind === 'link' ? 'a symbolic link' : kind === 'submodule' ? 'a submodule' : 'no regular file';
  const reason = `${what}; expected a regular file; it is not read`;
  return errorOf(path, kind === 'link' ? 'link' : 'not-a-file', reason, 'delete it, or put the file itself there');
}

function errorOf(path: string, code: string, reason: string, cure: string): LintFinding {
  return { path, severity: 'error', code, reason, cure };
}

/** Returns the written paths. Committed files, and files from others, are not changed. */
function fixItems(memory: Memory, items: readonly LintItem[]): string[] {
  const { paths, snapshot, ledger, env } = memory;
  return items.flatMap((item) => {
    if (!item.bytes || item.kind !== 'file' || !isRecordPath(item.path)) return [];
    const text = item.bytes.toString('utf8');
    const plain = removeInvisible(text.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n'));
    const fixed = plain.split('\n').map(trimLine).join('\n');
    // Not UTF-8: guessing the encoding could damage it.
    if (fixed === text || !Buffer.from(text).equals(item.bytes)) return [];
    const blob = blobId(item.bytes, snapshot.objectFormat);
    const inGit = repositoryPath(item, snapshot);
    const isUncommitted = !snapshot.isRepository || isAmong(snapshot.dirty, inGit);
    if (!isUncommitted || snapshot.reviewed.has(inGit)) return [];
    if (judgeTrust({ path: item.path, tier: 'shared', blob }, snapshot, ledger) !== 'own') return [];
    const entry = ledger.byBlob.get(blob);
    if (entry)
      appendLedger(paths, [
        { ...entry, blob: blobId(Buffer.from(fixed), snapshot.objectFormat), at: env.now().toISOString() },
      ]);
    writeFileAtomic(join(paths.root, item.path), fixed, { within: paths.root });
    return [item.path];
  });
}
