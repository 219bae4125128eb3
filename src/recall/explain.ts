// Why a session is told what it is told: the block with the order behind it, and what a prompt would bring.
import { describeRanking, explainScore } from '../context/rank.ts';
import { promptLimits, renderRecall } from '../context/render-block.ts';
import { markStale } from '../memory/mark-stale.ts';
import { countTelling, findForPrompt, search } from '../memory/find.ts';
import type { Memory } from '../memory/open.ts';
import { readRecordSet, type RecordSet } from '../memory/records.ts';
import { rankBlock } from './block.ts';
import { isQuestion, promptHeading } from './unprompted.ts';

const runnersUp = 30;

/** Writes nothing. With the context switched off the text is '' and the order stays to be seen. */
export async function explainBlock(memory: Memory, read?: RecordSet) {
  const { block, ranked, workingSet } = await rankBlock(memory, {}, read, runnersUp);
  const isOn = memory.settings.context.enabled;
  const now = memory.env.now();
  const told = isOn ? block : { ...block, text: '', shown: 0, ids: [] };
  return {
    ...told,
    rankedBy: describeRanking(workingSet),
    /** Best first: those of the block, then the runners-up. */
    records: ranked.map((one, at) => ({
      ...one,
      reasons: explainScore(one, workingSet, now),
      isShown: at < told.shown,
    })),
  };
}

/** As for a session that was told nothing yet. */
export async function explainPrompt(memory: Memory, prompt: string, read?: RecordSet) {
  const recordSet = read ?? (await readRecordSet(memory));
  const isAsked = memory.settings.recall.prompt && isQuestion(prompt);
  const chosen = isAsked ? (await findForPrompt(memory, recordSet, prompt)).slice(0, promptLimits.maxRecords) : [];
  const { text, ids } = renderRecall(promptHeading, await markStale(memory, chosen), promptLimits);
  const wish = { text: prompt.slice(0, 2000), limit: 10, isPlain: true };
  const found = prompt.trim() === '' ? [] : (await search(memory, recordSet, wish)).found;
  return {
    /** What the hook would print; '' when nothing passes the bar. */
    text,
    candidates: found.map((one) => ({
      ...one,
      words: countTelling(one.hit.words, recordSet.table.count),
      isTold: ids.includes(one.excerpt.id),
    })),
  };
}
