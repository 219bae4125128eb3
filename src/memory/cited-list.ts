// The plain list of cited paths beside the caches: with it the shell guard of PreToolUse knows which files need no Node start.
import { join } from 'node:path';
import { readTextOrEmpty } from '../store/lenient-files.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import type { Memory } from './open.ts';
import { tellable, type RecordSet } from './records.ts';

/** Writes `<privateDir>/cited` where it changed; best effort, an old list costs a Node start or a record not shown. */
export function writeCitedList({ paths }: Memory, recordSet: RecordSet): void {
  const filePaths = new Set<string>();
  for (const { excerpt } of tellable(recordSet))
    // A short or bare name would match nearly every payload; one with a line break cannot stand in the list.
    for (const { path } of excerpt.cites) if (path.length > 3 && !/[\n\r]/.test(path)) filePaths.add(spellingIn(path));
  const text = Array.from([...filePaths].sort(), (path) => `${path}\n`).join('');
  const file = join(paths.privateDir, 'cited');
  try {
    if (readTextOrEmpty(file) !== text) writeFileAtomic(file, text, { mode: 0o600, fsync: false });
  } catch {
    // Read-only or full: the hook says less, nothing breaks.
  }
}

const isPlainPath = /^[\w./+@ -]+$/;

/** As the path stands in a payload's JSON. */
function spellingIn(path: string): string {
  return isPlainPath.test(path) ? path : JSON.stringify(path).slice(1, -1);
}
