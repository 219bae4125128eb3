// Detects commits in a shell command and its output.
import type { CommandEvent } from '../domain/event.ts';

type Commit = NonNullable<CommandEvent['commit']>;

const gitCommit = /(?:^|[\s;&|(])git\s+(?:-[cC]\s+\S+\s+|--\S+\s+)*commit(?![\w-])/;
/** `[main abc1234] message`, `[main (root-commit) abc1234] message`, `[detached HEAD abc1234] message` */
const madeLine = /^\[(detached HEAD|[^\s\]]+)(?: \([^)\]]*\))? ([0-9a-f]{7,64})\] (.*)$/m;

/** The commit made by a command, from its text and output; undefined when it made none. */
export function findCommit(command: string, output: string, ok: boolean): Commit | undefined {
  if (!gitCommit.test(command)) return undefined;
  const made = madeLine.exec(output);
  if (!made && (!ok || /nothing to commit|nothing added to commit|no changes added to commit/.test(output)))
    return undefined;
  const message = findMessage(command) || made?.[3]?.trim() || '';
  if (!made && message === '') return undefined;
  const [, branch, id] = made ?? [];
  return { message, id, branch: branch === 'detached HEAD' ? undefined : branch };
}

/** The whole message from `-m` flags (joined as git joins them) or a here-document; '' when the command has none. */
function findMessage(command: string): string {
  const rest = command.slice(command.search(gitCommit));
  const heredoc = /<<-?\s*(['"]?)(\w+)\1[^\n]*\n([\s\S]*?)\n\s*\2\b/.exec(rest);
  const beforeHeredoc = heredoc ? rest.slice(0, heredoc.index) : rest;
  const direct = /(?:-[a-z]*m|--message)(?:\s+|=)(?!["']?\$\()/.test(beforeHeredoc);
  if (heredoc?.[3] !== undefined && !direct) return heredoc[3].trim();
  const flags = /\s(?:-[a-z]*m|--message)(?:\s*=\s*|\s+|(?=["']))("(?:[^"\\]|\\.)*"|'[^']*'|[^\s;&|]+)/g;
  const parts = Array.from(rest.matchAll(flags), ([, word = '']) => {
    if (word.startsWith('"')) return word.slice(1, -1).replace(/\\(["\\$`])/g, '$1');
    return word.startsWith("'") ? word.slice(1, -1) : word;
  });
  const text = parts.join('\n\n').trim();
  return text.startsWith('$(') ? (heredoc?.[3] ?? '').trim() : text;
}
