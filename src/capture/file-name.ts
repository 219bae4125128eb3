// A file's name for whatever a host calls a session, an event, a tool use.
import { createHash } from 'node:crypto';

/** The words themselves where they are plain, as ids of hosts are; elsewhere their hash. */
export function fileNameOf(...words: readonly string[]): string {
  const name = words.join('.');
  // Not the hash's own look, and nothing that a file system would take for another name.
  if (name.length <= 160 && words.every((word) => /^\w[\w-]*$/.test(word)) && !/^[0-9a-f]{24}$/.test(name)) return name;
  return createHash('sha256').update(words.join('\0')).digest('hex').slice(0, 24);
}
