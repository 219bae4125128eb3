// What of an approved plan was carried out, as far as no later turn touched it.
import { namesIn } from '../plan/names.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { guess } from './language.ts';
import { keptLines } from './kept-text.ts';
import { plain, type Line } from './sentences.ts';
import type { Timeline } from './session-order.ts';
import { contentOf, fileNames, holdsName, shared } from './content-words.ts';

/** A longer block of code is the repository's to tell. */
const codeMaxChars = 450;

/** Undefined where the text at that step is no plan; a numbered list is an order of work. */
export function planLines(turn: Turn, at: number, session: PreparedSession, timeline: Timeline): Line[] | undefined {
  const [step, verdict, next] = turn.steps.slice(at);
  // What the agent says of a plan as it hands it over belongs to it.
  const plan =
    verdict?.kind === 'plan' ? verdict : next?.kind === 'plan' && verdict?.kind === 'said' ? next : undefined;
  if (step?.kind !== 'said' || plan === undefined) return undefined;
  const later = session.turns.filter(({ number }) => number > turn.number);
  const steps = [turn.steps.slice(at), ...later.map((each) => each.steps)].flat();
  const isCarriedOut = steps.some(({ kind }) => kind === 'edit');
  // The host's summary tells what became of it.
  if (plan.verdict !== 'approved' || !isCarriedOut || steps.some(({ kind }) => kind === 'summary')) return [];
  const paths = session.end.files.flatMap(({ path }) => fileNames(path));
  const holds = (sentence: string): boolean => {
    const text = plain(sentence);
    if (guess.test(text)) return false;
    const named = namesIn(text).filter((name) => /\.\w{1,5}$/.test(name) && !/^\d/.test(name));
    if (named.some((name) => !paths.some((path) => holdsName(path, name) || holdsName(name, path)))) return false;
    return !later.some(
      (other) =>
        other.steps.some(({ kind }) => kind === 'edit') && shared(contentOf(text), contentOf(other.prompt)) >= 2,
    );
  };
  return keptLines(step.text, timeline.stepAt(step), timeline).flatMap((line) => {
    const isOrder = line.kind === 'item' && /\d/.test(line.mark);
    const isLong = line.kind === 'code' && line.sentences.join('').length > codeMaxChars;
    const sentences = isOrder || isLong ? [] : line.sentences.filter(holds);
    return line.kind === 'blank' || sentences.length > 0 ? [{ ...line, sentences }] : [];
  });
}
