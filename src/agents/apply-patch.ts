// Parses patches of apply_patch: files by `*** Add|Update|Delete File:`, hunks by `@@` or gaps, lines by ` `, `-`, `+`. They have no
// line numbers.
import type { Hunk } from '../domain/event.ts';

export interface PatchedFile {
  /** Path after the patch. */
  path: string;
  isNew: boolean;
  hunks: Hunk[];
}

export function patchedFiles(patch: string): PatchedFile[] {
  const files: PatchedFile[] = [];
  let hunk: Hunk | undefined;
  for (const line of patch.split(/\r?\n/)) {
    const file = files.at(-1);
    const named = /^\*\*\* (Add|Update|Delete) File: (.+)$/.exec(line);
    const moved = /^\*\*\* Move to: (.+)$/.exec(line);
    if (named?.[2] !== undefined) files.push({ path: named[2].trim(), isNew: named[1] === 'Add', hunks: [] });
    else if (moved?.[1] !== undefined && file) file.path = moved[1].trim();
    if (line.startsWith('*** ') || line.startsWith('@@') || line.startsWith(' ') || line === '') hunk = undefined;
    else if (file && (line.startsWith('+') || line.startsWith('-'))) {
      if (!hunk) file.hunks.push((hunk = { start: 1, lines: 0, removed: [], added: [] }));
      if (line.startsWith('-')) hunk.removed.push(line.slice(1));
      else {
        hunk.added.push(line.slice(1));
        hunk.lines++;
      }
    }
  }
  return files;
}
