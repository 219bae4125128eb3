// What a commit message says that its diff does not: a reason, a thing that was tried and taken back. Pure.
import type { ObservationType } from '../domain/types.ts';
import { firstSentence } from './statements.ts';

export interface CommitMessage {
  id: string;
  subject: string;
  body: string;
  author: string;
}

export interface CommitStatement {
  type: ObservationType;
  title: string;
  body: string;
  concepts: string[];
  /** What a revert takes back. */
  reverts?: string;
}

const bots = /\[bot\]|dependabot|renovate|greenkeeper|pre-commit-ci|github-actions|semantic-release/i;
const dull =
  /^(?:wip\b|fixup!|squash!|amend!|bump\b|update dependenc|upgrade dependenc|release\b|v?\d+\.\d+|version\b|merge (?:branch|remote|upstream|main|master|tag)|(?:chore|build|ci|style|docs?|release|tests?)(?:\([^)]*\))?!?:|(?:re)?format\b|lint\b|changelog|prepare (?:for )?release|initial commit)|re-?indent|\btypos?\b|\bwhitespace\b|\bcompil\w+ warnings?\b|(?:^|\s)-W[a-z][a-z-]+/i;
/** Work on the tests, on what a linter says, on code that nobody misses: the diff says all of it. */
const chore =
  /\b(?:redundant|unused|unnecessary|needless|obsolete|outdated|superfluous|extraneous|lint(?:er|ing)?|clippy|rustfmt|gofmt|clang-format|prettier|mypy|pyright|typeddict|for typing|type (?:hint|annotation)s?)\b|^s\/\w|\bdoc ?tests?\b|\bin (?:the )?tests\b|\bTest[A-Z]\w|^(?:add|adapt|adjust|fix|make|repair|de-?flake|stabili[sz]e|skip|disable|ignore|move|update|improve|clean ?up|refactor|rename|split|speed up)\b.*\b(?:tests|flaky test|unit test|test (?:suite|case|helper|fixture|coverage)s?|benchmarks?)\b/i;
/** A removal that nobody notices; words for a checker of types. */
const leftover =
  /^(?:remove|drop|delete)\b[^.]*\.\s.{0,60}\b(?:unused|(?:not|never|no longer) used|dead code)\b|\b(?:mypy|pyright)\b/i;
/** A title that names nothing: "Update codes". */
const mute = /^\s*(?:updat|improv|clean|refactor|misc|minor|small|some|various|tweak|fix|chang)\w*(?:\s+[a-z]+)?\s*$/i;
const trailer =
  /^(?:(?:fix(?:es|ed)?|close[sd]?|updates?|for|resolves?):? (?:\S*#\d+|https?:\/\/\S+)\W*$|[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)+:\s|(?:[A-Z][A-Za-z]*(?:[- ][A-Za-z]+){0,2}[- ]by|fix(?:es|ed)?|close[sd]?|refs?|related(?: to)?|see(?: also)?|issue|pr-url|reviewed-on|change-id|cc|ref|link|signed-off-by|backport|cherry[- ]picked|part of|ticket|reported|approved|differential revision|test plan|closes|resolves|bug|release note|git-svn-id)\s*[:#])/i;
/** The tool's own words, a name, an address: nobody's knowledge. */
const address = /<?[\w.+-]+@[\w-]+\.[\w.]+>?/g;
const reason =
  /\b(?:because|since (?!v?\d)|so that|instead of|rather than|otherwise|due to|caused by|the (?:cause|reason|problem) (?:is|was)|which (?:caused|broke|meant|leads? to)|led to|in order to|to avoid|to prevent|turned out|does(?:n't| not) work|would (?:have |otherwise )?(?:fail|break|lose|leak|crash|hang|block|be lost)|were lost|was lost|blocked|race|deadlock|as a result|no longer|not possible|cannot|can't be)\b|\bBREAKING CHANGE:/i;

/** Undefined where the message holds nothing that lasts. */
export function readCommit({ subject, body, author }: CommitMessage): CommitStatement | undefined {
  if (bots.test(author) || bots.test(body)) return undefined;
  const revert = /^Revert "(.*)"\.?(?:\s*\(#\d+\))?$/.exec(subject)?.[1] ?? /^revert:\s*(.+)$/i.exec(subject)?.[1];
  if (revert !== undefined) return readRevert(revert, body);
  const prose = proseOf(body);
  const merged = /^Merge (?:pull request #\d+\b|(?:branch|merge request)\b.*See merge request)/.test(subject);
  // The title that GitHub gives to a mended security hole names nothing.
  const isNameless = /^Merge commit from fork$/i.test(subject);
  const said = paragraphsOf(merged ? prose.slice(1) : prose);
  const head = merged ? (prose[0] ?? '') : isNameless ? firstSentence(said[0] ?? '').first : subject;
  const { title } = plainSubject(head);
  if (head === '' || dull.test(head) || dull.test(title) || mute.test(title) || chore.test(title)) return undefined;
  const whole = said.join('\n\n');
  if (leftover.test(`${title}. ${whole}`)) return undefined;
  const lines = prose.filter((line) => line.trim() !== '');
  const items = lines.filter((line) => /^\s*[*-]\s/.test(line));
  const isList = items.join('').length * 2 >= lines.join('').length;
  if (items.length > 1 && isRevising(items, whole)) return undefined;
  if (items.length > 1 && isList) return squashed(head, items);
  if (whole.length < 60 || sentencesOf(whole).length < 2 || !reason.test(whole)) return undefined;
  return statement(head, said);
}

/** Of a squash's list of its commits, steps of the work, those that state something and say why. */
function squashed(head: string, items: readonly string[]): CommitStatement | undefined {
  const step =
    /^(?:\w+(?:ed|ing)|add|avoid|change|check|clean|do|don't|drop|fix|make|remove|rename|set|try|update|use)\b/i;
  const said = items.map((item) => item.replace(/^\s*[*-]\s+/, '').trim());
  // Longer than the subject of a commit.
  const why = /\b(?:because|since (?!v?\d)|so that|otherwise|due to)\b/i;
  const telling = said.filter((item) => item.length > 72 && why.test(item) && !step.test(item) && !dull.test(item));
  return telling.length === 0 ? undefined : statement(head, telling);
}

/** Taken back since it was never meant to be there: nothing was learned of it. */
const slip =
  /\b(?:accident(?:al|ally)?|by mistake|mistakenly|without reali[sz]ing|already (?:been )?(?:fixed|merged|done|in)|wrong branch|should not (?:be )?(?:include|merge)d?)\b/i;

function readRevert(what: string, body: string): CommitStatement | undefined {
  const lines = proseOf(body).filter((line) => !/^(?:This|That) reverts commit [0-9a-f]+/i.test(line));
  const said = paragraphsOf(lines);
  const whole = said.join('\n\n');
  if (whole.length < 45 || bots.test(what) || slip.test(whole)) return undefined;
  const title = plainSubject(what).title;
  const hash = /reverts commit ([0-9a-f]{7,64})/i.exec(body)?.[1];
  return {
    type: 'dead-end',
    title: `Tried and taken back: ${title}`,
    body: whole,
    concepts: plainSubject(what).scope,
    ...(hash !== undefined && { reverts: hash }),
  };
}

function statement(head: string, said: readonly string[]): CommitStatement {
  const { title, kind, scope, isBreaking } = plainSubject(head);
  const whole = said.join('\n\n');
  return {
    type: typeOf(kind, title, whole, isBreaking),
    title: kind === '' ? withScope(title, scope) : title,
    body: whole,
    concepts: scope,
  };
}

const faultWords =
  /\b(?:crash(?:e[sd])?|leak(?:s|ed)?|fail(?:s|ed|ure)?|wrong(?:ly)?|broke|bug|race|deadlock|hangs?|incorrect(?:ly)?|undefined behaviou?r|overflow|lost|segfault)\b/i;

function typeOf(kind: string, title: string, whole: string, isBreaking: boolean): ObservationType {
  if (isBreaking) return 'decision';
  if (kind === 'fix' || kind === 'bugfix' || kind === 'hotfix') return 'bugfix';
  if (kind === 'feat' || kind === 'feature') return 'feature';
  if (kind === 'perf') return /\b(?:instead of|rather than|index|cache)\b/i.test(whole) ? 'decision' : 'bugfix';
  if (kind === 'refactor') return 'refactor';
  if (
    /^(?:fix(?:e[sd])?|repair|correct|handle|avoid|prevent|don['’]?t|do not|stop|ensure|make sure|work ?around)\b/i.test(
      title,
    )
  )
    return 'bugfix';
  if (/^(?:revert|remove|drop|delete)\b/i.test(title)) return 'decision';
  if (/^(?:refactor|rename|move|extract|split|clean|simplif|prep)/i.test(title))
    return /\b(?:because|instead of|own release|so that)\b/i.test(whole) ? 'decision' : 'refactor';
  if (/^(?:add|introduce|implement|support|allow|enable|rotate)\b|^(?!.*\bnot\b).*\b(?:support|api)\b/i.test(title))
    return 'feature';
  // What follows the beginning tells of other faults, too.
  if (faultWords.test(`${title}. ${whole.slice(0, 200)}`)) return 'bugfix';
  return /\b(?:instead of|rather than|decided)\b/i.test(`${title} ${whole.split('\n')[0]}`) ? 'decision' : 'change';
}

/** A part of the code before a colon: "Add support" alone says not of what. */
function withScope(title: string, [scope]: readonly string[]): string {
  return scope === undefined || title.toLowerCase().includes(scope) ? title : `${scope}: ${title}`;
}

function plainSubject(subject: string): { title: string; kind: string; scope: string[]; isBreaking: boolean } {
  const match = /^(\w+)(?:\(([^)]+)\))?(!)?:\s*(.+)$/.exec(subject);
  const isKind =
    match !== null &&
    /^(?:feat|feature|fix|bugfix|hotfix|perf|refactor|revert|test|chore|docs?|build|ci|style)$/i.test(match[1] ?? '');
  // `unix,fs: handle x`: a part of the code before the colon.
  const part = isKind ? null : /^([\w.,/-]{2,30}(?:\([^)]{1,30}\))?):\s+(\S.*)$/.exec(subject);
  const bare = (isKind ? match[4]! : (part?.[2] ?? subject))
    .replace(/\s*\((?:#|!)\d+\)\s*$/, '')
    .replace(/\.$/, '')
    .trim();
  const named = isKind ? match[2] : part?.[1];
  return {
    title: bare.charAt(0).toUpperCase() + bare.slice(1),
    kind: isKind ? match[1]!.toLowerCase() : '',
    scope: named === undefined ? [] : [named.trim().toLowerCase()],
    isBreaking: isKind && match[3] === '!',
  };
}

/** A shorter line ends where its writer ended it. */
const wrappedMinChars = 60;

/** Lines without trailers, quotations, tables, addresses and templates' comments. */
function proseOf(body: string): string[] {
  const lines = withoutTrailers(
    body
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/\r/g, '')
      .trimEnd(),
  ).split('\n');
  return dropLines(
    lines,
    (line) => trailer.test(line.trim()) || /^\s*(?:---+|[>|]|\*\[View all comments\])/.test(line),
  ).map((line) => line.replace(address, '').trimEnd());
}

/** With what an editor wrapped of a dropped line onto the next ones. */
function dropLines(lines: readonly string[], isDropped: (line: string) => boolean): string[] {
  let isWrapped = false;
  return lines.filter((line) => {
    const isTail = isWrapped && line.trim() !== '' && !/^\s*(?:[-*]|\d+\.)\s/.test(line);
    const goes = isTail || isDropped(line);
    isWrapped = goes && line.length >= wrappedMinChars;
    return !goes;
  });
}

/** A last block of `Token: value` alone is trailers: they name people and tools. */
function withoutTrailers(body: string): string {
  const start = body.lastIndexOf('\n\n') + 1;
  const block = body.slice(start).trim().split('\n');
  const isTrailers =
    block.length > 1 && block.every((line) => /^[A-Z][A-Za-z]*(?:-[A-Za-z]+)*: \S|^\(cherry picked/.test(line));
  return isTrailers ? body.slice(0, start) : body;
}

/** Paragraphs that are prose, each one line; stack traces, tables, code and bare lists of files are none. */
function paragraphsOf(lines: readonly string[]): string[] {
  const text = lines.join('\n').replace(/```[\s\S]*?(?:```|$)/g, '');
  return text
    .split(/\n\s*\n/)
    .map((paragraph) =>
      paragraph
        .split('\n')
        .filter((line) => !/^\s*(?:at \S+ \(|[+-]{3}|@@|#{1,6}\s|\$\s)/.test(line) && !/^ {4,}\S/.test(line))
        .join(' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((paragraph) => paragraph.length > 20 && /[a-z]{3,} [a-z]{2,}/i.test(paragraph) && !isStep(paragraph));
}

/** A later commit of a squash takes back or moves what an earlier one did: which of them holds, the text does not tell. */
function isRevising(items: readonly string[], whole: string): boolean {
  const [, ...later] = items.filter((item) => item.startsWith('* '));
  const step =
    /\b(?:per (?:review|feedback)|mov(?:e|ing)\b|revert|rework|replac|restor|simplif|renam|undo|alternat|approach)/i;
  return (
    later.some((item) => step.test(item)) ||
    /\bInstead of \w+ing\b|\bprevious (?:approach|commit|attempt)\b/.test(whole)
  );
}

/** The subject of one commit of a squash. */
function isStep(paragraph: string): boolean {
  return /^[*-]\s/.test(paragraph) && paragraph.length < 100 && !reason.test(paragraph);
}

function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?:;])\s+|\n+|,\s+(?:because|so that|since)\b/)
    .filter((sentence) => sentence.trim().length > 12);
}
