// Commits that say why, as their messages stand. Local: git shares the message already.
import type { Draft } from '../../domain/draft.ts';
import type { ObservationType } from '../../domain/types.ts';
import type { Committed, PreparedSession } from '../session/prepared-session.ts';
import { cutText, makeDraft } from './kept-text.ts';
import type { Timeline } from './timeline.ts';
import { makeTitle } from './titles.ts';

const conventional = /^(\w+)(?:\([^)]*\))?!?:\s+/;
const types: Readonly<Record<string, ObservationType>> = {
  feat: 'feature',
  fix: 'bugfix',
  perf: 'feature',
  refactor: 'refactor',
  docs: 'change',
  test: 'change',
  build: 'change',
  ci: 'change',
  chore: 'change',
  style: 'change',
  security: 'security',
};
const reason =
  /(?<![\p{L}])(?:because|so that|since|to avoid|to prevent|instead of|weil|damit|statt|parce que|pour éviter|afin|porque|para evitar|en vez de|em vez de|perché|per evitare|invece)(?![\p{L}])|因为|为了|ため|ので|: .{12,}/iu;

export function readSubject(subject: string): { type: ObservationType; text: string } {
  const match = conventional.exec(subject);
  const known = match?.[1] !== undefined && Object.hasOwn(types, match[1]) ? types[match[1]] : undefined;
  return known === undefined
    ? { type: 'change', text: subject }
    : { type: known, text: subject.slice(match![0].length).replace(/^\p{Ll}/u, (first) => first.toUpperCase()) };
}

export function commitsOf(session: PreparedSession, timeline: Timeline): Draft[] {
  return session.turns.flatMap((turn) =>
    turn.steps.flatMap((step) => (step.kind === 'commit' ? commitDraft(step, turn.number, timeline) : [])),
  );
}

function commitDraft(commit: Committed, turn: number, timeline: Timeline): Draft[] {
  const { type, text } = readSubject(commit.subject);
  if (commit.body === '' && !reason.test(text)) return [];
  const at = timeline.stepAt(commit);
  const title = makeTitle(text, true)?.title;
  if (title === undefined || timeline.isUndone(text, at)) return [];
  const body = commit.body
    .split(/\n(?=\s*[-*] |\s*\n)/)
    .filter((part) => !timeline.isUndone(part, at))
    .join('\n')
    .replace(/([^\n])\n(?=[^\n\s*-])/g, '$1 ');
  return [
    makeDraft(type, title, {
      body: cutText(body, 1_100),
      facts: commit.id === undefined ? [] : [`commit ${commit.id}`],
      importance: 0.5,
      confidence: 0.95,
      place: 'local',
      turn,
      evidence: 'commit',
    }),
  ];
}
