// The agent's own closing texts that stand below a model's local summary: whole paragraphs, in the order in which they were said. Pure.
import type { Overturned } from '../../domain/draft.ts';
import { holdsWord } from '../session/gone-names.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { didNotWork, otherWay, refusal } from '../rules/language.ts';
import { isPersonal, isSmallTalk } from '../rules/titles.ts';
import { sentencesOf } from './draft-statements.ts';
import { sharesNames } from './overturned.ts';

/** Of one closing text: as much as a reader takes in. */
const textMaxChars = 1_100;
/** Of all together; of more the later ones stay. */
const allMaxChars = 4_500;

export function saidOf({ turns, end }: PreparedSession, overturned: readonly Overturned[]): string[] {
  const isGone = (paragraph: string): boolean => end.gone.some(({ name }) => holdsWord(paragraph, name));
  const said: string[] = [];
  let room = allMaxChars;
  for (const turn of turns.toReversed()) {
    const { number, closing } = turn;
    if (isTakenBack(turn, turns[turns.indexOf(turn) + 1])) continue;
    const later = overturned.filter((each) => each.turn > number);
    const holds = (paragraph: string): boolean =>
      // An example's code is soon another's.
      !paragraph.includes('```') &&
      !isGone(paragraph) &&
      !isPersonal(paragraph) &&
      !sentencesOf(paragraph).every(isSmallTalk) &&
      !sentencesOf(paragraph).some((sentence) => later.some(({ what }) => sharesNames(sentence, what)));
    const text = cutParagraphs(closing, holds);
    if (text === '' || text.length > room) continue;
    room -= text.length;
    said.unshift(text);
  }
  return said;
}

/** Refused, broken off, or done otherwise on the user's next word. */
function isTakenBack({ steps }: Turn, next: Turn | undefined): boolean {
  if (steps.some((step) => step.kind === 'aborted' || (step.kind === 'plan' && step.verdict === 'refused')))
    return true;
  return next !== undefined && [refusal, otherWay, didNotWork].some((said) => said.test(next.prompt));
}

/** Whole paragraphs without questions and offers; what introduces one that was left out goes with it. */
function cutParagraphs(text: string, holds: (paragraph: string) => boolean): string {
  const kept: string[] = [];
  let size = 0;
  for (const paragraph of paragraphsOf(text.trim())) {
    size += paragraph.length + 2;
    if (size > textMaxChars) break;
    if (!/[?？][*_)"”]*$/.test(paragraph) && holds(paragraph)) kept.push(paragraph);
    else if (isIntroduction(kept.at(-1))) kept.pop();
  }
  while (isIntroduction(kept.at(-1))) kept.pop();
  return kept.join('\n\n');
}

const isIntroduction = (paragraph = ''): boolean => /(?:[:：]\**|^#[^\n]*)$/.test(paragraph);

/** A block of code is one paragraph, with the lines around it. */
function paragraphsOf(text: string): string[] {
  const found: string[] = [];
  for (const part of text.split(/\n{2,}/)) {
    const isOpen = ((found.at(-1) ?? '').match(/^\s*```/gm)?.length ?? 0) % 2 === 1;
    if (isOpen) found[found.length - 1] += `\n\n${part}`;
    else found.push(part);
  }
  return found;
}
