// Semantic search of a question, for `search` and the MCP server. Without an answer in time, search goes by words alone.
import type { LikenessOf } from '../memory/find.ts';

/** Short, because a person waits. */
export const questionLimitMs = 300;
const questionMaxChars = 1000;

/** Cosine similarity of each row to the question; undefined without vectors. Loads nothing unless the user enabled it. Never throws. */
export const likenessOf: LikenessOf = async (memory, table, question) => {
  if (memory.settings.search.meaning === 'off') return undefined;
  try {
    const { chooseEncoder } = await import('./choose-encoder.ts');
    const { cosines, readVectors, vectorsKey } = await import('./vectors.ts');
    const { makeRedactor } = await import('../memory/redactor.ts');
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
};
