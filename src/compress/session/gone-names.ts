// Names whose definition the session's edits removed, with the name that took its place. Pure.
import type { Edited, GoneName } from './prepared-session.ts';

const definition =
  /^\s*(?:export\s+)?(?:default\s+)?(?:pub(?:\(\w+\))?\s+)?(?:(?:public|private|protected|static|abstract|final|async|unsafe)\s+)*(?:def|defp|defmacrop?|defmodule|fn|func|fun|function\*?|class|interface|trait|struct|enum|type|module)\s+(?:\([^)]*\)\s*)?([\w.?!]+)/;
/** Constants and settings count at a line's beginning only: elsewhere they are a block's own. */
const constant =
  /^(?:export\s+)?(?:const|let|var|val|static|final)\s+([\w$]+)\s*(?::[^=]+)?=|^([A-Z][A-Z0-9_]{3,})\s*[=:]/;
/** As in net-edits.ts: what was cut may define anything. */
const cutMark = /\[… \d+ lines cut …\]/;
/** An ordinary word may name something else in prose. */
const coined = /[_\d$]|\p{Ll}\p{Lu}/u;

const definedIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => {
    const match = definition.exec(line) ?? constant.exec(line);
    const name = match?.[1] ?? match?.[2];
    return name === undefined || !coined.test(name) ? [] : [name];
  });

/**
 * In the order of their removal: names that the session had introduced itself, or replaced by another in one edit. A name that any
 * line of the session's edits still holds is not gone.
 */
export function goneNames(edits: readonly Edited[]): GoneName[] {
  const gone = new Map<string, GoneName & { path: string }>();
  const introduced = new Set<string>();
  const lines = new Map<string, number>();
  for (const { path, hunks } of edits) {
    for (const { removed, added } of hunks) {
      if (added.some((line) => cutMark.test(line)))
        for (const [name, each] of gone) if (each.path === path) gone.delete(name);
      count(lines, removed, -1);
      count(lines, added, 1);
      const [before, after] = [definedIn(removed), definedIn(added)];
      const lost = before.filter((name) => !after.includes(name));
      const won = after.filter((name) => !before.includes(name));
      const now = lost.length === 1 && won.length === 1 ? won[0] : undefined;
      for (const name of lost) if (now !== undefined || introduced.has(name)) gone.set(name, { path, name, now });
      for (const name of won) introduced.add(name);
      for (const name of after) gone.delete(name);
    }
  }
  const left = [...lines].flatMap(([line, times]) => (times > 0 ? [line] : [])).join('\n');
  return [...gone.values()].filter(({ name }) => !holdsWord(left, name)).map(({ name, now }) => ({ name, now }));
}

function count(lines: Map<string, number>, texts: readonly string[], by: number): void {
  for (const text of texts) lines.set(text.trim(), (lines.get(text.trim()) ?? 0) + by);
}

const isPart = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}_$]/u.test(char);

export function holdsWord(text: string, name: string): boolean {
  const at = text.indexOf(name);
  if (at < 0) return false;
  const isWhole = !isPart(text[at - 1]) && !isPart(text[at + name.length]);
  return isWhole || holdsWord(text.slice(at + name.length), name);
}
