// Next steps of a model's summary without those that the session's own end shows as done, and commits that nobody asked for. Pure.
import type { SummaryDraft } from '../../domain/draft.ts';
import { stemmedWords } from '../../index/words.ts';
import { openPrompt, tellPrompt } from '../session/open-prompt.ts';
import type { PreparedSession } from '../session/prepared-session.ts';
import { containment } from './similarity.ts';

/** Of a step's words, in a commit's subject. */
const doneShare = 0.85;
const wordsMin = 3;
const committing = /\b(?:un)?commit|未提交|提交|コミット/iu;
const checking = /^(?:(?:re-?)?run|execute)\b.*\b(?:tests?|checks?|suite)\b/i;

export function withOpenSteps(summary: SummaryDraft, session: PreparedSession): SummaryDraft {
  const nextSteps = summary.nextSteps.filter((step) => !isDone(step, session));
  const open = openPrompt(session);
  return {
    ...summary,
    nextSteps: nextSteps.length > 0 || open === undefined ? nextSteps : [`Not answered: ${tellPrompt(open)}`],
  };
}

function isDone(step: string, { turns, end }: PreparedSession): boolean {
  if (committing.test(step)) {
    const isAsked = turns.some(({ prompt, steps }) =>
      [prompt, ...steps.map((each) => (each.kind === 'held' ? each.reason : ''))].some((text) => committing.test(text)),
    );
    if (!isAsked || end.tree?.changed.length === 0) return true;
    const named = end.files.filter(({ path }) => step.includes(path.slice(path.lastIndexOf('/') + 1)));
    if (named.length > 0 && named.every(({ isCommitted }) => isCommitted)) return true;
  }
  if (checking.test(step) && end.passed.length > 0 && end.failing.length + end.untested.length === 0) return true;
  const words = new Set(stemmedWords(step));
  const subjects = turns.flatMap(({ steps }) =>
    steps.flatMap((each) => (each.kind === 'commit' ? [each.subject] : [])),
  );
  return (
    words.size >= wordsMin &&
    subjects.some((subject) => containment(words, new Set(stemmedWords(subject))) >= doneShare)
  );
}
