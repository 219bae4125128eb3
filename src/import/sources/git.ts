// Git's own history: commits whose message says why, and what was taken back. Shared already and reviewed, so that it may be shared again.
import { RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { memoryDirName } from '../../store/locate.ts';
import { runIn } from '../../git/run/runner.ts';
import type { Ground } from '../ground.ts';
import {
  draftOf,
  emptyReading,
  skip,
  type ImportItem,
  type ItemFile,
  type Reading,
  type StatementItem,
} from '../item.ts';
import { plainSubject, readCommit, wordsOf, type CommitMessage, type CommitStatement } from '../commit-reasons.ts';
import { isEarlierDraft, isForeign, namesNotIn } from '../commit-names.ts';
import type { Source } from '../source.ts';

const commitsMax = 1_000;
const filesMax = 3;
const batch = 150;
const limits = { timeoutMs: 60_000, maxBytes: 256 * 1024 * 1024 };
/** Two commits whose bodies begin with so many same characters tell one thing. */
const sameChars = 100;
/** Of the added lines of a hunk. */
const hunkMaxLines = 40;
/** Beside the code: cited where nothing else was changed. */
const sideFile = /(?:^|\/)(?:tests?|__tests__|docs?|spec)\/|\.(?:md|lock|snap)$|lock\.(?:json|yaml)$|CHANGELOG/i;

/** Megabytes that a tool writes. */
const translation = /\.(?:po|pot|xliff?)$/;

/** Tests, benchmarks, documentation, CI. */
const supportingFile =
  /(?:^|\/)(?:(?:[^/]*[ ._-])?(?:unit)?test(?:s|ing|data)?(?:[ ._-][^/]*)?|t|regress|specs?|e2e|docs?|bench(?:mark|suite)?s?|\.github|ci)\/|(?:^|\/)test_[^/]+$|[._-](?:test|spec)s?\.\w+$|\.(?:md|rst|adoc|scd|txt|lock|sum|[1-8])$|lock\.(?:json|yaml)$|(?:^|\/)\.[^/]*(?:ignore|mailmap|yml|yaml)$/i;

interface Commit extends CommitMessage {
  /** ISO 8601. */
  at: string;
}

interface Told {
  commit: Commit;
  said: CommitStatement | undefined;
}

export const source: Source = {
  async find(ground) {
    if (ground.memory.paths.worktree === undefined || ground.memory.snapshot.head === undefined) return undefined;
    const { items } = read(ground, undefined, false);
    return { count: items.length, unit: `commits with a reason, of the last ${commitsMax}` };
  },
  read: async (ground, { since }) => read(ground, since, true),
};

function read(ground: Ground, since: string | undefined, withFiles: boolean): Reading {
  const { paths } = ground.memory;
  if (paths.worktree === undefined)
    throw new RepomemError('no-repository', `${paths.root}: expected a git repository; found none`);
  const reading = emptyReading();
  if (ground.from !== undefined)
    throw new RepomemError('usage', 'import git: takes no --from; it reads the repository at hand');
  const format = '--format=%x01%H%x02%ct%x02%an <%ae>%x02%s%x02%b%x03';
  const young = since === undefined ? [] : [`--since=${since}`];
  const args = ['log', `--max-count=${commitsMax}`, '--no-color', format, ...young, 'HEAD', '--'];
  const run = runIn(paths, args, limits);
  if (!run.ok) throw new RepomemError('git', `git log: ${run.stderr.trim().split('\n')[0] ?? ''}`);
  const commits = run.stdout.split('\x01').slice(1).map(parse);
  const told = commits.map((commit) => ({ commit, said: readCommit(commit) }));
  const takenBack = commits.flatMap(({ body }) => revertedBy(body));
  const named = commits.flatMap(({ body }) => namedIn(body));
  const names = new Set<string>();
  for (const [index, { commit, said }] of told.entries()) {
    const later = commits.slice(0, index);
    if (said === undefined) skip(reading, 'commits without a reason');
    else if (takenBack.some((id) => commit.id.startsWith(id)) || isReverted(commit, later))
      skip(reading, 'commits that were taken back');
    else if (named.some((id) => commit.id.startsWith(id))) skip(reading, 'commits that a later one corrects');
    else if (said.type === 'dead-end' && isBack(said.title, later)) skip(reading, 'reverts of what came back');
    else if ([said.title, said.body.slice(0, sameChars)].some((name) => names.has(name)))
      skip(reading, 'commits that a merge tells again');
    else {
      names.add(said.title).add(said.body.slice(0, sameChars));
      reading.items.push(itemOf(commit, said));
    }
  }
  if (withFiles) {
    const { foreign, unmentioned } = addFiles(paths, reading.items, told);
    const wanted = [...new Set([...unmentioned.values()].flat())];
    const code = wanted.length === 0 ? undefined : codeWith(paths, wanted);
    reading.items = reading.items.filter((item) => {
      if (item.kind !== 'statement') return true;
      if (isOfSupportingFiles(item)) skip(reading, 'commits of tests or documentation alone');
      else if (foreign.has(item)) skip(reading, 'commits whose message names nothing of what they change');
      else if (code !== undefined && isEarlierDraft(unmentioned.get(item) ?? [], code))
        skip(reading, 'commits that name what neither they nor the code has');
      else return true;
      return false;
    });
  }
  if (commits.length > 0)
    reading.notes.push(
      `${reading.items.length} of ${commits.length} commits say why (${Math.round((reading.items.length / commits.length) * 100)} %)`,
    );
  return reading;
}

/** Also of one that takes several back, or a part. */
function revertedBy(body: string): string[] {
  return [...body.matchAll(/\b(?:revert(?:s|ed|ing)?|backs? out|undo(?:es)?)\b[^.]{0,40}?\b([0-9a-f]{7,64})\b/gi)].map(
    (match) => match[1]!,
  );
}

/** A commit names an earlier one mostly to correct it; not where it follows up, or points to a file of that time. */
function namedIn(body: string): string[] {
  const said = body.replace(/^(?:follow-?up|see|refs?|\(?cherry[- ]picked)\b.*$/gim, '');
  return [...said.matchAll(/(?<![/\w-])(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b/g)].map(([id]) => id);
}

/** By its name, or by the number of its pull request. */
function isReverted({ subject }: Commit, later: readonly Commit[]): boolean {
  const { title } = plainSubject(subject);
  const number = /\(#(\d+)\)$|^Merge pull request #(\d+)\b/.exec(subject)?.slice(1).find(Boolean);
  return later.some((one) => {
    const what = /^revert(?::\s*|\s+")(.*?)"?(?:\s*\(#\d+\))?$/i.exec(one.subject)?.[1];
    if (what === undefined) return false;
    const said = new RegExp(`\\brevert\\w*\\b[^]{0,160}(?:#|pull/)${number}\\b`, 'i');
    return plainSubject(what).title === title || (number !== undefined && said.test(one.body));
  });
}

/** One of the later commits brings what a revert took away, by its title. */
function isBack(title: string, later: readonly Commit[]): boolean {
  const words = wordsOf(title.replace(/^Tried and taken back: /, ''));
  return later.some(({ subject }) => {
    if (/^revert\b/i.test(subject)) return /^revert "revert\b/i.test(subject) && hasMost(words, subject);
    return hasMost(words, plainSubject(subject).title.replace(/\bre-(?=\w)/gi, ''));
  });
}

function hasMost(words: readonly string[], title: string): boolean {
  const found = wordsOf(title).map((word) => word.slice(0, 4));
  return words.filter((word) => found.includes(word.slice(0, 4))).length >= words.length * 0.75;
}

function parse(text: string): Commit {
  const end = text.indexOf('\x03');
  const [id = '', seconds = '0', author = '', subject = '', body = ''] = text.slice(0, end).split('\x02');
  return { id, at: new Date(Number(seconds) * 1000).toISOString(), author, subject, body };
}

/**
 * What the commits changed, a few at a time: a diff may be large. A revert that leaves no file cites those of the commit that it took back. Returns
 * those whose message is another change's, and of each message the names that its diff does not mention.
 */
function addFiles(
  paths: MemoryPaths,
  items: readonly ImportItem[],
  told: readonly Told[],
): { foreign: Set<ImportItem>; unmentioned: Map<ImportItem, string[]> } {
  const foreign = new Set<ImportItem>();
  const unmentioned = new Map<ImportItem, string[]>();
  const undone = new Map(
    told.flatMap(({ commit, said }): [string, string][] => {
      const [undid] = said?.type === 'dead-end' ? revertedBy(commit.body) : [];
      const other = undid === undefined ? undefined : told.find((one) => one.commit.id.startsWith(undid));
      return other === undefined ? [] : [[commit.id, other.commit.id]];
    }),
  );
  const args = ['log', '--no-walk=unsorted', '--stdin', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames'];
  const shape = ['-U0', '-p', '--full-index', '--diff-merges=first-parent', '--format=%x01%H%x03', '--'];
  for (let from = 0; from < items.length; from += batch) {
    const statements = items.slice(from, from + batch).filter((item) => item.kind === 'statement');
    const ids = statements.flatMap(({ commit = '' }) => [commit, undone.get(commit) ?? commit]);
    const stdin = `${[...new Set(ids)].join('\n')}\n`;
    const { stdout } = runIn(paths, [...args, ...shape], { ...limits, stdin });
    const diffs = new Map(
      stdout
        .split('\x01')
        .slice(1)
        .map((text): [string, string] => {
          const end = text.indexOf('\x03');
          return [text.slice(0, end), text.slice(end + 1)];
        }),
    );
    const filesIn = (commit = ''): ItemFile[] => filesOf(diffs.get(commit) ?? '');
    for (const item of statements) {
      const own = filesIn(item.commit);
      // What was taken back is cited as it stands after the revert.
      item.files =
        own.length > 0 ? own : filesIn(undone.get(item.commit ?? '')).map(({ blob: _gone, ...file }) => file);
      if (item.draft.type === 'dead-end') continue;
      const diff = diffs.get(item.commit ?? '') ?? '';
      const message = `${item.draft.title}\n${item.draft.body}`;
      if (isForeign(message, diff)) foreign.add(item);
      unmentioned.set(item, namesNotIn(message, diff));
    }
  }
  return { foreign, unmentioned };
}

/** As much of the code as holds one of the names; undefined where git cannot tell. */
function codeWith(paths: MemoryPaths, names: readonly string[]): string | undefined {
  const args = ['grep', '-h', '-o', '-i', '-I', '-E', '-f', '-'];
  const found = runIn(paths, args, { ...limits, stdin: names.join('|') });
  // 1: no match.
  return found.ok || found.code === 1 ? found.stdout : undefined;
}

/** The largest hunks of at most three files; of a file that went its name. */
function filesOf(diff: string): ItemFile[] {
  const files = diff
    .split(/^diff --git /m)
    .slice(1)
    .flatMap((part) => {
      const path = /^\+\+\+ b\/(.+?)\t?$/m.exec(part)?.[1];
      const isNone = path === undefined || path.startsWith('"') || translation.test(path);
      if (isNone || path.startsWith(`${memoryDirName}/`)) return [];
      const hunks = [...part.matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm)].map((match) => ({
        first: Number(match[1]),
        count: Number(match[2] ?? 1),
      }));
      const blob = /^index [0-9a-f]+\.\.([0-9a-f]+)/m.exec(part)?.[1];
      const largest = hunks.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)[0];
      return [{ path, ...(largest && { largest }), ...(blob !== undefined && { blob }) }];
    });
  return files
    .sort(
      (a, b) =>
        Number(sideFile.test(a.path)) - Number(sideFile.test(b.path)) ||
        (b.largest?.count ?? 0) - (a.largest?.count ?? 0),
    )
    .slice(0, filesMax)
    .map(({ path, largest, blob }) => ({
      path,
      ...(blob !== undefined && { blob }),
      ...(largest && {
        lines: [largest.first, largest.first + Math.min(largest.count, hunkMaxLines) - 1] as [number, number],
      }),
    }));
}

/** How a test or a page was mended is of use to few. */
function isOfSupportingFiles({ files }: StatementItem): boolean {
  return files.length > 0 && files.every(({ path }) => supportingFile.test(path));
}

function itemOf(commit: Commit, said: CommitStatement): StatementItem {
  return {
    kind: 'statement',
    from: `git:${commit.id}`,
    at: commit.at,
    commit: commit.id,
    draft: draftOf({
      type: said.type,
      title: said.title,
      body: said.body,
      concepts: said.concepts,
      // The words of a pull request are older than its review.
      confidence: /\(#\d+\)$/.test(commit.subject) ? 0.6 : 0.8,
      importance: Math.min(1, 0.4 + said.body.length / 2000),
    }),
    files: [],
    isReviewed: true,
    needsStanding: said.type !== 'dead-end',
  };
}
