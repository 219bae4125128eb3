// Doctor's check of semantic search: whether the encoder answers, and which records lack a vector.
import { chooseEncoder } from '../meaning/choose-encoder.ts';
import { questionLimitMs } from '../meaning/question-vector.ts';
import { readVectors, vectorsKey } from '../meaning/vectors.ts';
import type { Memory } from '../memory/open.ts';
import { note, ok, problem, type Finding } from './doctor-finding.ts';

const limitMs = 5000;

export async function checkMeaning(memory: Memory): Promise<Finding[]> {
  const chosen = chooseEncoder(memory);
  if (chosen === undefined) return [];
  const name = 'search.meaning';
  if ('why' in chosen) return [problem(`${name}: ${chosen.why}`)];
  const { encoder } = chosen;
  const vectors = readVectors(memory.paths, vectorsKey(encoder));
  const embed = async (): Promise<number | undefined> =>
    (await encoder.embed(['test'], AbortSignal.timeout(limitMs))).vectors[0]?.length;
  const cure = `search answers by words meanwhile; repomem settings ${name} off switches it off`;
  try {
    // The first call may load the model.
    await embed();
    const started = performance.now();
    const dimensions = await embed();
    const took = Math.round(performance.now() - started);
    if (vectors && dimensions !== vectors.dimensions)
      return [
        problem(
          `${name}: the records have vectors of ${vectors.dimensions} numbers, ${encoder.key} gives ${dimensions}`,
          'name another search.model and run repomem index',
        ),
      ];
    if (took > questionLimitMs)
      return [problem(`${name}: ${encoder.key} takes ${took} ms, a question waits ${questionLimitMs}`, cure)];
  } catch (error) {
    return [problem(`${name}: ${error instanceof Error ? error.message : String(error)}`, cure)];
  }
  const known = vectors?.blobs.length ?? 0;
  return known > 0
    ? [ok(`${name}: ${encoder.key} answers; ${known} vectors`)]
    : [note(`${name}: ${encoder.key} answers; no record has a vector yet`, 'repomem index')];
}
