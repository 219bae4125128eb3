// Makes missing vectors for records: in the detached compressor and in `repomem index`, where latency does not matter.
import { appendUsage, tokensOn } from '../compress/claims/usage.ts';
import { messageOf } from '../domain/errors.ts';
import { isTrusted } from '../domain/excerpt.ts';
import type { Memory } from '../memory/open.ts';
import { readFull } from '../memory/read.ts';
import type { AssessedRecord, RecordSet } from '../memory/records.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { chooseEncoder } from './choose-encoder.ts';
import { quantize, readVectors, vectorsKey, writeVectors } from './vectors.ts';

export interface MeaningReport {
  /** Records with a vector now, and records that may have one. */
  done: number;
  wanted: number;
  /** Vectors made by this run. */
  made: number;
  /** Local records, which must not be sent to the endpoint. */
  kept: number;
  /** Why it stopped early. */
  trouble?: string;
}

const batchSize = 32;
/** Number of batches lost at most on interruption. */
const batchesPerWrite = 8;
const textMaxChars = 2000;

/** Undefined when semantic search is off. Never throws for failures of an endpoint. */
export async function embedRecords(memory: Memory, recordSet: RecordSet): Promise<MeaningReport | undefined> {
  const { settings, paths, env } = memory;
  const chosen = chooseEncoder(memory);
  if (chosen === undefined) return undefined;
  if ('why' in chosen) return { done: 0, wanted: 0, made: 0, kept: 0, trouble: chosen.why };
  const { encoder } = chosen;
  const tellable = recordSet.assessed.filter(
    ({ excerpt, trust, isActive }) => isActive && excerpt.type !== 'tombstone' && isTrusted(trust),
  );
  // Local records stay on this machine.
  const wanted = tellable.filter(({ excerpt }) => excerpt.tier === 'shared' || encoder.isOnThisMachine);
  const key = vectorsKey(encoder);
  const known = readVectors(paths, key);
  const vectors = new Map<string, Int8Array>();
  for (const [at, blob] of known?.blobs.entries() ?? [])
    vectors.set(blob, known!.values.subarray(at * known!.dimensions, (at + 1) * known!.dimensions));
  const missing = wanted.filter(({ excerpt }) => !vectors.has(excerpt.blob));
  const redactor = makeRedactor(memory);
  const usage = { requests: 0, tokensIn: 0, tokensOut: 0 };
  const { maxPerDay } = settings.tokens;
  const now = env.now();
  const left = maxPerDay > 0 ? maxPerDay - tokensOn(paths, now) : Number.POSITIVE_INFINITY;
  let [made, trouble] = [0, ''];
  while (made < missing.length && trouble === '') {
    const batch = missing.slice(made, made + batchSize);
    try {
      if (usage.tokensIn >= left) throw new Error(`${maxPerDay} tokens are spent today (tokens.maxPerDay)`);
      const texts = batch.map((one) => redactor.redact(textOf(memory, one)));
      const answer = await encoder.embed(texts, AbortSignal.timeout(settings.model.timeoutSeconds * 1000));
      usage.requests++;
      usage.tokensIn += answer.tokens || Math.ceil(texts.join('').length / 4);
      for (const [place, { excerpt }] of batch.entries()) vectors.set(excerpt.blob, quantize(answer.vectors[place]!));
      made += batch.length;
      if (usage.requests % batchesPerWrite === 0) writeVectors(paths, key, vectors);
    } catch (error) {
      trouble = messageOf(error);
    }
  }
  if (made > 0) writeVectors(paths, key, vectors);
  const at = now.toISOString();
  if (usage.requests > 0 && !encoder.key.startsWith('local '))
    appendUsage(paths, [{ at, provider: 'embeddings', session: '', claim: `vectors ${at}`, ...usage }]);
  const done = wanted.filter(({ excerpt }) => vectors.has(excerpt.blob)).length;
  return {
    done,
    wanted: wanted.length,
    made,
    kept: tellable.length - wanted.length,
    ...(trouble !== '' && { trouble }),
  };
}

/** The text to embed: title and description first, then details. */
function textOf(memory: Memory, assessed: AssessedRecord): string {
  const { title, description, facts, body } = readFull(memory, assessed).record;
  return [title, description, ...facts, body].filter(Boolean).join('\n').slice(0, textMaxChars);
}
