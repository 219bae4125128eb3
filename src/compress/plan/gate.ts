// Checks the drafts of models and rules: statements that the session did not make are removed, and drafts that were overturned or rest
// on a refusal are refused or kept local. Pure.
import type { Draft, Overturned, SummaryDraft } from '../../domain/draft.ts';
import { textsOf } from '../../domain/event-texts.ts';
import type { ObservationType } from '../../domain/types.ts';
import { stemmedWords } from '../../index/words.ts';
import type { CompressReply, CompressRequest } from '../providers/provider.ts';
import { holdsWord } from '../session/gone-names.ts';
import { openPrompt, tellPrompt } from '../session/open-prompt.ts';
import { prepareSession } from '../session/prepare-session.ts';
import type { GoneName, PreparedSession, Step, Turn } from '../session/prepared-session.ts';
import { isAllSaid, saidWords, type SaidWords } from './names.ts';
import { isToldAsPast, sharesNames } from './overturned.ts';
import { containment } from './similarity.ts';

export interface Gated {
  drafts: Draft[];
  summary?: SummaryDraft;
  refused: { title: string; reason: string }[];
}

interface Ground {
  request: CompressRequest;
  session: PreparedSession;
  said: SaidWords;
  overturned: readonly Overturned[];
  /** The rules keep to the session's end by themselves. */
  isModel: boolean;
}

const built = ['architecture', 'pattern', 'feature', 'refactor', 'change'] as const;
/** Types of results that a refused plan or aborted turn would have had; findings made on the way may still hold, as local records. */
const planned: ReadonlySet<ObservationType> = new Set([...built, 'decision']);
/** Types that add nothing to the commit or document that tells them; a trap or cure is at least kept local. */
const retold: ReadonlySet<ObservationType> = new Set([...built, 'discovery', 'progress']);
/** Shares of a record's words that one text holds: of what it states, and of all that it tells. */
const stated = 0.8;
const inMessage = 0.6;
/** A document is long, and has many words by chance. */
const inDocument = 0.7;
/** Of a next step's words, in a commit's subject. */
const doneShare = 0.85;
const stepWordsMin = 3;
/** A shorter line of a failure may stand in any statement. */
const errorMinChars = 12;
/** A record of so many characters below its title counts as full. */
const fullChars = 800;
/** Minimum confidence to share a discovery proven by a command. */
const provenConfidence = 0.8;

export function gateReply(request: CompressRequest, reply: CompressReply): Gated {
  const session = prepareSession(request.events);
  const { overturned, summary } = reply;
  const said = saidWords(wordsSaid(request));
  const ground: Ground = { request, session, said, overturned: overturned ?? [], isModel: overturned !== undefined };
  const gated: Gated = { drafts: [], refused: [], summary: summary && gateSummary(summary, ground) };
  for (const draft of reply.drafts) {
    const judged = gateDraft(draft, ground);
    if (typeof judged === 'string') gated.refused.push({ title: draft.title, reason: judged });
    else gated.drafts.push(judged);
  }
  return gated;
}

/** The words of the transcript, and those of known records, which came from earlier transcripts. */
function wordsSaid({ events, known, branch = '' }: CompressRequest): string[] {
  return [
    ...events.flatMap((event) => [
      ...('path' in event ? [event.path] : []),
      ...textsOf(event),
      ...(event.kind === 'edit' ? event.hunks.map(({ start, lines }) => `${start} ${start + lines - 1}`) : []),
    ]),
    ...known.flatMap(({ id, title, description, body, facts }) => [id, title, description, body, ...facts]),
    branch,
  ];
}

/** The draft with what may stand of it, its importance and its tier; or why it is refused. */
function gateDraft(draft: Draft, ground: Ground): Draft | string {
  const { session, said, overturned, isModel } = ground;
  const isResting = restsOnRefused(draft, session);
  if (isResting && planned.has(draft.type)) return 'it rests on what the user refused';
  const isTold = draft.evidence !== 'user' && isToldElsewhere(draft, session);
  if (isModel && isTold && retold.has(draft.type)) return 'a commit message or document of the session tells it';
  const gone = isModel && draft.type !== 'dead-end' ? session.end.gone : [];
  if (isOfGone(draft.title, gone)) return 'it is about a name that is gone';
  const kept = keepSaid(draft, gone, ground);
  const isTitleSaid = isAllSaid(draft.title, said);
  if (!isTitleSaid && kept.description === '' && kept.body === '' && kept.facts.length === 0)
    return 'nothing of it was said in the session';
  const importance = Math.max(0, draft.importance + bonusOf(kept));
  const isUnsure = !isTitleSaid || isTold || isOverturned(kept, overturned);
  // The rules set the shared tier by evidence.
  const isLocal = isResting || draft.place === 'local' || (draft.place !== 'shared' && isUnsure);
  const isProven = draft.evidence === 'command' || draft.evidence === 'user';
  const isShared = draft.type === 'discovery' && isProven && draft.confidence >= provenConfidence;
  return { ...kept, importance, place: isLocal ? 'local' : isShared ? 'shared' : draft.place };
}

/** Removes whole statements, never parts of one. */
function keepSaid(draft: Draft, gone: readonly GoneName[], { request, session, said }: Ground): Draft {
  const ids = new Set(request.known.map(({ id }) => id));
  const paths = new Set(request.events.flatMap((event) => ('path' in event ? [event.path] : [])));
  const concepts = new Set(request.mode.concepts);
  const isKept = (statement: string): boolean => isAllSaid(statement, said) && !isOfGone(statement, gone);
  const keep = (text: string): string => {
    const parts = sentencesOf(text);
    return parts.every(isKept) ? text : parts.filter(isKept).join(' ');
  };
  const facts = draft.facts.filter(isKept);
  return {
    ...draft,
    description: keep(draft.description),
    body: draft.body
      .split('\n')
      .map((line) => keep(line.trimEnd()))
      .filter((line, index, lines) => line !== '' || (index > 0 && lines[index - 1] !== ''))
      .join('\n')
      .trim(),
    facts: draft.type === 'bugfix' ? facts.map((fact) => tellCuredAsPast(fact, session)) : facts,
    concepts: draft.concepts.filter((concept) => concepts.size === 0 || concepts.has(concept)),
    cites: draft.cites.filter(
      ({ path }) => paths.has(path) || (path.length > 3 && said.text.includes(path.toLowerCase())),
    ),
    supersedes: draft.supersedes.filter((id) => ids.has(id)),
    contradicts: draft.contradicts.filter((id) => ids.has(id)),
  };
}

function sentencesOf(text: string): string[] {
  return text.split(/\n+|(?<=[.!?;])\s+(?=[\p{Lu}\p{Lo}`"'(])|(?<=[。！？])/u).filter((part) => part.trim() !== '');
}

/** The error of a failure that was cured would read as one that is still there. */
function tellCuredAsPast(fact: string, session: PreparedSession): string {
  const isCured = stepsOf(session, 'ran').some(
    ({ passedIn, line }) => passedIn !== undefined && line.length >= errorMinChars && fact.includes(line),
  );
  return isCured && !/^was\b/i.test(fact) ? `was: ${fact}` : fact;
}

function stepsOf<Kind extends Step['kind']>({ turns }: PreparedSession, kind: Kind): Extract<Step, { kind: Kind }>[] {
  return turns.flatMap(({ steps }) => steps.filter((step) => step.kind === kind)) as Extract<Step, { kind: Kind }>[];
}

/** True if the turn's plan was refused or the turn was aborted: then only the user's own words count as evidence. */
function restsOnRefused({ turn, evidence }: Draft, { turns }: PreparedSession): boolean {
  const named = turns.find(({ number }) => number === turn);
  return named !== undefined && isRefused(named) && (evidence === 'agent' || evidence === 'edit');
}

function isRefused({ steps, closing }: Turn): boolean {
  const plan = steps.findLast(({ kind }) => kind === 'plan');
  if (plan?.kind === 'plan') return plan.verdict === 'refused';
  return closing === '' && steps.some((step) => step.kind === 'aborted' && step.what === '');
}

/** A statement based on the overturning turn, or a later one, is the valid replacement; a dead end is about the past anyway. */
function isOverturned(draft: Draft, overturned: readonly Overturned[]): boolean {
  const { turn = 0, evidence = 'agent', type, title, description, facts, body } = draft;
  if (type === 'dead-end') return false;
  const lines = overturned.filter((line) => evidence === 'agent' || line.turn === 0 || turn < line.turn);
  return [title, ...sentencesOf(description), ...facts, ...sentencesOf(body)].some(
    (text) => !isToldAsPast(text) && lines.some((line) => sharesNames(text, line.what)),
  );
}

/** Whether a commit message of the session, or a document that it wrote, tells the record. */
export function isToldElsewhere({ title, description, body, facts }: Draft, session: PreparedSession): boolean {
  const head = wordsOf(title, description);
  const all = wordsOf(title, description, body, ...facts);
  const holds = (text: string, share: number): boolean => {
    const words = wordsOf(text);
    return containment(head, words) >= stated && containment(all, words) >= share;
  };
  return (
    stepsOf(session, 'commit').some((commit) => holds(`${commit.subject}\n${commit.body}`, inMessage)) ||
    session.end.files.some(
      ({ path, added }) => /\.(?:md|mdx|rst|adoc|txt)$/i.test(path) && holds(added.join('\n'), inDocument),
    )
  );
}

const wordsOf = (...texts: string[]): Set<string> => new Set(stemmedWords(texts.join('\n')));

function isOfGone(statement: string, gone: readonly GoneName[]): boolean {
  return gone.some(
    ({ name, now }) =>
      holdsWord(statement, name) && (now === undefined || !holdsWord(statement, now)) && !isToldAsPast(statement),
  );
}

/**
 * The user's decisions and refusals, rejected options, traps and dead ends rank highest, what a commit message tells lowest; of equal
 * ones the fuller record, since shared places are few.
 */
function bonusOf({ type, evidence, isCommitted, description, body, facts }: Draft): number {
  const isTrap = type === 'gotcha' || type === 'dead-end' || type === 'security';
  const chars = [description, body, ...facts].join(' ').length;
  return (
    (isCommitted === true ? -0.3 : 0) +
    (evidence === 'user' ? 0.2 : 0) +
    (isTrap ? 0.15 : type === 'decision' || type === 'pattern' ? 0.1 : 0) +
    0.4 * Math.min(1, chars / fullChars)
  );
}

/** A model's summary without inventions, and with the steps that are open at the session's end. */
function gateSummary(summary: SummaryDraft, { session, said, isModel }: Ground): SummaryDraft {
  if (!isModel) return summary;
  const learned = summary.learned.filter((line) => isAllSaid(line, said) && !isOfGone(line, session.end.gone));
  const nextSteps = summary.nextSteps.filter((step) => !isDone(step, session));
  const open = openPrompt(session);
  if (nextSteps.length === 0 && open !== undefined) nextSteps.push(`Not answered: ${tellPrompt(open)}`);
  return { ...summary, learned, nextSteps };
}

const committing = /\b(?:un)?commit|未提交|提交|コミット/iu;
const checking = /^(?:(?:re-?)?run|execute)\b.*\b(?:tests?|checks?|suite)\b/i;

/** Whether the session's end shows the step as done, or it is a commit that nobody asked for. */
function isDone(step: string, session: PreparedSession): boolean {
  const { turns, end } = session;
  if (committing.test(step)) {
    const asked = [...turns.map(({ prompt }) => prompt), ...stepsOf(session, 'held').map(({ reason }) => reason)];
    if (!asked.some((text) => committing.test(text)) || end.tree?.changed.length === 0) return true;
    const named = end.files.filter(({ path }) => step.includes(path.slice(path.lastIndexOf('/') + 1)));
    if (named.length > 0 && named.every(({ isCommitted }) => isCommitted)) return true;
  }
  if (checking.test(step) && end.passed.length > 0 && end.failing.length + end.untested.length === 0) return true;
  const words = wordsOf(step);
  return (
    words.size >= stepWordsMin &&
    stepsOf(session, 'commit').some(({ subject }) => containment(words, wordsOf(subject)) >= doneShare)
  );
}
