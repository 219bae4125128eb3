// Edits from a file's first state to its last: what was written and taken out again is not there.
import type { Edited, NetEdit } from './prepared-session.ts';
import { isListed } from './work-tree.ts';

interface Lines {
  added: string[];
  removed: string[];
}

interface FileState {
  path: string;
  isNew: boolean;
  now: Lines;
  /** As of the last commit: what `git stash` and `git reset --hard` go back to. */
  committed: Lines;
  /** As of the last `git add`: what `git checkout` and `git restore` go back to. */
  staged: Lines;
  wasCommitted: boolean;
}

const none: Lines = { added: [], removed: [] };

const cutMark = /^\[… \d+ lines cut …\]$/;

/** Follows a session's edits in order. Lines are compared by their trimmed text; empty ones are left out. */
export function followEdits() {
  const files = new Map<string, FileState>();
  const reverted = new Set<string>();
  return {
    edit({ path, isNew, hunks }: Pick<Edited, 'path' | 'isNew' | 'hunks'>): void {
      const file = files.get(path) ?? { path, isNew, now: none, committed: none, staged: none };
      const now = { added: [...file.now.added], removed: [...file.now.removed] };
      for (const { removed, added } of hunks) {
        for (const line of removed) move(line, now.added, now.removed);
        for (const line of added) move(line, now.removed, now.added);
      }
      files.set(path, { ...file, now, wasCommitted: false });
      if (now.added.length + now.removed.length === 0) reverted.add(path);
      else reverted.delete(path);
    },
    /** A command with `git add`. */
    stage(command: string): void {
      for (const path of pathsAdded(command, [...files.keys()])) {
        const file = files.get(path)!;
        file.staged = file.now;
      }
    },
    commit(): void {
      for (const file of files.values()) {
        file.committed = file.now;
        file.staged = file.now;
        file.wasCommitted = true;
      }
    },
    /** `changed`: the paths that git says differ from the last commit. */
    see(changed: readonly string[]): void {
      for (const file of files.values()) file.wasCommitted = !isListed(file.path, changed);
    },
    /** The files that a command put back or removed. */
    putBack(command: string): string[] {
      const isRemoval = /(?:^|[\s;&|])(?:git )?rm\s/.test(command);
      const back = pathsPutBack(command, [...files.keys()])
        .map((path) => files.get(path)!)
        .filter((file) => (isRemoval ? file.isNew : !file.wasCommitted));
      const isOfCommit = fromCommit.test(command);
      for (const file of back) {
        file.now = isRemoval ? none : isOfCommit ? file.committed : file.staged;
        if (isOfCommit) file.staged = file.committed;
        reverted.add(file.path);
      }
      return back.map(({ path }) => path);
    },
    net: (): NetEdit[] =>
      [...files.values()]
        .map(({ path, isNew, now, wasCommitted }) => ({
          path,
          isNew,
          added: now.added.filter((line) => !isComment(line)),
          removed: now.removed.filter((line) => !isComment(line)),
          isCommitted: wasCommitted,
        }))
        .filter(({ added, removed }) => added.length + removed.length > 0),
    reverted: (): string[] => [...reverted],
  };
}

/** A line that goes (or comes) undoes an earlier one that came (or went), or else counts. */
function move(text: string, undone: string[], counted: string[]): void {
  const line = text.trim();
  if (line === '' || cutMark.test(line)) return;
  const index = undone.lastIndexOf(line);
  if (index >= 0) undone.splice(index, 1);
  else counted.push(line);
}

function isComment(line: string): boolean {
  return /^(?:\/\/|#(?!\w)|\/?\*|--\s|<!--|;;|%|""")/.test(line);
}

const restoresAll =
  /^git (?:-C \S+ )?(?:reset --hard|stash(?!\s+(?:pop|apply|list|show))|checkout (?:-f )?(?:-- )?\.(?:\s|$)|restore (?:\S+ )*\.(?:\s|$))/;

/** Restores what a commit has, whatever is staged. */
const fromCommit = /\bgit (?:-C \S+ )?(?:stash|reset|checkout (?!-)\S+ --|restore (?:\S+ )*(?:-s|--source)\b)/;

/** Of `known`, the paths that a command restores from git or removes. */
function pathsPutBack(command: string, known: readonly string[]): string[] {
  // Put aside for a look at what was before.
  if (/\bgit stash (?:pop|apply)\b/.test(command)) return [];
  return command
    .split(/&&|\|\||[;|\n]/)
    .map((part) => part.trim())
    .flatMap((part) => {
      if (restoresAll.test(part)) return known;
      const rest = /^(?:git (?:-C \S+ )?(?:checkout(?: \S+)? --|restore|rm)|git checkout|rm)\s+(.*)$/.exec(part)?.[1];
      if (rest === undefined || /--staged/.test(rest)) return [];
      return namedIn(rest, known);
    });
}

/** Of `known`, the paths that a command stages. */
function pathsAdded(command: string, known: readonly string[]): string[] {
  return command.split(/&&|\|\||[;|\n]/).flatMap((part) => {
    const rest = /^\s*git (?:-C \S+ )?add\s+(.*)$/.exec(part)?.[1];
    if (rest === undefined) return [];
    return /(?:^|\s)(?:-A|--all|-u|--update|\.)(?=\s|$)/.test(rest) ? known : namedIn(rest, known);
  });
}

/** Of `known`, the paths that arguments name, themselves or by a folder. */
function namedIn(args: string, known: readonly string[]): string[] {
  const named = args.split(/\s+/).map((word) => word.replace(/^["']?(?:\.\/)?|["']$/g, '').replace(/\/$/, ''));
  return known.filter((path) => named.some((name) => name !== '' && `${path}/`.startsWith(`${name}/`)));
}
