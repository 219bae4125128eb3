import type { Excerpt } from '../domain/excerpt.ts';
import { isId } from '../domain/id.ts';

/** What an unreviewed record is called: its id where that spells no word, else the beginning of its blob id. resolveId takes both. */
export function safeId({ id, blob }: Pick<Excerpt, 'id' | 'blob'>): string {
  return isId(id) ? id : blob.slice(0, 8);
}

/** Is this a beginning of that blob id, as safeId writes it? */
export function isBlobPrefix(text: string, blob: string): boolean {
  return /^[0-9a-f]{7,64}$/.test(text) && blob.startsWith(text);
}
