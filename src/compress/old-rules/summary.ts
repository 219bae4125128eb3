// The session's summary: what was asked, learned, done and left, in the session's own words.
import type { SummaryDraft } from '../../domain/draft.ts';
import type { Event } from '../../domain/event.ts';
import { dropRepeats } from './score.ts';
import { isMachinePrompt, leftBehind, requestLine, sectionKind, type Statement } from './statements.ts';
import { pointing } from './cues.ts';
import { splitSentences } from './sentences.ts';
import { tellStory } from './story.ts';
import { makeTitle, readSubject } from './titles.ts';
import { clip } from './words.ts';

const listMaxChars = 560;
/** What is longer is told by its first sentence, or not at all: a cut one may say the opposite. */
const itemMaxChars = 260;
const leftToDo = /\b(?:next|todo|remaining|left to|still|follow-?up|offen|fehlt noch|als nächstes)\b/i;
const completedMax = 8;
const requestMaxChars = 380;

function take(statements: readonly Statement[], maxItems: number): string[] {
  const items: string[] = [];
  let chars = 0;
  for (const statement of statements) {
    const text = statement.text.length <= itemMaxChars ? statement.text : (splitSentences(statement.text)[0] ?? '');
    if (text.length > itemMaxChars || items.length >= maxItems || chars + text.length > listMaxChars) continue;
    items.push(text);
    chars += text.length;
  }
  return items;
}

/** What is still open by the task tools: the last status of each task counts. */
function openTasks(events: readonly Event[]): string[] {
  const last = new Map<string, { subject: string; isOpen: boolean }>();
  for (const event of events) {
    if (event.kind !== 'task') continue;
    const key = event.id ?? event.subject;
    const subject = event.subject || last.get(key)?.subject || '';
    last.set(key, { subject, isOpen: event.status === 'pending' || event.status === 'in_progress' });
  }
  return [...last.values()].filter((task) => task.isOpen && task.subject !== '').map((task) => task.subject);
}

/** What the user asked for first, and what came after it as far as there is room. */
function requestsOf(prompts: readonly string[]): string {
  let told = '';
  for (const line of new Set(prompts.map(requestLine))) {
    const next = told === '' ? line : `${told} · ${line}`;
    if (next.length > requestMaxChars) break;
    told = next;
  }
  return told;
}

const isEnd = ({ source, detail }: Statement): boolean =>
  source === 'closing' || (source === 'reason' && detail !== 'refused');

/** The summary of a session so far; undefined when nothing was asked or done. */
export function makeSummary(events: readonly Event[]): SummaryDraft | undefined {
  const story = tellStory(events);
  const prompts = story.events
    .filter((event) => event.kind === 'prompt')
    .filter((event) => !isMachinePrompt(event.text));
  const request = prompts[0] ? requestLine(prompts[0].text) : '';
  if (request === '' && story.statements.length === 0) return undefined;
  const kept = dropRepeats(story.statements);
  const used = new Set<Statement>();
  const pick = (filter: (statement: Statement) => boolean, maxItems: number, inOrder = true): string[] => {
    const found = kept.filter((statement) => !used.has(statement) && filter(statement)).slice(0, maxItems);
    for (const statement of found) used.add(statement);
    return take(inOrder ? found.sort((a, b) => a.at - b.at) : found, maxItems);
  };
  const commits = story.statements
    .filter((statement) => statement.detail === 'subject')
    .map((statement) => readSubject(statement.text).text);
  const lastPrompt = story.events.findLastIndex((event) => event.kind === 'prompt' && !isMachinePrompt(event.text));
  const lastDone = story.events.findLastIndex(
    (event) =>
      (event.kind === 'text' && event.isFinal === true) || (event.kind === 'command' && event.commit !== undefined),
  );
  const leftovers = leftBehind(story.events)?.paths ?? [];
  const nextSteps = [
    ...openTasks(story.events),
    ...take(
      story.said.filter(
        (statement) =>
          (sectionKind(statement.section) === 'pending' && statement.source === 'summary' && statement.at > lastDone) ||
          (statement.source === 'closing' && statement.at >= lastPrompt && leftToDo.test(statement.text)),
      ),
      8,
    ),
    ...(leftovers.length > 0
      ? [`Still uncommitted by \`git status\`: ${leftovers.map((path) => `\`${path}\``).join(', ')}`]
      : []),
  ];
  const learned = pick(
    (statement) =>
      ['text', 'summary', 'answer', 'closing'].includes(statement.source) &&
      (['cause', 'trap', 'decision', 'dead-end'] as const).some((cue) => statement.cues.has(cue)) &&
      statement.score > 3.4 &&
      !pointing.test(statement.text) &&
      makeTitle(statement.text) !== undefined &&
      !(statement.source === 'summary' && statement.at < story.lastCommit && /\bline \d+\b/.test(statement.text)) &&
      sectionKind(statement.section) !== 'pending',
    5,
  );
  const proof = story.statements.findLast((statement) => statement.source === 'proof');
  const completed = [...[...new Set(commits)].slice(-6), ...(proof ? [proof.text] : [])];
  completed.push(
    ...pick(
      (statement) => isEnd(statement) && statement.cues.has('fact') && !leftToDo.test(statement.text),
      completedMax - completed.length,
    ),
  );
  const investigated = pick((statement) => statement.source === 'report', 2);
  const title =
    commits.at(-1) ??
    (request === '' ? undefined : makeTitle(request)) ??
    clip(completed[0] ?? learned[0] ?? 'Session', 90);
  return {
    title: clip(title, 90),
    request: requestsOf(prompts.map(({ text }) => text)),
    investigated,
    learned,
    completed,
    nextSteps,
  };
}
