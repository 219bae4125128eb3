// Why a session is told what it is told: the block with the order behind it.
import { describeRanking, explainScore } from '../context/rank.ts';
import type { Memory } from '../memory/open.ts';
import type { RecordSet } from '../memory/records.ts';
import { rankBlock } from './block.ts';

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
