// What is said at the right moment: a few records for a prompt or a file, one short paragraph each.
import type { Candidate } from './rank.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { localDate } from '../domain/local-time.ts';
import { beyondTitle } from './repeats.ts';
import { fenceClose, fenceOpen } from './render-block.ts';

export interface RecallLimits {
  maxRecords: number;
  maxChars: number;
}

/** At most 3 records and 1,200 characters with a prompt, 800 characters with a file. */
export const promptLimits: RecallLimits = { maxRecords: 3, maxChars: 1200 };
export const fileLimits: RecallLimits = { maxRecords: 3, maxChars: 800 };

/** The text to inject and the ids it holds; '' when nothing fits. `offset`: minutes east of UTC of the user's clock. */
export function renderRecall(
  heading: string,
  candidates: readonly Candidate[],
  limits: RecallLimits,
  offset = 0,
): { text: string; ids: string[] } {
  const frame = (lines: readonly string[]): string =>
    [fenceOpen, cleanLine(heading, 160), ...lines, fenceClose].join('\n');
  const lines: string[] = [];
  const ids: string[] = [];
  for (const candidate of candidates.slice(0, limits.maxRecords)) {
    const line = recallLine(candidate, offset);
    if (frame([...lines, line]).length >= limits.maxChars) continue;
    lines.push(line);
    ids.push(candidate.excerpt.id);
  }
  return { text: lines.length === 0 ? '' : frame(lines), ids };
}

function recallLine({ excerpt, stale }: Candidate, offset: number): string {
  const mark = stale ? ` [${stale.freshness}${stale.commit ? ` in ${stale.commit}` : ''}]` : '';
  const origin = excerpt.source === 'external' ? ' [external source]' : '';
  const more = beyondTitle(excerpt.title, excerpt.description);
  const why = more ? `: ${cleanLine(more, 200)}` : '';
  return `- ${cleanLine(excerpt.id, 40)} ${localDate(excerpt.created, offset)} ${excerpt.type}${origin}${mark} ${cleanLine(excerpt.title, 90)}${why} (~${excerpt.tokens} tokens)`;
}
