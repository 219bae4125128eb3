// What the agent said on the way, as far as the work bears it out and nothing touched it since.
import { namesIn } from '../plan/names.ts';
import type { PreparedSession, Step, Turn } from '../session/prepared-session.ts';
import { isReplaced } from './edited-lines.ts';
import { isPromise } from './kept-text.ts';
import { anaphor, defect, guess, inquiry, smallTalk, toDo } from './words/language.ts';
import { plain, readLines } from './words/sentences.ts';
import type { Timeline } from './session-order.ts';
import { isPersonal } from './titles.ts';
import { holdsName, isUnspaced, wordsIn } from './words/content-words.ts';
import { isProse } from './work.ts';

/**
 * Statements whose names the work bears out, outside of what led to a plan or a call that the user refused. What was said of a failure
 * or of a name before it was edited may hold no longer: it is told as said before that edit, if the edit stands.
 */
export function remarksOn({ steps }: Turn, at: number, session: PreparedSession, timeline: Timeline): string[] {
  const step = steps[at]!;
  const isRefused = steps
    .slice(at)
    .some((later) => later.kind === 'refused' || (later.kind === 'plan' && later.verdict === 'refused'));
  if (step.kind !== 'said' || isRefused) return [];
  const evidence = evidenceOf(session);
  const all = session.turns.flatMap((turn) => turn.steps);
  const since = all.slice(all.indexOf(step));
  const edited = editBefore(steps, at, session);
  const firm: string[] = [];
  const earlier: string[] = [];
  for (const line of readLines(step.text)) {
    // A numbered list on the way is what remains to be done.
    if (line.kind !== 'prose' && (line.kind !== 'item' || /\d/.test(line.mark))) continue;
    for (const [place, sentence] of line.sentences.entries()) {
      const text = plain(sentence);
      if (!isRemark(text) || toDo.test(text) || guess.test(text)) continue;
      const names = bareNames(text);
      const isBorneOut = names.every((name) => evidence.includes(name)) && !/[:：]$/.test(text);
      const next = line.sentences[place + 1] ?? '';
      const isPassing = isPromise(next) && (edited !== undefined || inquiry.test(next));
      const stands = isBorneOut && !isPassing && !defect.test(text) && !anaphor.test(text) && !isTouched(names, since);
      if (stands && !timeline.isOverturned(sentence, timeline.stepAt(step))) firm.push(sentence);
      else if (edited !== undefined && line.kind === 'prose') earlier.push(text.replace(/\s*[:：]$/, '.'));
    }
  }
  return earlier.length === 0 ? firm : [...firm, `was said before \`${edited}\` was edited: ${earlier.join(' ')}`];
}

/** The file that was edited right after it was said, where that edit stands. */
function editBefore(steps: readonly Step[], at: number, session: PreparedSession): string | undefined {
  const next = steps.slice(at + 1).find(({ kind }) => kind === 'said' || kind === 'edit');
  const stands = next?.kind === 'edit' && !isReplaced(next, session) && !session.end.reverted.includes(next.path);
  return stands ? next.path : undefined;
}

const known = new WeakMap<PreparedSession, string>();

/** What the work itself names: edited paths and lines, commits, commands and their output. */
function evidenceOf(session: PreparedSession): string {
  const found = known.get(session);
  if (found !== undefined) return found;
  const texts = session.turns.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'ran' ? [step.command, step.output] : [])),
  );
  const text = [...texts, ...session.end.files.flatMap(({ path, added }) => [path, ...added])].join('\n').toLowerCase();
  known.set(session, text);
  return text;
}

export function isRemark(text: string): boolean {
  if (smallTalk.exec(text)?.index === 0) return false;
  if (namesIn(text).length === 0 || text.length < 40 || (!isUnspaced(text) && wordsIn(text).length < 7)) return false;
  return !isPersonal(text) && !/[?]|\*\*/.test(text);
}

export const bareNames = (text: string): string[] =>
  namesIn(text).map((name) => name.toLowerCase().replace(/[`"']|\(\)$|:\d+$/g, ''));

/** A later edit changed lines or a file of that name: what was said before may not hold since. */
export function isTouched(names: readonly string[], since: readonly Step[]): boolean {
  return since.some((later) => {
    if (later.kind === 'ran' && later.ok && /(?:^|[\s;&|])(?:rm|mv)\s/.test(later.command))
      return names.some((name) => holdsName(later.command.toLowerCase(), name));
    if (later.kind !== 'edit' || isProse(later.path)) return false;
    const lines = later.hunks.flatMap(({ added, removed }) => [...added, ...removed]);
    const text = [later.path, ...lines].join('\n').toLowerCase();
    return names.some((name) => holdsName(text, name));
  });
}
