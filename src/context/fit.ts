// How many records the budget buys: the longest prefix of the ranking whose block fits.
import { tokensOf } from '../domain/excerpt.ts';
import { type BlockContent, type LastSession, newSentences, renderBlock } from './render-block.ts';

/** Hosts spill additional context over 10,000 UTF-16 units into a file (host-contracts.md); we stay well below. */
export const blockMaxChars = 9000;

/** `tokens`: of the whole block, ⌈characters / 4⌉. */
type Budget = Readonly<{ tokens: number; maxRecords: number }>;

/**
 * The block within its budget: fewer records first, then shorter summaries, then none. Never over `blockMaxChars`.
 * An empty string when not even the frame fits.
 */
export function fitBlock(content: BlockContent, budget: Budget): { text: string; shown: number } {
  const slimmed = [
    content,
    withSummaries(content, (session) => firstSentences(session, 3)),
    withSummaries(content, (session) => firstSentences(session, 1)),
    withSummaries(content, () => undefined),
  ];
  for (const slimmer of slimmed) {
    const shown = countFitting(slimmer, budget);
    if (shown !== undefined && (shown > 0 || content.shown.length === 0 || slimmer.last === undefined))
      return { shown, text: renderFirst(withoutRepeats(slimmer, shown), shown) };
  }
  return { text: '', shown: 0 };
}

/** How many records the budget buys; undefined when not even the frame fits. */
function countFitting(content: BlockContent, budget: Budget): number | undefined {
  const fits = (count: number): boolean => {
    const text = renderFirst(content, count);
    return text.length <= blockMaxChars && tokensOf(text) <= budget.tokens;
  };
  if (!fits(0)) return undefined;
  let low = 0;
  let high = Math.min(content.shown.length, Math.max(0, budget.maxRecords));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function renderFirst(content: BlockContent, count: number): string {
  return renderBlock({ ...content, shown: content.shown.slice(0, count), nowCount: Math.min(content.nowCount, count) });
}

/** The summaries without what the first `count` records say; taking away never makes a block that fitted too long. */
function withoutRepeats(content: BlockContent, count: number): BlockContent {
  const told = content.shown
    .slice(0, count)
    .flatMap(({ excerpt: { title, description } }) => [title, `${title} ${description}`]);
  return withSummaries(content, (session) => {
    const learned = newSentences(session.learned, told);
    const completed = newSentences(session.completed, [...told, ...learned]);
    return { ...session, learned, completed, nextSteps: newSentences(session.nextSteps, told) };
  });
}

function firstSentences(session: LastSession, count: number): LastSession {
  const first = (sentences: string[]): string[] => sentences.slice(0, count);
  const { learned, completed, nextSteps } = session;
  return { ...session, learned: first(learned), completed: first(completed), nextSteps: first(nextSteps) };
}

function withSummaries(content: BlockContent, change: (session: LastSession) => LastSession | undefined): BlockContent {
  const { last, checkpoint } = content;
  return { ...content, last: last && change(last), checkpoint: checkpoint && change(checkpoint) };
}
