// Doctor's check of semantic search: whether the encoder answers, and which records lack a vector.
import { questionLimitMs } from '../meaning/question-vector.ts';
import { chooseEncoder } from '../meaning/choose-encoder.ts';
import { readVectors, vectorsKey } from '../meaning/vectors.ts';
import type { Memory } from '../memory/open.ts';
import type { Finding } from './doctor-finding.ts';

const limitMs = 5000;

export async function checkMeaning(memory: Memory): Promise<Finding[]> {
  const chosen = chooseEncoder(memory);
  if (chosen === undefined) return [];
  if ('why' in chosen) return [{ level: 'problem', what: `search.meaning: ${chosen.why}` }];
  const { encoder } = chosen;
  const vectors = readVectors(memory.paths, vectorsKey(encoder));
  const cure = 'search answers by words meanwhile; repomem settings search.meaning off switches it off';
  try {
    // The first call may load the model.
    await encoder.embed(['test'], AbortSignal.timeout(limitMs));
    const started = performance.now();
    const {
      vectors: [answer],
    } = await encoder.embed(['test'], AbortSignal.timeout(limitMs));
    if (vectors && answer?.length !== vectors.dimensions)
      return [
        {
          level: 'problem',
          what: `search.meaning: the records have vectors of ${vectors.dimensions} numbers, ${encoder.key} gives ${answer?.length}`,
          cure: 'name another search.model and run repomem index',
        },
      ];
    const took = Math.round(performance.now() - started);
    if (took > questionLimitMs)
      return [
        {
          level: 'problem',
          what: `search.meaning: ${encoder.key} takes ${took} ms, a question waits ${questionLimitMs}`,
          cure,
        },
      ];
  } catch (error) {
    return [
      { level: 'problem', what: `search.meaning: ${error instanceof Error ? error.message : String(error)}`, cure },
    ];
  }
  const known = vectors?.blobs.length ?? 0;
  return known === 0
    ? [
        {
          level: 'note',
          what: `search.meaning: ${encoder.key} answers; no record has a vector yet`,
          cure: 'repomem index',
        },
      ]
    : [{ level: 'ok', what: `search.meaning: ${encoder.key} answers; ${known} vectors` }];
}
