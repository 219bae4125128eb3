// Semantic search of a question, for `search` and the MCP server. On timeout or failure, search uses words only.
import type { RecordTable } from '../index/table.ts';
import type { Memory } from '../memory/open.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { chooseEncoder } from './choose-encoder.ts';
import { cosines, readVectors, vectorsKey } from './vectors.ts';

/** Short, because a person waits. */
export const questionLimitMs = 300;
const questionMaxChars = 1000;

/** Cosine similarity of each row to the question; undefined without vectors. Never throws. */
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
    if (vectors === undefined) return undefined;
    const text = makeRedactor(memory).redact(question.slice(0, questionMaxChars));
    const [asked] = (await encoder.embed([text], AbortSignal.timeout(questionLimitMs))).vectors;
    if (asked?.length !== vectors.dimensions) return undefined;
    const found = cosines(vectors, asked);
    const places = new Map(vectors.blobs.map((blob, at) => [blob, at]));
    const blobs = table.column('blob');
    // Beyond the end for a row without a vector.
    return (row) => found[places.get(blobs[row]!) ?? found.length];
  } catch {
    return undefined;
  }
}
