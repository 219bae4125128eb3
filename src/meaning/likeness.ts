import type { LikenessOf } from '../memory/find.ts';

/** Semantic similarity, if the user enabled it; otherwise nothing is loaded. */
export const likenessOf: LikenessOf = async (memory, table, question) =>
  memory.settings.search.meaning === 'off'
    ? undefined
    : (await import('./question-vector.ts')).likenessTo(memory, table, question);
