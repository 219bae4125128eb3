// Whether a commit's message speaks of what the commit does, by the names of code in it. Pure.

/** So many names in backticks tell what a message is about. */
const foreignMinNames = 2;
/** Words of all names that exist nowhere: one short name may be of another program. */
const draftMinWords = 4;

/** Of several names in backticks none is in what was changed: the message of a whole pull request, or of another one. */
export function isForeign(message: string, diff: string): boolean {
  const quoted = [...message.matchAll(/`([^`\n]{3,60})`/g)].map((match) => match[1]!);
  const names = new Set(quoted.flatMap((text) => /[\p{L}_][\p{L}\p{N}_]{2,}(?=\W*$)/u.exec(text)?.[0] ?? []));
  return names.size >= foreignMinNames && ![...names].some((name) => diff.includes(name));
}

/** Names in backticks of several words, such as `read_file` and `readFile`, that the diff does not mention. */
export function namesNotIn(message: string, diff: string): string[] {
  const quoted = message.match(/`[^`\n]{3,80}`/g) ?? [];
  const names = quoted.flatMap((text) => text.match(/\b[A-Za-z]\w*(?:[a-z]_[A-Za-z]|[a-z][A-Z])\w*/g) ?? []);
  const changed = diff.toLowerCase();
  return [...new Set(names)].filter((name) => !changed.includes(name.toLowerCase()));
}

/** Names that neither the change nor today's code has: the message tells an earlier draft of the change, or what is long gone. */
export function isEarlierDraft(names: readonly string[], code: string): boolean {
  const known = code.toLowerCase();
  const gone = names.filter((name) => !known.includes(name.toLowerCase()));
  return gone.flatMap((name) => name.split(/_|(?<=[a-z])(?=[A-Z])/)).length >= draftMinWords;
}
