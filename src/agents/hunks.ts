// Edits as hunks: removed and added lines with their position. The rest of the file is never kept.
import type { Hunk } from '../domain/event.ts';
import { countAt, isFields, listAt } from './json-fields.ts';

/** Hunks of a unified patch in JSON: `{ oldStart, newStart, newLines, lines: [' a', '-b', '+c'] }`. */
export function hunksOfPatch(patch: readonly unknown[]): Hunk[] {
  const hunks: Hunk[] = [];
  for (const part of patch) {
    if (!isFields(part)) continue;
    let line = countAt(part, 'newStart') ?? 1;
    let hunk: Hunk | undefined;
    for (const text of listAt(part, 'lines')) {
      if (typeof text !== 'string') continue;
      const rest = text.slice(1);
      if (text.startsWith('+') || text.startsWith('-')) {
        hunk ??= { start: Math.max(line, 1), lines: 0, removed: [], added: [] };
        if (text.startsWith('-')) hunk.removed.push(rest);
        else {
          hunk.added.push(rest);
          hunk.lines++;
          line++;
        }
        continue;
      }
      if (hunk) hunks.push(hunk);
      hunk = undefined;
      if (!text.startsWith('\\')) line++;
    }
    if (hunk) hunks.push(hunk);
  }
  return hunks;
}

/** Hunks of a unified diff as text; none when it holds no `@@` line. */
export function hunksOfDiff(diff: string): Hunk[] {
  const parts: { newStart: number; lines: string[] }[] = [];
  for (const line of diff.split(/\r?\n/)) {
    const start = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line)?.[1];
    if (start !== undefined) parts.push({ newStart: Number(start), lines: [] });
    else if (/^[ +\-\\]/.test(line)) parts.at(-1)?.lines.push(line);
  }
  return hunksOfPatch(parts);
}

/** One hunk from a replaced text at an unknown position: equal lines at both ends are left out. */
export function hunkOfStrings(oldText: string, newText: string): Hunk[] {
  const before = splitLines(oldText);
  const after = splitLines(newText);
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const removed = before.slice(head, before.length - tail);
  const added = after.slice(head, after.length - tail);
  if (removed.length === 0 && added.length === 0) return [];
  return [{ start: 1 + head, lines: added.length, removed, added }];
}

/** A new file is one hunk of added lines. */
export function hunkOfFile(content: string): Hunk[] {
  const added = splitLines(content);
  return added.length === 0 ? [] : [{ start: 1, lines: added.length, removed: [], added }];
}

export interface PatchedFile {
  /** Path after the patch. */
  path: string;
  isNew: boolean;
  hunks: Hunk[];
}

/**
 * The files of a patch of apply_patch: files by `*** Add|Update|Delete File:`, hunks by `@@` or gaps, lines by ` `, `-`, `+`. They have no
 * line numbers.
 */
export function patchedFiles(patch: string): PatchedFile[] {
  const files: { path: string; isNew: boolean; lines: string[] }[] = [];
  for (const line of patch.split(/\r?\n/)) {
    const [, what, path = ''] = /^\*\*\* (Add|Update|Delete) File: (.+)$/.exec(line) ?? [];
    if (what !== undefined) files.push({ path: path.trim(), isNew: what === 'Add', lines: [] });
    const file = files.at(-1);
    file?.lines.push(line);
    const moved = /^\*\*\* Move to: (.+)$/.exec(line)?.[1];
    if (file && moved !== undefined) file.path = moved.trim();
  }
  return files.map(({ lines, ...file }) => ({
    ...file,
    hunks: hunksOfPatch([{ lines }]).map((hunk) => ({ ...hunk, start: 1 })),
  }));
}

function splitLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
