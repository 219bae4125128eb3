// Checks the drafts of models and rules: statements that the session did not make are removed, and drafts that were overturned or rest
// on a refusal are refused or kept local. Pure.
import type { Draft, Overturned, SummaryDraft } from '../../domain/draft.ts';
import { mapTexts } from '../../domain/event-texts.ts';
import type { ObservationType } from '../../domain/types.ts';
import type { Event } from '../../domain/event.ts';
import type { CompressReply, CompressRequest } from '../providers/provider.ts';
import { holdsWord } from '../session/gone-names.ts';
import { prepareSession } from '../session/prepare-session.ts';
import type { GoneName, PreparedSession, Turn } from '../session/prepared-session.ts';
import { isAllSaid, saidWords, type SaidWords } from './names.ts';
import { isToldAsPast, sharesNames } from './overturned.ts';
import { withOpenSteps } from './open-steps.ts';
import { keepParagraphs, keepSentences, statementsOf } from './draft-statements.ts';
import { isToldElsewhere } from './told-elsewhere.ts';

export interface Gated {
  drafts: Draft[];
  summary?: SummaryDraft;
  refused: { title: string; reason: string }[];
}

/** Types of results that a refused plan or aborted turn would have had; findings made on the way may still hold, as local records. */
const planned: ReadonlySet<ObservationType> = new Set([
  'decision',
  'architecture',
  'pattern',
  'feature',
  'refactor',
  'change',
]);
/** Types that add nothing to the commit or document that tells them; a trap or cure is at least kept local. */
const retold: ReadonlySet<ObservationType> = new Set([
  'architecture',
  'pattern',
  'feature',
  'refactor',
  'change',
  'discovery',
  'progress',
]);
/** A shorter line of a failure may stand in any statement. */
const errorMinChars = 12;
/** A record of so many characters below its title counts as full. */
const fullChars = 800;
/** Minimum confidence to share a discovery proven by a command. */
const provenConfidence = 0.8;

export function gateReply(request: CompressRequest, reply: CompressReply): Gated {
  const session = prepareSession(request.events);
  const said = saidWords(wordsSaid(request));
  const overturned = reply.overturned ?? [];
  const ids = new Set(request.known.map(({ id }) => id));
  const { gone } = session.end;
  // The rules keep to the session's end by themselves.
  const isModel = reply.overturned !== undefined;
  const gated: Gated = {
    drafts: [],
    ...(reply.summary && {
      summary: isModel ? withOpenSteps(withLearned(reply.summary, said, gone), session) : reply.summary,
    }),
    refused: [],
  };
  for (const draft of reply.drafts) {
    const refuse = (reason: string): void => void gated.refused.push({ title: draft.title, reason });
    const isResting = restsOnRefused(draft, session);
    if (isResting && planned.has(draft.type)) refuse('it rests on what the user refused');
    else if (isModel && retold.has(draft.type) && isRetold(draft, session))
      refuse('a commit message or document of the session tells it');
    else if (isModel && draft.type !== 'dead-end' && isOfGone(draft.title, gone))
      refuse('it is about a name that is gone');
    else {
      const standing = isModel ? withoutGone(draft, gone) : draft;
      const proven = keepSaid(standing, said, ids, request);
      if (proven === undefined) refuse('nothing of it was said in the session');
      else {
        const told = tellCuredAsPast(proven, session);
        gated.drafts.push(isResting ? { ...told, place: 'local' } : place(told, said, session, overturned));
      }
    }
  }
  return gated;
}

function withLearned(summary: SummaryDraft, said: SaidWords, gone: readonly GoneName[]): SummaryDraft {
  return { ...summary, learned: summary.learned.filter((line) => isAllSaid(line, said) && !isOfGone(line, gone)) };
}

/** The words of the transcript, and those of known records, which came from earlier transcripts. */
function wordsSaid({ events, known, branch = '' }: CompressRequest): string[] {
  return [
    ...events.flatMap(textsOf),
    ...known.flatMap(({ id, title, description, body, facts }) => [id, title, description, body, ...facts]),
    branch,
  ];
}

function textsOf(event: Event): string[] {
  const texts: string[] = 'path' in event ? [event.path] : [];
  mapTexts(event, (text) => {
    texts.push(text);
    return text;
  });
  if (event.kind === 'edit') texts.push(...event.hunks.map(({ start, lines }) => `${start} ${start + lines - 1}`));
  return texts;
}

/** Removes whole statements, never parts of one. Undefined when nothing is left. */
function keepSaid(
  draft: Draft,
  said: SaidWords,
  ids: ReadonlySet<string>,
  request: CompressRequest,
): Draft | undefined {
  const isKnown = (id: string): boolean => ids.has(id);
  const paths = new Set(request.events.flatMap((event) => ('path' in event ? [event.path] : [])));
  const keep = (text: string): string => keepSentences(text, (sentence) => isAllSaid(sentence, said));
  const concepts = new Set(request.mode.concepts);
  const kept: Draft = {
    ...draft,
    description: keep(draft.description),
    body: keepParagraphs(draft.body, keep),
    facts: draft.facts.filter((fact) => isAllSaid(fact, said)),
    concepts: draft.concepts.filter((concept) => concepts.size === 0 || concepts.has(concept)),
    cites: draft.cites.filter(
      ({ path }) => paths.has(path) || (path.length > 3 && said.text.includes(path.toLowerCase())),
    ),
    supersedes: draft.supersedes.filter(isKnown),
    contradicts: draft.contradicts.filter(isKnown),
  };
  if (isAllSaid(draft.title, said)) return kept;
  return kept.description === '' && kept.body === '' && kept.facts.length === 0 ? undefined : kept;
}

/** The error of a failure that was cured would read as one that is still there. */
function tellCuredAsPast(draft: Draft, { turns }: PreparedSession): Draft {
  if (draft.type !== 'bugfix') return draft;
  const cured = turns.flatMap(({ steps }) =>
    steps.flatMap((step) =>
      step.kind === 'ran' && step.passedIn !== undefined && step.line.length >= errorMinChars ? [step.line] : [],
    ),
  );
  const isStanding = (fact: string): boolean => !/^was\b/i.test(fact) && cured.some((line) => fact.includes(line));
  return { ...draft, facts: draft.facts.map((fact) => (isStanding(fact) ? `was: ${fact}` : fact)) };
}

/** True if the turn's plan was refused or the turn was aborted: then only the user's own words count as evidence. */
function restsOnRefused({ turn, evidence }: Draft, { turns }: PreparedSession): boolean {
  if (turn === undefined || evidence === undefined || evidence === 'user') return false;
  const named = turns.find(({ number }) => number === turn);
  return named !== undefined && isRefused(named) && (evidence === 'agent' || evidence === 'edit');
}

function isRefused({ steps, closing }: Turn): boolean {
  const plan = steps.findLast(({ kind }) => kind === 'plan');
  if (plan?.kind === 'plan') return plan.verdict === 'refused';
  return closing === '' && steps.some((step) => step.kind === 'aborted' && step.what === '');
}

/** Sets tier and importance: shared slots go first to information that is neither in the tree nor in the git log. */
function place(draft: Draft, said: SaidWords, session: PreparedSession, overturned: readonly Overturned[]): Draft {
  const importance = Math.max(0, draft.importance + bonusOf(draft));
  if (draft.place === 'local' || isLocalOnly(draft, said, session, overturned))
    return { ...draft, importance, place: 'local' };
  const isProven = draft.evidence === 'command' || draft.evidence === 'user';
  if (draft.type === 'discovery' && isProven && draft.confidence >= provenConfidence)
    return { ...draft, importance, place: 'shared' };
  return { ...draft, importance };
}

function isLocalOnly(
  draft: Draft,
  said: SaidWords,
  session: PreparedSession,
  overturned: readonly Overturned[],
): boolean {
  // The rules already set the tier by evidence.
  if (draft.place === 'shared') return false;
  return !isAllSaid(draft.title, said) || isOverturned(draft, overturned) || isRetold(draft, session);
}

/** A statement based on the overturning turn, or a later one, is the valid replacement; a dead end is about the past anyway. */
function isOverturned(draft: Draft, overturned: readonly Overturned[]): boolean {
  const { turn = 0, evidence = 'agent', type } = draft;
  if (type === 'dead-end') return false;
  const lines = overturned.filter((line) => evidence === 'agent' || line.turn === 0 || turn < line.turn);
  return statementsOf(draft).some((text) => !isToldAsPast(text) && lines.some((line) => sharesNames(text, line.what)));
}

function isRetold(draft: Draft, session: PreparedSession): boolean {
  return draft.evidence !== 'user' && isToldElsewhere(draft, session);
}

function isOfGone(statement: string, gone: readonly GoneName[]): boolean {
  return (
    !isToldAsPast(statement) &&
    gone.some(({ name, now }) => holdsWord(statement, name) && (now === undefined || !holdsWord(statement, now)))
  );
}

function withoutGone(draft: Draft, gone: readonly GoneName[]): Draft {
  if (gone.length === 0 || draft.type === 'dead-end') return draft;
  const keep = (text: string): string => keepSentences(text, (sentence) => !isOfGone(sentence, gone));
  return {
    ...draft,
    description: keep(draft.description),
    body: keepParagraphs(draft.body, keep),
    facts: draft.facts.filter((fact) => !isOfGone(fact, gone)),
  };
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
