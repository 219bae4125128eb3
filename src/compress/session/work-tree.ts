// What git said of the work tree. Pure.
import type { Ran } from './prepared-session.ts';

const asksWholeTree = /(?:^|&&|;|\n)\s*git status(?:\s+(?:-\w+|--\w[\w=-]*))*\s*(?:2>&1\s*)?$/;
/** Another repository, or another work tree. */
const isElsewhere = /\bcd\s+["']?(?:[/~$]|\S*\.\.)|\bgit\s+-C\b/;
const isShort = /\s(?:-\w*s\w*|--short|--porcelain\S*)\b/;

/** Paths that differ from the last commit, in git's spelling; [] of a clean tree, undefined where the output does not say. */
export function changedPaths({ command, output, unproven }: Ran): string[] | undefined {
  const text = output.trim();
  // Not every host tells a command's output.
  if (text === '') return undefined;
  if (unproven !== undefined || isElsewhere.test(command) || /\[… \d+ lines? cut …\]/.test(text)) return undefined;
  if (/\bgit\b/.test(command) && /nothing to commit, working tree clean/.test(text)) return [];
  const status = asksWholeTree.exec(command.trim())?.[0];
  if (status === undefined || !isAlone(command)) return undefined;
  if (isShort.test(status)) return pathsBy(shortLine, text);
  const listed = pathsBy(longLine, text);
  return listed.length === 0 ? undefined : listed;
}

/** Of a command line that prints more, nothing tells which lines are git's. */
function isAlone(command: string): boolean {
  const others = command.split(/&&|;|\n/).slice(0, -1);
  return others.every((part) => /^\s*(?:cd |git (?:add|reset|rm|mv|config)\b|export |echo .*>)/.test(part));
}

const shortLine = /^\s*(?:[MADRCU?!]{1,2})\s+(?:.* -> )?"?(.+?)"?$/;
const longLine = /^\s+(?:modified|new file|deleted|renamed|both modified):\s+(?:.* -> )?(.*\S)\s*$|^\t(\S.*)$/;

function pathsBy(pattern: RegExp, text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, path, untracked = path] = pattern.exec(line) ?? [];
    return untracked ?? [];
  });
}

/** Whether git's list names a path of the session: the list may be relative to a folder, and names whole folders. */
export function isListed(path: string, listed: readonly string[]): boolean {
  return listed.some(
    (each) => path === each || path.endsWith(`/${each}`) || (each.endsWith('/') && `/${path}`.includes(`/${each}`)),
  );
}
