// The edits that a draft speaks of, as cites.
import type { DraftCite } from '../../domain/draft.ts';
import { otherWay, refusal } from './words/language.ts';
import type { Edited, PreparedSession, Turn } from '../session/prepared-session.ts';
import { isProse } from './work.ts';

/** Lines of the last edit of a file; only the path where the session edited it again. */
export function citesOf(edits: readonly Edited[], session: PreparedSession): DraftCite[] {
  return edits
    .map(({ path }) => path)
    .filter(unique)
    .slice(0, 3)
    .map((path) => {
      const last = editsOfFile(session, path).at(-1);
      const hunk = last?.hunks.toSorted((a, b) => b.added.length - a.added.length)[0];
      if (hunk === undefined || hunk.lines === 0 || !edits.includes(last!)) return { path };
      return { path, lines: [hunk.start, hunk.start + hunk.lines - 1] as [number, number] };
    });
}

/** Edits of a turn that the text names, or all where they are few: with their lines, as far as the session did not edit the file again. */
export function citesOfTurn(turn: Turn, text: string, session: PreparedSession): DraftCite[] {
  const edits = editsIn(turn).filter(({ path }) => !session.end.reverted.includes(path));
  const named = edits.filter(({ path }) => text.includes(path.slice(path.lastIndexOf('/') + 1)));
  const isFew = new Set(edits.map(({ path }) => path)).size <= 2;
  return citesOf(named.length > 0 ? named : isFew ? edits : [], session).filter(({ lines }) => lines !== undefined);
}

const editsOfFile = ({ turns }: PreparedSession, path: string): Edited[] =>
  turns.flatMap(editsIn).filter((edit) => edit.path === path);

/** Its lines were taken out, or put back, by later edits of the same file: nothing of it stands. */
export function isReplaced(edit: Edited, session: PreparedSession): boolean {
  const all = editsOfFile(session, edit.path);
  const later = all.slice(all.indexOf(edit) + 1);
  const net = session.end.files.find(({ path }) => path === edit.path);
  const [added, removed] = [linesOf([edit], 'added'), linesOf([edit], 'removed')];
  const [out, back] = [linesOf(later, 'removed'), linesOf(later, 'added')];
  if (added.length > 0) return added.every((line) => out.includes(line) && net?.added.includes(line) !== true);
  return removed.length > 0 && removed.every((line) => back.includes(line));
}

/** It takes out what the session put in, and puts back what it took out. */
export function isRestoring(edit: Edited, session: PreparedSession): boolean {
  const all = editsOfFile(session, edit.path);
  const earlier = all.slice(0, all.indexOf(edit));
  const [added, removed] = [linesOf([edit], 'added'), linesOf([edit], 'removed')];
  const [put, taken] = [linesOf(earlier, 'added'), linesOf(earlier, 'removed')];
  const gone = removed.filter((line) => !added.includes(line));
  const back = added.filter((line) => !removed.includes(line));
  return gone.length > 0 && gone.every((line) => put.includes(line)) && back.every((line) => taken.includes(line));
}

/** Of some length: a bracket tells nothing. */
function linesOf(edits: readonly Edited[], side: 'added' | 'removed'): string[] {
  return edits
    .flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk[side]))
    .map((line) => line.trim())
    .filter((line) => line.length > 3);
}

/** Of the lines that a turn wrote: where so many were taken out again later, its account is not kept. */
const replacedShare = 0.4;

/** Much of what a turn wrote was edited otherwise later, or some of it at the user's next word: what it said of it holds no longer. */
export function isWorkReplaced(turn: Turn, session: PreparedSession): boolean {
  const edits = editsIn(turn);
  const later = session.turns.slice(session.turns.indexOf(turn) + 1);
  const [next] = later;
  const added = linesOf(edits, 'added');
  const isOtherwise = next !== undefined && (otherWay.test(next.prompt) || refusal.test(next.prompt));
  const redone = isOtherwise ? linesOf(editsIn(next), 'removed') : [];
  if (added.some((line) => redone.includes(line))) return true;
  const standing = new Set(session.end.files.flatMap((file) => file.added.map((line) => line.trim())));
  const out = new Set(linesOf(later.flatMap(editsIn), 'removed'));
  const gone = added.filter((line) => out.has(line) && !standing.has(line));
  if (gone.length > 0 && gone.length >= added.length * replacedShare) return true;
  return edits.length > 0 && edits.every((edit) => isReplaced(edit, session));
}

const extname = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
const codeFile = /[\w-]\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|swift|c|h|cc|cpp|cs|php|exs?|sh|sql|vue|svelte)(?![\w])/g;

/** Code that stands at the end was edited after the turn: what was found in it before is a state of then. */
export function isCodeEditedAfter(turn: Turn, session: PreparedSession): boolean {
  const kinds = (turn.closing.match(codeFile) ?? []).map(extname);
  const isRelated = (path: string): boolean => kinds.length === 0 || kinds.includes(extname(path));
  return session.turns
    .slice(session.turns.indexOf(turn) + 1)
    .flatMap(editsIn)
    .some(({ path }) => !isProse(path) && isRelated(path) && session.end.files.some((file) => file.path === path));
}

const editsIn = ({ steps }: Turn): Edited[] => steps.filter((step): step is Edited => step.kind === 'edit');

export const unique = (item: string, index: number, all: readonly string[]): boolean => all.indexOf(item) === index;

export const hasEdit = ({ steps }: Turn): boolean => steps.some(({ kind }) => kind === 'edit');
export const hasDeed = ({ steps }: Turn): boolean => steps.some(({ kind }) => kind === 'edit' || kind === 'commit');
