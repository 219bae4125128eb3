// File names for a host's session, event and tool use ids.
import { hash } from 'node:crypto';

/** The words themselves if they are safe, as hosts' ids usually are; otherwise their hash. */
export function fileNameOf(...words: readonly string[]): string {
  const name = words.join('.');
  // Excludes names that look like a hash, or that a file system could confuse with another.
  if (name.length <= 160 && words.every((word) => /^\w[\w-]*$/.test(word)) && !/^[0-9a-f]{24}$/.test(name)) return name;
  return hash('sha256', words.join('\0'), 'hex').slice(0, 24);
}
