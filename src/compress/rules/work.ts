// What the work itself says, of lines that stand at the end of the session: names it defines, notes left in the code, settings, short
// lines with what they replaced, and results of commands.
import type { Edited, NetEdit, PreparedSession, Ran, Turn } from '../session/prepared-session.ts';
import { checkOf } from '../session/command-results.ts';
import type { Line } from './sentences.ts';
import type { Timeline } from './session-order.ts';
import { wordsIn } from './content-words.ts';

/** Of one file in one turn. */
const fileMaxChars = 420;
const noteMinChars = 24;
const noteMaxChars = 180;
const shownMaxChars = 160;
/** "ok" says no more than that it passed. */
const resultMinChars = 6;
const namesMax = 8;
const prose = /\.(?:md|mdx|txt|rst|adoc)$/i;
const untold = /(?:^|\/)(?:LICEN[CS]E\b.*|[\w-]+\.lock|package-lock\.json|pnpm-lock\.yaml|.*\.min\.\w+|.*\.snap)$/;
const isTest = (path: string): boolean => /(?:^|[/._-])(?:tests?|specs?)[/._-]/i.test(path);

const definition =
  /^(?:export\s+)?(?:default\s+)?(?:pub(?:\(\w+\))?\s+)?(?:(?:public|private|protected|static|abstract|final|async|unsafe)\s+)*(?:def|defp|defmacrop?|defmodule|fn|func|fun|function\*?|class|interface|trait|struct|enum|type|module|CREATE TABLE)\s+(?:\([^)]*\)\s*)?["':]?([\w.?!]+)/i;
const constant =
  /^export\s+(?:const|let)\s+([\w$]+)\s*(?::[^=]+)?=|^(?:const\s+|static\s+|final\s+)*([A-Z][A-Z0-9_]{3,})\s*(?::[^=]+)?=/;
/** A constant, a setting or a default with its value: a number, a word or a quotation. */
const setting =
  /^(?:(?:export|const|let|var|static|final|public|private)\s+)*[@:"']?[A-Za-z_][\w.-]*["']?\s*(?::\s*\w+\s*)?(?:=|:|=>)\s*(?:\d[\d_.]*\w*|true|false|["':][^"']{1,60}["']?)\s*[,;]?$|\?\?\s*["'\d]|\|\|\s*["'\d]|\bget_?env\(|\benviron\b/;
const testCase = /^(?:it|test|describe|specify|context)[\s(]+["'`](.{8,80}?)["'`]/;
const comment = /^(?:\/\/+|#(?!\w|!)|\/?\*+\/?|--\s|<!--|;;|%|"""|''')\s*(.*?)\s*(?:\*\/|-->|"""|''')?$/;
const directive = /eslint|prettier|ts-|noqa|type:\s*ignore|pylint|biome|oxlint|istanbul|shellcheck|^!|copyright|^@/i;

const code = (text: string): string => `\`${text}\``;

/** Functions, types, constants and options that the lines define. */
export function namesDefined(lines: readonly string[]): string[] {
  const found = lines.flatMap((line) => {
    const match = definition.exec(line) ?? constant.exec(line);
    const name = match?.[1] ?? match?.[2];
    return name === undefined || name.length < 3 ? [] : [name];
  });
  return [...new Set(found)].slice(0, namesMax);
}

export function workOf(turn: Turn, { end }: PreparedSession, timeline: Timeline): Line[] {
  const told: [Line['kind'], string][] = [];
  for (const net of end.files.filter(({ path }) => !untold.test(path))) {
    const edits = turn.steps.filter((step): step is Edited => step.kind === 'edit' && step.path === net.path);
    const text = prose.test(net.path) ? '' : fileText(edits, net);
    // Only what a file holds now can be a title.
    if (text !== '') told.push(['item', `${code(net.path)}${net.isNew ? ' (new)' : ''}: ${text}`]);
    if (isTest(net.path)) continue;
    for (const change of changesOf(edits, net))
      // What was only added is told of a turn that got no closing.
      if (change.startsWith('was') || turn.closing === '') told.push(['row', `${change} (${code(net.path)})`]);
  }
  for (const result of resultsOf(turn, timeline)) told.push(['row', result]);
  return told.map(([kind, text]) => ({ mark: '- ', kind, sentences: [text] }));
}

function fileText(edits: readonly Edited[], { path, added, notes }: NetEdit): string {
  const standing = new Set([...added, ...notes]);
  const written = edits.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.added.map((line) => line.trim())));
  const lines = [...new Set(written)].filter((line) => standing.has(line));
  const hasSettings = !isTest(path) && !/\.(?:json|s?css|html)$/.test(path);
  const settings = lines.filter((line) => hasSettings && isSetting(line));
  const names = namesDefined(lines.filter((line) => !settings.includes(line)));
  const ignored = path.endsWith('ignore') ? lines.filter((line) => !comment.test(line)) : [];
  const cases = isTest(path) ? lines.flatMap((line) => testCase.exec(line)?.[1] ?? []) : [];
  let text = '';
  for (const part of [
    [...names, ...ignored].map(code).join(', '),
    ...notesIn(lines),
    ...cases.map((name) => `"${name}"`),
    ...settings.map((line) => code(line.replace(/[,;]$/, ''))),
  ])
    if (part !== '' && text.length + part.length <= fileMaxChars) text += text === '' ? part : `; ${part}`;
  return text;
}

const isSetting = (line: string): boolean => line.length <= 100 && !line.includes('`') && setting.test(line);

/** Comments and documentation that say something: a few words at least, no directive. */
function notesIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const text = comment.exec(line)?.[1] ?? (isDocumentation(line) ? line : '');
    const isTelling = text.length >= noteMinChars && text.length <= noteMaxChars && wordsIn(text).length >= 4;
    return isTelling && !directive.test(text) && !/[{}=]|\bTODO\b/.test(text) ? [text.replace(/[.\s]+$/, '')] : [];
  });
}

/** A line of prose within a quotation of several lines. */
function isDocumentation(line: string): boolean {
  return /^[\p{Lu}`][^=;{}<>|]*[\p{L}`).:]$/u.test(line) && wordsIn(line).length >= 5 && !/^[\w.]+\(/.test(line);
}

/** Short lines of which the old text was there before the session and the new one is there after it. */
export function changesOf(edits: readonly Edited[], { added, removed, notes }: NetEdit): string[] {
  const standing = [...added, ...notes];
  return edits
    .flatMap(({ hunks }) => hunks)
    .map((hunk) => ({ before: hunk.removed.map(trimmed), after: hunk.added.map(trimmed) }))
    .filter(({ before, after }) => after.length > 0 && after.length <= 2 && before.length <= 2)
    .filter(({ before, after }) => isIn(before, removed) && isIn(after, standing))
    .map(({ before, after }) => ({ before: before.join(' ').trim(), after: after.join(' ').trim() }))
    .filter(({ before, after }) => after.length > 12 && before.length + after.length <= shownMaxChars)
    .filter(({ before, after }) => !`${before}${after}`.includes('`'))
    .slice(0, 2)
    .map(({ before, after }) => `${before === '' ? '' : `was ${code(before)}, `}now ${code(after)}`);
}

const trimmed = (line: string): string => line.trim();
const isIn = (lines: readonly string[], all: readonly string[]): boolean =>
  lines.every((line) => line === '' || all.includes(line));

/** Commands that wrote into a file, worked where a similar one had not, or whose result no later run changed. */
function resultsOf({ steps }: Turn, timeline: Timeline): string[] {
  const ran = steps.filter((step): step is Ran => step.kind === 'ran' && !step.command.includes('`'));
  return ran.flatMap((step, index) => {
    const { command, line } = step;
    if (!step.ok) return [];
    const written = command.match(/(?<=^|&&\s*|;\s*)(?:echo|printf)\s[^&;|]+>>\s*[\w./-]+/);
    if (written !== null) return [code(written[0])];
    if (command.length > shownMaxChars || /(?:^|[\s;&|])git\s/.test(command)) return [];
    const failed = ran.slice(0, index).findLast((other) => isLike(other.command, command));
    if (failed !== undefined && (!failed.ok || failed.unproven === 'interrupted'))
      return [`${code(command)} worked, ${code(failed.command)} had not`];
    const check = checkOf(command);
    if (line.length < resultMinChars || step.unproven !== undefined || check === '') return [];
    const isLast = !ran.slice(index + 1).some((other) => checkOf(other.command) === check);
    return isLast && !timeline.isOverturned(line, timeline.stepAt(step)) ? [`${code(command)}: ${line}`] : [];
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
