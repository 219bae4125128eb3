// What the work itself says, of lines that stand at the end of the session: names it defines, short lines with what they replaced, and
// results of commands.
import type { Edited, NetEdit, PreparedSession, Ran, Turn } from '../session/prepared-session.ts';
import type { Line } from './sentences.ts';

const shownMaxChars = 160;
const namesMax = 8;
export const isProse = (path: string): boolean => /\.(?:md|mdx|txt|rst|adoc)$/i.test(path);
const untold = /(?:^|\/)(?:LICEN[CS]E\b.*|[\w-]+\.lock|package-lock\.json|pnpm-lock\.yaml|.*\.min\.\w+|.*\.snap)$/;
const isTest = (path: string): boolean => /(?:^|[/._-])(?:tests?|specs?)[/._-]/i.test(path);

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

export function workOf(turn: Turn, { end }: PreparedSession): Line[] {
  const told: [Line['kind'], string][] = [];
  for (const net of end.files.filter(({ path }) => !untold.test(path)).toSorted(byPurpose)) {
    const edits = turn.steps.filter((step): step is Edited => step.kind === 'edit' && step.path === net.path);
    const defined = isProse(net.path) ? '' : definedIn(edits, net);
    if (defined !== '') told.push(['item', `${defined}.`]);
    // What a closing tells needs no lines of code.
    if (turn.closing === '' && !isTest(net.path))
      for (const change of changesOf(edits, net)) told.push(['row', `${change} (${code(net.path)})`]);
  }
  for (const result of resultsOf(turn)) told.push(['row', result]);
  return told.map(([kind, text]) => ({ mark: '- ', kind, sentences: [text] }));
}

/** Code first, what defines most first of it: the first line may be a title. */
const byPurpose = (a: NetEdit, b: NetEdit): number =>
  Number(isTest(a.path)) - Number(isTest(b.path)) || namesDefined(b.added).length - namesDefined(a.added).length;

/** What a file holds since: what it defines, or leaves out; '' where it is neither. */
function definedIn(edits: readonly Edited[], { path, added }: NetEdit): string {
  const written = edits.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.added.map((line) => line.trim())));
  const lines = [...new Set(written)].filter((line) => line !== '' && added.includes(line));
  const isIgnore = path.endsWith('ignore');
  const names = isIgnore ? lines : namesDefined(lines);
  return names.length === 0 ? '' : `${code(path)} ${isIgnore ? 'leaves out' : 'defines'} ${names.map(code).join(', ')}`;
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
function resultsOf({ steps }: Turn): string[] {
  const ran = steps.filter((step): step is Ran => step.kind === 'ran' && !step.command.includes('`'));
  return ran.flatMap(({ command, ok }, index) => {
    const written = ok ? command.match(/(?<=^|&&\s*|;\s*)(?:echo|printf)\s[^&;|]+>>\s*[\w./-]+/) : null;
    if (written !== null) return [code(written[0])];
    if (!ok || command.length > shownMaxChars || /(?:^|[\s;&|])git\s/.test(command)) return [];
    const failed = ran.slice(0, index).findLast((other) => isLike(other.command, command));
    const hadFailed = failed !== undefined && (!failed.ok || failed.unproven === 'interrupted');
    return hadFailed ? [`${code(command)} worked, ${code(failed.command)} had not`] : [];
  });
}

/** The same command in another dress: one program, and most of the words. */
function isLike(a: string, b: string): boolean {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const both = left.filter((word) => right.includes(word)).length;
  const isMost = both >= 3 && both >= Math.min(left.length, right.length) * 0.7;
  return a !== b && a.length <= shownMaxChars && left[0] === right[0] && isMost;
}

/** Without redirections and filters. */
const wordsOf = (command: string): string[] => command.replace(/^cd \S+ && |\s\d?>.*$|\s\|.*$/g, '').split(/\s+/);
