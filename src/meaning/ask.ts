// A question by its meaning, for `search` and the MCP server. What takes too long or fails is left out: the answer by words stands.
import type { RecordTable } from '../index/table.ts';
import type { Memory } from '../memory/open.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { vectorsKey } from './build.ts';
import { chooseEncoder } from './choose.ts';
import { cosines, readVectors } from './vectors.ts';

/** A person waits. */
export const questionLimitMs = 300;
const questionMaxChars = 1000;

/** The cosine of each row to the question, or nothing. Never throws. */
export async function likenessTo(
  memory: Memory,
  table: RecordTable,
  question: string,
): Promise<((row: number) => number | undefined) | undefined> {
  try {
    const chosen = chooseEncoder(memory);
    if (chosen === undefined || 'why' in chosen) return undefined;
    const { encoder } = chosen;
    const vectors = readVectors(memory.paths, vectorsKey(encoder));
    if (vectors === undefined || vectors.blobs.length === 0) return undefined;
    const text = makeRedactor(memory).redact(question.slice(0, questionMaxChars));
    const {
      vectors: [asked],
    } = await encoder.embed([text], AbortSignal.timeout(questionLimitMs));
    if (asked?.length !== vectors.dimensions) return undefined;
    const found = cosines(vectors, asked);
    const byBlob = new Map(vectors.blobs.map((blob, at) => [blob, found[at]!]));
    const blobs = table.column('blob');
    return (row) => byBlob.get(blobs[row]!);
  } catch {
    return undefined;
  }
}
