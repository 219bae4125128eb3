// Doctor's checks of models: a rejected key, a failing endpoint, a reached cap, an invalid mode; whether the encoder of semantic search answers.
import { messageOf } from '../domain/errors.ts';
import { consentHint, isAnswered } from '../learn/consent.ts';
import { loadMode } from '../learn/modes.ts';
import { pickProvider } from '../learn/pick-provider.ts';
import { chooseEncoder } from '../meaning/choose-encoder.ts';
import { questionLimitMs } from '../meaning/question-vector.ts';
import { readVectors, vectorsKey } from '../meaning/vectors.ts';
import type { Memory } from '../memory/open.ts';
import { type Finding, findings, note, ok, problem } from './doctor-finding.ts';

export async function checkProvider(memory: Memory): Promise<Finding[]> {
  const { name, why, pause, trouble } = pickProvider(memory);
  const asked = memory.settings.provider;
  const isMissing = name === 'extractive' && asked !== 'extractive';
  const level = !isMissing ? ok : asked === 'auto' ? note : problem;
  const failure =
    pause === undefined ? `failed at ${trouble?.at}: ${trouble?.reason}` : `is not asked for now: ${pause}`;
  const advice = trouble?.isLasting ? 'check key, model and endpoint (repomem settings); ' : '';
  const { problems } = await loadMode(memory);
  return findings(
    level(`provider ${name}: ${why}`),
    name === 'extractive' && !isAnswered(memory.sources) && note(consentHint),
    (pause ?? trouble) !== undefined &&
      problem(`provider ${name} ${failure}`, `${advice}the rules do the work meanwhile`),
    ...problems.map(({ path, line, reason }) =>
      problem(
        `${path}${line === undefined ? '' : `:${line}`}: ${reason}`,
        'mend the file, or choose another mode: repomem settings mode code',
      ),
    ),
  );
}

const limitMs = 5000;

export async function checkMeaning(memory: Memory): Promise<Finding[]> {
  const chosen = chooseEncoder(memory);
  if (chosen === undefined) return [];
  const name = 'search.meaning';
  if ('why' in chosen) return [problem(`${name}: ${chosen.why}`)];
  const { encoder } = chosen;
  const vectors = readVectors(memory.paths, vectorsKey(encoder));
  const embed = async (maxMs: number): Promise<number | undefined> =>
    (await encoder.embed(['test'], AbortSignal.timeout(maxMs))).vectors[0]?.length;
  try {
    // The first call may load the model.
    await embed(limitMs);
    const dimensions = await embed(questionLimitMs);
    if (vectors && dimensions !== vectors.dimensions)
      return [
        problem(
          `${name}: the records have vectors of ${vectors.dimensions} numbers, ${encoder.key} gives ${dimensions}`,
          'name another search.model and run repomem index',
        ),
      ];
  } catch (error) {
    const cure = `search answers by words wherever ${encoder.key} fails or takes more than ${questionLimitMs} ms; repomem settings ${name} off switches it off`;
    return [problem(`${name}: ${messageOf(error)}`, cure)];
  }
  const known = vectors?.blobs.length ?? 0;
  return known > 0
    ? [ok(`${name}: ${encoder.key} answers; ${known} vectors`)]
    : [note(`${name}: ${encoder.key} answers; no record has a vector yet`, 'repomem index')];
}
