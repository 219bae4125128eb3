// A turn in brief for a model: the statements of the session that say most, in order, each with where it comes from.
// The same reading and scoring as the extractive provider's, so that what is left out is what it would not choose either.
import type { EditEvent, Event } from '../../domain/event.ts';
import { markAttempts } from '../old-rules/attempts.ts';
import { dropRepeats, scoreStatements } from '../old-rules/score.ts';
import { isMachinePrompt, readStory, type Source, type Statement } from '../old-rules/statements.ts';
import { clip } from '../old-rules/words.ts';

const labels = {
  prompt: 'user',
  text: 'agent',
  closing: 'agent at the end',
  answer: 'question — user',
  summary: 'host summary',
  report: 'subagent',
  commit: 'commit',
  reason: 'reason given',
  spec: 'task text',
  failure: 'seen',
  proof: 'ran',
  noise: 'seen',
  edit: 'edit',
} satisfies Record<Source, string>;

/** Below this a statement is small talk, progress talk or a listing. */
const scoreMin = 0.6;
/** A statement of this score alone would make a record. */
const strongScore = 2;
/** Of the budget; what was asked is the frame of everything else. */
const promptShare = 0.2;
const promptMaxChars = 320;
const editedMax = 20;
const placesMax = 2;

export interface Told {
  /** One line an event; '' when nothing is worth telling. */
  text: string;
  /** Characters of the statements that would make a record. */
  strongChars: number;
}

/** The most telling statements that fit. The same events give the same text. */
export function tellEvents(events: readonly Event[], maxChars: number): Told {
  const story = readStory(events);
  markAttempts(story);
  scoreStatements(story);
  const kept = dropRepeats(story.statements).filter((statement) => statement.score >= scoreMin);
  const strong = kept.filter((statement) => statement.score >= strongScore && statement.source !== 'spec');
  const strongChars = strong.reduce((sum, statement) => sum + statement.text.length, 0);

  const lines = new Map<number, { label: string; texts: { text: string; order: number }[] }>();
  let room = maxChars;
  const put = (at: number, label: string, text: string, order: number): void => {
    const line = lines.get(at);
    const cost = text.length + (line === undefined ? label.length + 3 : 3);
    if (cost > room) return;
    room -= cost;
    if (line === undefined) lines.set(at, { label, texts: [{ text, order }] });
    else line.texts.push({ text, order });
  };
  for (const [at, text] of promptLines(story.events, maxChars * promptShare)) put(at, labels.prompt, text, -1);
  const order = new Map(story.statements.map((statement, index) => [statement, index]));
  for (const statement of [...kept].sort((a, b) => b.score - a.score || a.at - b.at))
    if (statement.source !== 'prompt' || !lines.has(statement.at))
      put(statement.at, labelOf(statement, story.events), textOf(statement), order.get(statement) ?? 0);
  const edited = editedPaths(story.events);
  if (edited !== '' && lines.size > 0) put(story.events.length, 'files edited', edited, 0);
  const text = [...lines]
    .sort(([a], [b]) => a - b)
    .map(([, { label, texts }]) => `${label}: ${inOrder(texts).join(' · ')}`)
    .join('\n');
  return { text, strongChars };
}

function inOrder(texts: readonly { text: string; order: number }[]): string[] {
  return [...texts].sort((a, b) => a.order - b.order).map(({ text }) => text);
}

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Edits say where: a model can cite what it is shown only. */
function labelOf(statement: Statement, events: readonly Event[]): string {
  const event = events[statement.at];
  if (statement.source !== 'edit' || event?.kind !== 'edit') return labels[statement.source];
  const place = placeOf(event);
  return `${labels.edit} ${event.path}${place === '' ? '' : `:${place}`}`;
}

/** An edit's path stands in its label already. */
function textOf({ source, text, paths }: Statement): string {
  const told = flat(text);
  const prefix = `\`${paths[0] ?? ''}\` `;
  return source === 'edit' && told.startsWith(prefix) ? told.slice(prefix.length) : told;
}

function* promptLines(events: readonly Event[], maxChars: number): Generator<[number, string]> {
  let room = maxChars;
  for (const [at, event] of events.entries()) {
    if (event.kind !== 'prompt' || event.isPrivate === true || isMachinePrompt(event.text)) continue;
    const text = clip(flat(event.text), promptMaxChars);
    if (text === '' || text.length > room) continue;
    room -= text.length;
    yield [at, text];
  }
}

/** Each file with where it was changed; of many places in one file the first ones. */
function editedPaths(events: readonly Event[]): string {
  const files = new Map<string, Set<string>>();
  for (const event of events) {
    if (event.kind !== 'edit' || !event.ok) continue;
    const places = files.get(event.path) ?? new Set();
    files.set(event.path, places);
    const place = placeOf(event);
    if (place !== '' && places.size < placesMax) places.add(place);
  }
  return [...files]
    .slice(0, editedMax)
    .map(([path, places]) => `${path}${places.size > 0 ? `:${[...places].join(',')}` : ''}`)
    .join(', ');
}

/** First and last line of what an edit touched; '' when it is not known. */
function placeOf({ hunks }: EditEvent): string {
  const first = hunks[0];
  const last = hunks.at(-1);
  if (first === undefined || last === undefined || first.lines === 0) return '';
  return `${first.start}-${last.start + Math.max(1, last.lines) - 1}`;
}

/** Tasks that the agent noted and did not finish: the summary's next steps. */
export function openTasks(events: readonly Event[]): string[] {
  const last = new Map<string, { subject: string; isOpen: boolean }>();
  for (const event of events) {
    if (event.kind !== 'task') continue;
    const key = event.id ?? event.subject;
    const subject = event.subject === '' ? (last.get(key)?.subject ?? '') : event.subject;
    last.set(key, { subject, isOpen: event.status === 'pending' || event.status === 'in_progress' });
  }
  return [...last.values()].filter((task) => task.isOpen && task.subject !== '').map((task) => task.subject);
}
