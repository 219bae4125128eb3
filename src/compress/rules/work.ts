// What the work itself says, of lines that stand at the end of the session: names it defines, short lines with what they replaced,
// and commands that worked at last.
import type { Edited, NetEdit, PreparedSession, Ran, Turn } from '../session/prepared-session.ts';

const shownMaxChars = 160;
const itemMaxChars = 300;
const namesMax = 8;
export const isProse = (path: string): boolean => /\.(?:md|mdx|txt|rst|adoc)$/i.test(path);

const definition =
  /^(?:export\s+)?(?:default\s+)?(?:pub(?:\(\w+\))?\s+)?(?:(?:public|private|protected|static|abstract|final|async|unsafe)\s+)*(?:def|defp|defmacrop?|defmodule|fn|func|fun|function\*?|class|interface|trait|struct|enum|type|module|CREATE TABLE)\s+(?:\([^)]*\)\s*)?["':]?([\w.?!]+)/i;
const constant =
  /^export\s+(?:const|let)\s+([\w$]+)\s*(?::[^=]+)?=|^(?:const\s+|static\s+|final\s+)*([A-Z][A-Z0-9_]{3,})\s*(?::[^=]+)?=/;

export const code = (text: string): string => `\`${text}\``;

/** Functions, types, constants and options that the lines define. */
export function namesDefined(lines: readonly string[]): string[] {
  const found = lines.flatMap((line) => {
    const match = definition.exec(line) ?? constant.exec(line);
    const name = match?.[1] ?? match?.[2];
    return name === undefined || name.length < 3 ? [] : [name];
  });
  return [...new Set(found)].slice(0, namesMax);
}

/** Short lines of which the old text was there before the session and the new one is there after it. */
export function changesOf(edits: readonly Edited[], { added, removed }: NetEdit): string[] {
  return edits
    .flatMap(({ hunks }) => hunks)
    .map((hunk) => ({ before: hunk.removed.map(trimmed), after: hunk.added.map(trimmed) }))
    .filter(({ before, after }) => after.length > 0 && after.length <= 2 && before.length <= 2)
    .filter(({ before, after }) => isIn(before, removed) && isIn(after, added))
    .map(({ before, after }) => ({ before: before.join(' ').trim(), after: after.join(' ').trim() }))
    .filter(({ before, after }) => after.length > 12 && before.length + after.length <= shownMaxChars)
    .filter(({ before, after }) => !`${before}${after}`.includes('`'))
    .slice(0, 2)
    .map(({ before, after }) => `${before === '' ? '' : `was ${code(before)}, `}now ${code(after)}`);
}

const trimmed = (line: string): string => line.trim();
const isIn = (lines: readonly string[], all: readonly string[]): boolean =>
  lines.every((line) => line === '' || all.includes(line));

/** Commands that wrote into a file, or worked where a similar one had not. */
export function retriedIn({ steps }: Turn): string[] {
  const ran = steps.filter((step): step is Ran => step.kind === 'ran' && !step.command.includes('`'));
  return ran.flatMap(({ command, ok }, index) => {
    const written = ok ? command.match(/(?<=^|&&\s*|;\s*)(?:echo|printf)\s[^&;|]+>>\s*[\w./-]+/) : null;
    if (written !== null) return [code(written[0])];
    if (!ok || command.length > shownMaxChars || /(?:^|[\s;&|])git\s/.test(command)) return [];
    const failed = ran
      .slice(0, index)
      .findLast((other) => isLike(other.command, command) && !isMoved(other.command, command));
    const hadFailed = failed !== undefined && (!failed.ok || failed.unproven === 'interrupted');
    return hadFailed ? [`${code(command)} worked, ${code(failed.command)} had not`] : [];
  });
}

/** They differ in their folder alone, which is not told. */
const isMoved = (a: string, b: string): boolean => withoutFolder(a) === withoutFolder(b);
const withoutFolder = (command: string): string => command.replace(/(?:^|&&\s*)cd \S+ (?:&&|;)\s*/g, '');

/** The same command in another dress: one program, and most of the words. */
function isLike(a: string, b: string): boolean {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const both = left.filter((word) => right.includes(word)).length;
  const isMost = both >= 3 && both >= Math.min(left.length, right.length) * 0.7;
  return a !== b && a.length <= shownMaxChars && left[0] === right[0] && isMost;
}

/** Without redirections and filters. */
const wordsOf = (command: string): string[] => command.replace(/^cd \S+ && |\s\d?>.*$|\s\|.*$/g, '').split(/\s+/);

/** The last command that failed in a later turn, of what the turn speaks of or worked on, where nothing was done about it. */
export function failedLater(turn: Turn, { turns }: PreparedSession): string[] {
  const own = turn.steps.flatMap((step) =>
    step.kind === 'ran' ? step.command : step.kind === 'edit' ? step.path : [],
  );
  const names = compoundNames([turn.closing, ...own].join('\n'));
  const later = turns.slice(turns.indexOf(turn) + 1).flatMap(({ steps }) => steps);
  const failed = later.findLast(
    (step): step is Ran =>
      step.kind === 'ran' &&
      !step.ok &&
      step.unproven === undefined &&
      step.line !== '' &&
      step.command.length <= shownMaxChars &&
      compoundNames(step.command).some((name) => names.includes(name)),
  );
  if (failed === undefined || failed.command.includes('`')) return [];
  const isDealtWith = later
    .slice(later.indexOf(failed) + 1)
    .some(
      (step) =>
        step.kind === 'edit' ||
        (step.kind === 'ran' && step.ok && (step.command === failed.command || isLike(step.command, failed.command))),
    );
  return isDealtWith ? [] : [`failed later: ${code(failed.command)} → ${failed.line}`];
}

/** `publish_session`, `session-share`; no options. */
const compoundNames = (text: string): string[] =>
  text.match(/(?<![\p{L}\p{N}_-])[\p{L}\p{N}]+(?:[-_][\p{L}\p{N}]+)+/gu) ?? [];

/** Files that a turn or the session edited, those with the largest changes first, with the names that they gained. */
export function editedIn(session: PreparedSession, turn?: Turn): string[] {
  let item = 'Edited:';
  for (const { file, edits } of workOf(session, turn)) {
    const names = namesOf(file, edits).map(code);
    const [change] = names.length === 0 && !file.isNew ? changesOf(edits, file) : [];
    const told = names.length === 0 ? (change === undefined ? '' : ` (${change})`) : ` with ${names.join(', ')}`;
    const more = ` ${code(file.path)}${file.isNew ? ' (new)' : ''}${told};`;
    if (item.length + more.length <= itemMaxChars) item += more;
  }
  return item.endsWith(';') ? [item.slice(0, -1)] : [];
}

/** Statements of lines that a turn changed. */
export const changedIn = (session: PreparedSession, turn: Turn): string[] =>
  workOf(session, turn).flatMap(({ file, edits }) =>
    changesOf(edits, file).map((change) => `${code(file.path)} ${change.replace(/^.*?now /, 'now has ')}`),
  );

function workOf({ turns, end }: PreparedSession, turn?: Turn): { file: NetEdit; edits: Edited[] }[] {
  const steps = turn === undefined ? turns.flatMap((each) => each.steps) : turn.steps;
  return end.files
    .toSorted((a, b) => b.added.length - a.added.length)
    .map((file) => ({
      file,
      edits: steps.filter((step): step is Edited => step.kind === 'edit' && step.path === file.path),
    }))
    .filter(({ edits }) => edits.length > 0);
}

/** Of lines that stand. */
function namesOf({ path, added }: NetEdit, edits: readonly Edited[]): string[] {
  const written = edits.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.added.map(trimmed)));
  const lines = [...new Set(written)].filter((line) => line !== '' && added.includes(line));
  return path.endsWith('ignore') ? lines : isProse(path) ? [] : namesDefined(lines);
}
