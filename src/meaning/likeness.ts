import type { LikenessOf } from '../memory/find.ts';

/** By meaning, where the user switched that on; nothing of it is loaded otherwise. */
export const likenessOf: LikenessOf = async (memory, table, question) =>
  memory.settings.search.meaning === 'off' ? undefined : (await import('./ask.ts')).likenessTo(memory, table, question);
