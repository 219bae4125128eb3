// How many records the budget buys: the longest prefix of the ranking whose block fits.
import { tokensOf } from '../domain/excerpt.ts';
import { renderBlock, type BlockContent, type LastSession } from './render-block.ts';
import { newSentences } from './repeats.ts';

/** Hosts spill additional context over 10,000 UTF-16 units into a file (host-contracts.md); we stay well below. */
export const blockMaxChars = 9000;

export interface Budget {
  /** Tokens of the whole block, ⌈characters / 4⌉. */
  tokens: number;
  maxRecords: number;
}

/**
 * The block within its budget: fewer records first, then shorter summaries, then none. Never over `blockMaxChars`.
 * An empty string when not even the frame fits.
 */
export function fitBlock(content: BlockContent, budget: Budget): { text: string; shown: number } {
  for (const slimmer of [
    content,
    withShortSummaries(content, 3),
    withShortSummaries(content, 1),
    withoutSummaries(content),
  ]) {
    const fitted = fitRecords(slimmer, budget);
    if (fitted && (fitted.shown > 0 || content.shown.length === 0 || slimmer.last === undefined))
      return { ...fitted, text: renderFirst(withoutRepeats(slimmer, fitted.shown), fitted.shown) };
  }
  return { text: '', shown: 0 };
}

function fitRecords(content: BlockContent, budget: Budget): { text: string; shown: number } | undefined {
  const render = (count: number): string => renderFirst(content, count);
  const fits = (text: string): boolean => text.length <= blockMaxChars && tokensOf(text) <= budget.tokens;
  let low = 0;
  let high = Math.min(content.shown.length, Math.max(0, budget.maxRecords));
  if (!fits(render(0))) return undefined;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(render(middle))) low = middle;
    else high = middle - 1;
  }
  return { text: render(low), shown: low };
}

function renderFirst(content: BlockContent, count: number): string {
  return renderBlock({ ...content, shown: content.shown.slice(0, count), nowCount: Math.min(content.nowCount, count) });
}

/** The summaries without what the first `count` records say; taking away never makes a block that fitted too long. */
function withoutRepeats(content: BlockContent, count: number): BlockContent {
  const told = content.shown
    .slice(0, count)
    .flatMap(({ excerpt: { title, description } }) => [title, `${title} ${description}`]);
  const shorten = (session: LastSession | undefined): LastSession | undefined => {
    if (session === undefined) return undefined;
    const learned = newSentences(session.learned, told);
    const completed = newSentences(session.completed, [...told, ...learned]);
    return { ...session, learned, completed, nextSteps: newSentences(session.nextSteps, told) };
  };
  return withSessions(content, shorten(content.last), shorten(content.checkpoint));
}

function withShortSummaries(content: BlockContent, sentences: number): BlockContent {
  const shorten = (session: LastSession | undefined): LastSession | undefined =>
    session && {
      ...session,
      learned: session.learned.slice(0, sentences),
      completed: session.completed.slice(0, sentences),
      nextSteps: session.nextSteps.slice(0, sentences),
    };
  return withSessions(content, shorten(content.last), shorten(content.checkpoint));
}

function withoutSummaries(content: BlockContent): BlockContent {
  return withSessions(content, undefined, undefined);
}

function withSessions(content: BlockContent, last?: LastSession, checkpoint?: LastSession): BlockContent {
  const { last: _last, checkpoint: _checkpoint, ...rest } = content;
  return { ...rest, ...(last && { last }), ...(checkpoint && { checkpoint }) };
}
