// The rules: no model, no network, no chance. They keep what stands in a session; they compose nothing.
import type { Draft } from '../../domain/draft.ts';
import type { CompressReply, CompressRequest, KnownRecord, Provider } from '../providers/provider.ts';
import { prepareSession } from '../session/prepare-session.ts';
import { deadEndsOf } from './dead-ends.ts';
import { decisionsOf } from './decisions.ts';
import { fixesOf } from './fixes.ts';
import { instructionsOf } from './standing-instructions.ts';
import { logOf } from './turn-log.ts';
import { joinFixes, statedChoicesOf } from './stated-choices.ts';
import { summarize } from './summary.ts';
import { readTimeline } from './session-order.ts';
import { overrules } from './taken-back.ts';
import { shared, subjectOf } from './words/content-words.ts';

export const extractiveName = 'extractive/1';

/** The default provider. Answers the same request with the same reply. */
export function extractiveProvider(): Provider {
  return {
    name: 'extractive',
    isFree: true,
    async compress(request: CompressRequest): Promise<CompressReply> {
      const session = prepareSession(request.events);
      const timeline = readTimeline(session);
      const firm = lastWords([
        ...instructionsOf(session, timeline, request.known),
        ...decisionsOf(session, timeline),
        ...deadEndsOf(session, timeline),
        ...joinFixes(statedChoicesOf(session, timeline), fixesOf(session, timeline)),
      ]);
      const log = logOf(session, timeline, firm);
      const drafts = [...firm, ...lastAccounts(log.flatMap((each) => each.drafts))]
        .filter(({ type, importance }) => request.mode.types.includes(type) && importance >= request.mode.minImportance)
        .map((draft) => replaceKnown(draft, request.known));
      const summary = summarize(session, timeline, drafts, log);
      return {
        drafts: drafts.sort((a, b) => b.importance - a.importance),
        ...(summary ? { summary } : {}),
        usage: { requests: 0, tokensIn: 0, tokensOut: 0 },
        by: extractiveName,
      };
    },
  };
}

/** Of two shared statements on the same subject the later one is kept, and of one turn the one with the better evidence. */
function lastWords(drafts: readonly Draft[]): Draft[] {
  return drafts.filter((draft, index) => {
    if (draft.place !== 'shared') return true;
    return !drafts.some((other, place) => {
      if (other === draft || other.place !== 'shared') return false;
      const isSame = other.title === draft.title || (other.type === draft.type && isReplaced(draft, other));
      return isSame && ((other.turn ?? 0) > (draft.turn ?? 0) || (other.turn === draft.turn && place < index));
    });
  });
}

/** Of accounts that say the same again, the last. */
function lastAccounts(drafts: readonly Draft[]): Draft[] {
  return drafts.filter((draft, index) => !drafts.slice(index + 1).some((later) => isAlike(draft.title, later.title)));
}

function isAlike(a: string, b: string): boolean {
  const [left, right] = [subjectOf(a), subjectOf(b)];
  return a === b || shared(left, right) >= Math.max(2, left.size * alikeShare, right.size * alikeShare);
}

/** Of the words and names of two titles. */
const alikeShare = 0.8;

/** Of rules only what takes them back: two may hold for one tool. */
function isReplaced(a: Draft, b: Draft): boolean {
  if (a.type === 'pattern' && a.evidence === 'user') return overrules(b.title, a.title, true);
  const [left, right] = [subjectOf(a.title), subjectOf(b.title)];
  return shared(left, right) >= Math.max(2, Math.min(left.size, right.size) * 0.6);
}

/** A decision or rule that takes an older one of the same kind back, or answers the same question otherwise, takes its place. */
function replaceKnown(draft: Draft, known: readonly KnownRecord[]): Draft {
  if (draft.evidence !== 'user' || draft.place !== 'shared') return draft;
  const older = known.filter(({ type, title }) => {
    if (type !== draft.type || title === draft.title) return false;
    return isSameQuestion(draft.title, title) || overrules(draft.title, title, true);
  });
  return { ...draft, supersedes: [...new Set([...draft.supersedes, ...older.map(({ id }) => id)])] };
}

/** "Log retention: 30 days", "Log retention: 90 days" */
function isSameQuestion(title: string, other: string): boolean {
  const [subject, old] = [title, other].map((text) => /^([^:：`]{3,60})[:：]\s/.exec(text)?.[1]?.toLowerCase());
  return subject !== undefined && subject === old;
}
