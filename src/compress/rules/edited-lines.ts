// The edits that a draft speaks of, as cites.
import type { DraftCite } from '../../domain/draft.ts';
import type { Edited, PreparedSession, Turn } from '../session/prepared-session.ts';

/** Lines of the last edit of a file; only the path where the session edited it again. */
export function citesOf(edits: readonly Edited[], session: PreparedSession): DraftCite[] {
  const all = session.turns.flatMap(({ steps }) => steps.filter((step): step is Edited => step.kind === 'edit'));
  return edits
    .map(({ path }) => path)
    .filter(unique)
    .slice(0, 3)
    .map((path) => {
      const last = all.findLast((edit) => edit.path === path);
      const hunk = last?.hunks.toSorted((a, b) => b.added.length - a.added.length)[0];
      if (hunk === undefined || hunk.lines === 0 || !edits.includes(last!)) return { path };
      return { path, lines: [hunk.start, hunk.start + hunk.lines - 1] as [number, number] };
    });
}

/** Edits of a turn that the text names, or all where they are few: with their lines, as far as the session did not edit the file again. */
export function citesOfTurn(turn: Turn, text: string, session: PreparedSession): DraftCite[] {
  const edits = turn.steps.filter(
    (step): step is Edited => step.kind === 'edit' && !session.end.reverted.includes(step.path),
  );
  const named = edits.filter(({ path }) => text.includes(path.slice(path.lastIndexOf('/') + 1)));
  const isFew = new Set(edits.map(({ path }) => path)).size <= 2;
  return citesOf(named.length > 0 ? named : isFew ? edits : [], session).filter(({ lines }) => lines !== undefined);
}

export const unique = (item: string, index: number, all: readonly string[]): boolean => all.indexOf(item) === index;
