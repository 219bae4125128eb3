// Renders the end of a prepared session: what passed, failed, is gone and is left, and each file's net change. Pure.
import { oneLine, tellTree } from '../session/command-results.ts';
import type { EndState, PreparedSession } from '../session/prepared-session.ts';
import { openPrompt, tellPrompt } from '../session/open-prompt.ts';
import { clip, isCoined, word } from './pieces.ts';

export const lineMaxChars = 240;
export const listMax = 30;

const list = (label: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`  ${label}: ${items.slice(-listMax).join('; ')}`];

const check = ({ command, line, turn }: EndState['passed'][number]): string =>
  `${oneLine(command)}${line === '' ? '' : ` → ${clip(line, lineMaxChars)}`} (T${turn})`;

export function tellEnd(session: PreparedSession): string {
  const { end } = session;
  const open = openPrompt(session);
  return [
    'END STATE',
    ...(open === undefined
      ? []
      : [`  the last prompt (T${open.number}: ${tellPrompt(open)}) got no closing answer: it is open`]),
    ...list('last checks that passed', end.passed.map(check)),
    ...list('last checks that failed', end.failing.map(check)),
    ...list('edited after the last check that passed', end.untested),
    ...list('put back as it was', end.reverted),
    ...list(
      'names that are gone',
      end.gone.map(({ name, now }) => (now === undefined ? name : `${name} (now ${now})`)),
    ),
    end.tree === undefined ? '' : `  git status (T${end.tree.turn}): ${tellTree(end.tree.changed)}`,
    ...list('open tasks', end.openTasks),
    ...list('files', end.files.map(tellNet)),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

const netNamesMax = 8;
/** Of all changed lines of a file: few are told as they were and are. */
const netLinesMaxChars = 400;

/** Names that a file gained and lost, from its changed lines. */
function tellNet({ path, isNew, added, removed, isCommitted }: EndState['files'][number]): string {
  const [was, now] = [removed, added].map((lines) => lines.map(oneLine).join(' ⏎ '));
  if (!isNew && was !== '' && now !== '' && `${was}${now}`.length <= netLinesMaxChars)
    return `${path} (was \`${was}\`, now \`${now}\`${isCommitted ? '' : ', not committed'})`;
  const [gained, lost] = [namesOf(added), namesOf(removed)];
  const adds = isNew ? [] : [...gained].filter((name) => !lost.has(name)).slice(0, netNamesMax);
  const removes = [...lost].filter((name) => !gained.has(name)).slice(0, netNamesMax);
  const net = [
    isNew && 'new',
    adds.length > 0 && `adds ${adds.join(' ')}`,
    removes.length > 0 && `removes ${removes.join(' ')}`,
    !isCommitted && 'not committed',
  ].filter(Boolean);
  return net.length === 0 ? path : `${path} (${net.join(', ')})`;
}

/** Identifiers from code first: they describe a change best. */
function namesOf(lines: readonly string[]): Set<string> {
  const names = lines.flatMap((line) => line.match(word) ?? []);
  return new Set([...names.filter(isCoined), ...names]);
}
