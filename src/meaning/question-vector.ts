// Semantic search of a question, for `search` and the MCP server. On timeout or failure, search uses words only.
import type { RecordTable } from '../index/table.ts';
import type { Memory } from '../memory/open.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { chooseEncoder } from './choose-encoder.ts';
import { cosines, findVectors, vectorsKey } from './vectors.ts';

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
    const parse = findVectors(memory.paths, vectorsKey(encoder));
    if (parse === undefined) return undefined;
    const text = makeRedactor(memory).redact(question.slice(0, questionMaxChars));
    const embedding = encoder.embed([text], AbortSignal.timeout(questionLimitMs));
    // Awaited below, and perhaps never.
    embedding.catch(() => {});
    // The request is on its way; the encoder works while the vectors are parsed.
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    const vectors = parse();
    const places = new Map<string, number>();
    for (const [at, blob] of vectors.blobs.entries()) places.set(blob, at);
    const blobs = table.column('blob');
    const {
      vectors: [asked],
    } = await embedding;
    if (asked?.length !== vectors.dimensions) return undefined;
    const found = cosines(vectors, asked);
    // Beyond the end for a row without a vector.
    return (row) => found[places.get(blobs[row]!) ?? found.length];
  } catch {
    return undefined;
  }
}
