// What the agent said on the way and what of an approved plan was carried out, as far as it holds at the end. Local.
import type { Draft } from '../../domain/draft.ts';
import { namesIn } from '../plan/names.ts';
import type { PreparedSession, Step, Turn } from '../session/prepared-session.ts';
import { keepLines, keptLines, makeDraft } from './kept-text.ts';
import { defect, guess } from './language.ts';
import { plain, writeLines, type Line } from './sentences.ts';
import type { Timeline } from './timeline.ts';
import { isMomentary, isPersonal } from './titles.ts';
import { contentOf, fileNames, holdsName, shared } from './words.ts';

/** Of a session's remarks together, and of its approved plans. */
const remarksMaxChars = 6_000;
const planMaxChars = 4_500;
/** Of one record. */
const groupMaxChars = 1_000;
/** A longer block of code is the repository's to tell. */
const codeMaxChars = 450;
/** A record of less says too little to be found. */
const groupMinChars = 60;

export function remarksOf(session: PreparedSession, timeline: Timeline): Draft[] {
  const evidence = evidenceOf(session);
  const all = session.turns.flatMap(({ steps }) => steps);
  const remarks = session.turns.flatMap((turn) =>
    turnRemarks(turn, timeline, (step, names) => isBorneOut(names, evidence) && !isTouched(names, step, all)),
  );
  const plans = session.turns.flatMap((turn) => approvedPlans(turn, session, timeline));
  return [...within(remarksMaxChars, remarks), ...within(planMaxChars, plans)];
}

/** The latest first, as long as there is room. */
function within(maxChars: number, drafts: readonly Draft[]): Draft[] {
  let room = maxChars;
  return [...drafts].reverse().filter(({ title, body }) => (room -= title.length + body.length) >= 0);
}

/** What the work itself names: edited paths and lines, commits, commands and their output. */
function evidenceOf({ turns, end }: PreparedSession): string {
  const texts = turns.flatMap(({ steps }) =>
    steps.flatMap((step) => {
      if (step.kind === 'ran') return [step.command, step.output];
      return step.kind === 'commit' ? [step.subject, step.body] : [];
    }),
  );
  return [...texts, ...end.files.flatMap(({ path, added }) => [path, ...added])].join('\n').toLowerCase();
}

/**
 * Statements whose names the work bears out. What leads to a plan or to a call that the user refused is left out, and so is
 * what was said of a failure before an edit: the edit may have cured it.
 */
function turnRemarks(
  turn: Turn,
  timeline: Timeline,
  stands: (step: Step, names: readonly string[]) => boolean,
): Draft[] {
  const { steps } = turn;
  const from = steps.findLastIndex(
    (step) => step.kind === 'refused' || (step.kind === 'plan' && step.verdict === 'refused'),
  );
  const lines = steps.flatMap((step, index): Line[] => {
    if (index < from || step.kind !== 'said' || steps[index + 1]?.kind === 'plan') return [];
    if (isDiagnosis(steps, index)) return [];
    const at = timeline.stepAt(step);
    return keptLines(step.text, at, timeline).flatMap((line): Line[] => {
      if (line.kind === 'blank') return [line];
      if (line.kind !== 'prose' && line.kind !== 'item') return [];
      const sentences = line.sentences.filter((sentence) => isRemark(sentence) && stands(step, bareNames(sentence)));
      return sentences.length === 0 ? [] : [{ ...line, sentences }];
    });
  });
  return sectionDrafts(lines, turn);
}

/** Lines of one section as records, each as long as one may be. */
export function sectionDrafts(lines: readonly Line[], turn: Turn): Draft[] {
  return grouped(lines).flatMap((group) => groupDraft(group, turn));
}

function isDiagnosis(steps: readonly Step[], index: number): boolean {
  const before = steps.slice(0, index).findLast(({ kind }) => kind === 'ran');
  const isFailed = before?.kind === 'ran' && !before.ok && before.unproven === undefined;
  return isFailed && steps.slice(index).some(({ kind }) => kind === 'edit');
}

function isRemark(sentence: string): boolean {
  const text = plain(sentence);
  if (namesIn(text).length === 0 || text.length < 40 || /[:：]$/.test(text)) return false;
  return !isPersonal(text) && !isMomentary(text) && !guess.test(text) && !defect.test(text);
}

const bareNames = (sentence: string): string[] =>
  namesIn(plain(sentence)).map((name) => name.toLowerCase().replace(/[`"']|\(\)$|:\d+$/g, ''));

const isBorneOut = (names: readonly string[], evidence: string): boolean =>
  names.every((name) => evidence.includes(name));

/** A later edit changed lines or a file of that name: what was said before may not hold since. */
function isTouched(names: readonly string[], step: Step, all: readonly Step[]): boolean {
  return all.slice(all.indexOf(step)).some((later) => {
    if (later.kind !== 'edit') return false;
    const lines = later.hunks.flatMap(({ added, removed }) => [...added, ...removed]);
    const text = [later.path, ...lines].join('\n').toLowerCase();
    return names.some((name) => holdsName(text, name));
  });
}

/** Consecutive lines, as many as fit into one record. */
function grouped(lines: readonly Line[]): Line[][] {
  const groups: Line[][] = [];
  let size = 0;
  for (const line of lines) {
    const length = line.sentences.join(' ').length + 1;
    if (groups.length === 0 || size + length > groupMaxChars) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)!.push(line);
    size += length;
  }
  return groups;
}

function groupDraft(lines: readonly Line[], turn: Turn): Draft[] {
  const kept = keepLines(lines);
  if (kept === undefined || kept.title.title.length + kept.body.length < groupMinChars) return [];
  return [
    makeDraft('discovery', kept.title.title, {
      body: kept.body,
      importance: 0.3,
      confidence: 0.5,
      place: 'local',
      turn: turn.number,
      evidence: 'agent',
    }),
  ];
}

/** By sections; a numbered list is an order of work, and what a later turn touched is left to that turn's own words. */
function approvedPlans(turn: Turn, session: PreparedSession, timeline: Timeline): Draft[] {
  return turn.steps.flatMap((step, index) => {
    const verdict = turn.steps[index + 1];
    if (step.kind !== 'said' || verdict?.kind !== 'plan' || verdict.verdict !== 'approved') return [];
    const later = session.turns.filter(({ number }) => number > turn.number);
    const isCarriedOut = [turn, ...later].some(({ steps }) => steps.some(({ kind }) => kind === 'edit'));
    if (!isCarriedOut) return [];
    // What the agent says of a plan as it hands it over belongs to it.
    const before = turn.steps[index - 1];
    const told = before?.kind === 'said' ? [before, step] : [step];
    return told.flatMap((each) => planDrafts(each, turn, later, session, timeline));
  });
}

function planDrafts(
  step: Step & { kind: 'said' },
  turn: Turn,
  later: readonly Turn[],
  session: PreparedSession,
  timeline: Timeline,
): Draft[] {
  const paths = session.end.files.flatMap(({ path }) => fileNames(path));
  const holds = (sentence: string): boolean => {
    const text = plain(sentence);
    const named = namesIn(text).filter((name) => /\.\w{1,5}$/.test(name) && !/^\d/.test(name));
    if (named.some((name) => !paths.some((path) => holdsName(path, name) || holdsName(name, path)))) return false;
    return !later.some(({ prompt, steps }) => {
      if (!steps.some(({ kind }) => kind === 'edit')) return false;
      return shared(contentOf(text), contentOf(prompt)) >= 2;
    });
  };
  const sections: Line[][] = [[]];
  for (const line of keptLines(step.text, timeline.stepAt(step), timeline)) {
    if (line.kind === 'heading') sections.push([]);
    const isOrder = line.kind === 'item' && /\d/.test(line.mark);
    const sentences =
      (line.kind === 'code' && line.sentences.join('').length > codeMaxChars) || isOrder
        ? []
        : line.sentences.filter(holds);
    if (line.kind === 'blank' || sentences.length > 0) sections.at(-1)!.push({ ...line, sentences });
  }
  return sections.flatMap((lines) => (writeLines(lines) === '' ? [] : sectionDrafts(lines, turn)));
}
