// Renders a prepared session as text for a model: turn by turn, in order, with its end. If it does not fit, the less informative
// statements are left out first, and those of early turns before late ones. Pure and deterministic.
import { oneLine } from '../session/command-results.ts';
import type { Edited, PreparedSession, Ran, Step, Turn } from '../session/prepared-session.ts';
import { clip, isCoined, piecesOf, scoreOf, word, type Piece } from './pieces.ts';
import { lineMaxChars, listMax, tellEnd } from './tell-end.ts';

const promptMaxChars = 300;
/** Limit of the first prompt and the last two. */
const framingPromptMaxChars = 600;
const lastClosingMaxChars = 3_800;
const reasonMaxChars = 900;
const commitMaxChars = 100;
/** Of an edit: the lines with most names. */
const codeLinesMax = 3;
const codeLineMaxChars = 110;
const isTest = /(?:^|[/._-])(?:tests?|specs?)[/._-]/i;

/** A line of a turn: fixed text, or pieces that are included where there is room. */
interface Line {
  label: string;
  /** Included regardless of the budget. */
  fixed?: string;
  pieces: Piece[];
}

/** Told in the turns so far. */
interface Known {
  tasks: Set<string>;
  /** Lines that edits took out, by path. */
  removed: Map<string, Set<string>>;
}

/** `maxChars` limits the optional text; fixed text may exceed it in a session of hundreds of prompts. */
export function tellSession(session: PreparedSession, maxChars: number): string {
  const count = session.turns.length;
  const known: Known = { tasks: new Set(), removed: new Map() };
  const turns = session.turns.map((turn, index) => ({ turn, lines: linesOf(turn, index, count, known) }));
  const end = tellEnd(session);
  const all = turns.flatMap(({ lines }) => lines);
  const fixedChars = all.reduce((sum, line) => sum + fixedCost(line), 0) + end.length;
  const freeChars = all.reduce((sum, line) => sum + costOf(line.pieces), 0);
  const room = Math.max(0, maxChars - fixedChars);
  const told = freeChars <= room ? undefined : choosePieces(turns, room);
  return turns
    .map(({ turn, lines }) => [headOf(turn), ...lines.map((line) => tellLine(line, told))].filter(Boolean).join('\n'))
    .concat(end)
    .join('\n');
}

const fixedCost = ({ label, fixed = '' }: Line): number => label.length + fixed.length + 4;
const costOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { text }) => sum + text.length + 1, 0);

/** Each turn gets a share of the room, later ones more; unused room goes to the best remaining pieces. */
function choosePieces(turns: readonly { lines: readonly Line[] }[], room: number): Set<Piece> {
  const weights = turns.map(({ lines }, index) => {
    const chars = lines.reduce((sum, line) => sum + costOf(line.pieces), 0);
    return (0.5 + 2.5 * ((index + 1) / turns.length) ** 2) * Math.sqrt(chars);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const chosen = new Set<Piece>();
  let left = room;
  const take = (pieces: Iterable<Piece>, budget: number): void => {
    let own = Math.min(budget, left);
    for (const piece of pieces) {
      const cost = piece.text.length + 1;
      if (chosen.has(piece) || cost > own) continue;
      chosen.add(piece);
      own -= cost;
      left -= cost;
    }
  };
  const ranked = turns.map(({ lines }) => lines.flatMap((line) => line.pieces).sort((a, b) => b.score - a.score));
  for (const [index, pieces] of ranked.entries()) take(pieces, (room * (weights[index] ?? 0)) / total);
  const rest = ranked.flatMap((pieces, index) => {
    const lateness = 0.5 + (index + 1) / turns.length;
    return pieces.map((piece) => ({ piece, value: piece.score * lateness }));
  });
  take(
    rest.sort((a, b) => b.value - a.value).map(({ piece }) => piece),
    left,
  );
  return chosen;
}

function tellLine({ label, fixed, pieces }: Line, told: ReadonlySet<Piece> | undefined): string {
  const texts = pieces.filter((piece) => told === undefined || told.has(piece)).map(({ text }) => text);
  if (fixed === undefined && texts.length === 0) return '';
  const sep = fixed !== undefined && fixed !== '' && texts.length > 0 ? ' — ' : '';
  return `  ${label}${fixed ?? ''}${sep}${texts.join(' ')}`;
}

function headOf({ number, prompt }: Turn): string {
  return prompt === '' ? `T${number} (no prompt)` : `T${number}`;
}

function linesOf(turn: Turn, index: number, count: number, known: Known): Line[] {
  const isFraming = index === 0 || index >= count - 2;
  const lines: Line[] = [];
  if (turn.prompt !== '')
    lines.push(fixedLine('user: ', turn.prompt, isFraming ? framingPromptMaxChars : promptMaxChars));
  lines.push(...turn.steps.flatMap((step) => linesOfStep(step, known)));
  const edited = editedPlaces(turn);
  if (edited !== '') lines.push({ label: 'edited: ', fixed: edited, pieces: [] });
  const label = 'agent at the end: ';
  if (turn.closing !== '' && index === count - 1) lines.push(fixedLine(label, turn.closing, lastClosingMaxChars));
  else if (turn.closing !== '') lines.push({ label, pieces: piecesOf(turn.closing, 3) });
  return lines;
}

function fixedLine(label: string, text: string, maxChars = reasonMaxChars): Line {
  return { label, fixed: clip(text, maxChars), pieces: [] };
}

function linesOfStep(step: Step, known: Known): Line | Line[] {
  switch (step.kind) {
    case 'refused':
      return fixedLine(`user REFUSED ${clip(step.what, lineMaxChars)}: `, `"${oneLine(step.reason)}"`);
    case 'plan': {
      const label = `user ${step.verdict === 'approved' ? 'approved' : 'REFUSED'} the plan`;
      return fixedLine(label, step.reason && `: "${oneLine(step.reason)}"`);
    }
    case 'aborted':
      return fixedLine(step.what === '' ? 'user broke the turn off' : 'user refused without a word: ', step.what);
    case 'held':
      return fixedLine('a stop hook did not let the turn end: ', step.reason);
    case 'answered': {
      const others = step.notChosen.map((each) => `"${oneLine(each)}"`).join(', ');
      const chosen = `"${oneLine(step.chosen)}"${step.why && ` (${oneLine(step.why)})`}${others && ` (not: ${others})`}`;
      return fixedLine(`asked "${clip(step.question, lineMaxChars)}" → user chose `, chosen);
    }
    case 'commit': {
      const label = `commit${step.id === undefined ? '' : ` ${step.id}`}: `;
      return { label, fixed: oneLine(step.subject), pieces: piecesOf(step.body, 3) };
    }
    case 'ran':
      return [lineOfCommand(step), ...taskText(step, known.tasks)];
    case 'said':
      return { label: 'agent: ', pieces: piecesOf(withoutIntent(step.text), 1) };
    case 'report':
      return { label: `subagent ${clip(step.description, 80)}: `, pieces: piecesOf(step.text, 1.5) };
    case 'summary':
      return { label: 'host summary: ', pieces: piecesOf(step.text, 1.2) };
    case 'edit':
      return lineOfEdit(step, known.removed);
  }
}

/** Without the announcement at its end: what was done stands in the lines after it. */
function withoutIntent(text: string): string {
  const sentences = text.trimEnd().split(/(?<=[.!?。！？]\s+|\n)/u);
  return /[:：]$/.test(sentences.at(-1) ?? '') ? sentences.slice(0, -1).join('') : text;
}

/** What the agent wrote, where it said what it meant to write. */
function lineOfEdit({ path, hunks }: Edited, removedBefore: Map<string, Set<string>>): Line {
  const before = removedBefore.get(path) ?? new Set();
  const removed = new Set(hunks.flatMap((hunk) => hunk.removed.map((line) => line.trim())));
  const added = hunks.flatMap((hunk) => hunk.added.map((line) => line.trim())).filter((line) => !removed.has(line));
  const telling = added
    .filter(
      (line) => line.length >= 12 && line.length <= codeLineMaxChars && !/^(?:\/\/|#(?!\w)|\/?\*|<!--)/.test(line),
    )
    .map((line, at) => ({ line, at, names: (line.match(word) ?? []).filter(isCoined).length }))
    .sort((a, b) => b.names - a.names || a.at - b.at)
    .slice(0, codeLinesMax)
    .sort((a, b) => a.at - b.at);
  const text = telling.map(({ line }) => oneLine(line)).join(' ⏎ ');
  const isBack = telling.every(({ line }) => before.has(line));
  removedBefore.set(path, new Set([...before, ...removed]));
  return {
    label: `${isBack ? 'put back as it was' : 'wrote'} in ${path}: `,
    pieces: text === '' ? [] : [{ text, score: scoreOf(text, isTest.test(path) ? -0.5 : 0.2) }],
  };
}

/** Its message stands in a line of its own. */
const isCommit = /\bgit\b[^|;&]*\scommit\b/;

/** Programs that show what somebody wants done. */
const showsTask = /(?:^|&&\s*)(?:bd show|gh (?:issue|pr) view|glab (?:issue|mr) view|jira (?:issue )?view)\b/;

/** Below what was said and done, above commands without a result. `told`: texts that stand already. */
function taskText({ command, output, ok }: Ran, told: Set<string>): Line[] {
  if (!ok || !showsTask.test(command)) return [];
  const pieces = piecesOf(output, 0).filter(
    ({ text }) => !told.has(text) && !/^Created: |^Owner: |^#|cut …\]$/.test(text),
  );
  for (const { text } of pieces) told.add(text);
  return [{ label: "a task's text: ", pieces: pieces.map(({ text }) => ({ text, score: 0.7 })) }];
}

function lineOfCommand({ command, ok, unproven, line, output, passedIn }: Ran): Line {
  const result = line === '' ? '' : ` → ${clip(line, lineMaxChars)}`;
  const later = passedIn === undefined ? '' : `; later passed (T${passedIn})`;
  const missing = unproven === 'interrupted' && output === '' ? 'the notes end before its result' : unproven;
  const label = missing !== undefined ? `${missing}, proves nothing: ` : ok ? 'ran: ' : 'failed: ';
  const text = `${isCommit.test(command) ? clip(command, commitMaxChars) : oneLine(command)}${result}${later}`;
  const base =
    unproven === 'blocked' && line !== '' ? 2 : unproven !== undefined ? 0.2 : ok ? (line === '' ? 0.1 : 1) : 3;
  return { label, pieces: [{ text, score: scoreOf(text, base) }] };
}

/** Each edited file with its changed lines, so that a model can cite them. */
function editedPlaces({ steps }: Turn): string {
  const places = new Map<string, string[]>();
  for (const step of steps) {
    if (step.kind !== 'edit') continue;
    const [first, last] = [step.hunks[0], step.hunks.at(-1)];
    const lines =
      first && last && first.lines > 0 ? [`${first.start}-${last.start + Math.max(1, last.lines) - 1}`] : [];
    places.set(step.path, [...(places.get(step.path) ?? []), ...lines]);
  }
  return [...places]
    .slice(0, listMax)
    .map(([path, lines]) => (lines.length === 0 ? path : `${path}:${[...new Set(lines)].slice(0, 3).join(',')}`))
    .join(', ');
}
