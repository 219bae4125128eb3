// A session's turns from the events that this machine keeps of it for thirty days: what was typed, changed, committed, answered.
import type { Event } from '../../domain/event.ts';
import { cleanText } from '../../privacy/invisible.ts';
import type { DiffRow, TurnAnswer } from '../wire.ts';
import { cleanCode } from './clean-code.ts';

const maxRows = 400;

/** `clean` masks what must not be shown. Turns that a subagent had are part of the turn that started it. */
export function turnsOf(events: readonly Event[], clean: (text: string) => string): TurnAnswer[] {
  const turns: TurnAnswer[] = [];
  const open = (at: string, prompt: string): TurnAnswer => {
    const turn = { at, prompt, closing: '', files: [], commits: [], commands: 0, failed: 0 };
    turns.push(turn);
    return turn;
  };
  for (const event of events) {
    const isTyped = event.kind === 'prompt' && event.subagent === undefined;
    const turn = isTyped
      ? open(event.at, event.isPrivate === true ? '' : cleanText(clean(event.text)))
      : (turns.at(-1) ?? open(event.at, ''));
    if (event.kind === 'edit' && event.ok) addRows(turn, event.path, event.created, rowsOf(event.hunks, clean));
    else if (event.kind === 'text' && event.isFinal === true && event.subagent === undefined)
      turn.closing = cleanText(clean(event.text));
    else if (event.kind === 'command') {
      turn.commands++;
      if (!event.ok && event.unproven === undefined) turn.failed++;
      if (event.commit)
        turn.commits.push({ subject: clean(event.commit.message.split('\n')[0] ?? ''), id: event.commit.id ?? '' });
    }
  }
  return turns;
}

function rowsOf(hunks: Extract<Event, { kind: 'edit' }>['hunks'], clean: (text: string) => string): DiffRow[] {
  return hunks.flatMap(({ start, removed, added }) => [
    ...removed.map((text): DiffRow => ({ kind: 'removed', text: cleanCode(clean(text)) })),
    ...added.map((text, at): DiffRow => ({ kind: 'added', text: cleanCode(clean(text)), after: start + at })),
  ]);
}

function addRows(turn: TurnAnswer, path: string, isNew: boolean, rows: DiffRow[]): void {
  const known = turn.files.find((file) => file.path === path);
  if (known) known.rows = [...known.rows, ...rows].slice(0, maxRows);
  else turn.files.push({ path: cleanCode(path), isNew, rows: rows.slice(0, maxRows) });
}
