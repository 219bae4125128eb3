// The agent's own closing texts that stand below a model's local summary: whole, in the order in which they were said. Pure.
import type { Overturned } from '../../domain/draft.ts';
import { holdsWord } from '../session/gone-names.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { sentencesOf } from './draft-statements.ts';
import { sharesNames } from './overturned.ts';

/** Of one closing text: as much as a reader takes in. */
const textMaxChars = 1_100;
/** Of all together; of more the later ones stay. */
const allMaxChars = 4_500;

/** `standing`: the turns whose closing the model found to hold whole at the end. */
export function saidOf(
  { turns, end }: PreparedSession,
  standing: readonly number[],
  overturned: readonly Overturned[],
): string[] {
  const holds = ({ number, closing, steps }: Turn): boolean =>
    closing !== '' &&
    standing.includes(number) &&
    !steps.some((step) => step.kind === 'aborted' || (step.kind === 'plan' && step.verdict === 'refused')) &&
    !end.gone.some(({ name }) => holdsWord(closing, name)) &&
    !sentencesOf(closing).some((sentence) =>
      overturned.some(({ what, turn }) => turn > number && sharesNames(sentence, what)),
    );
  const said: string[] = [];
  let room = allMaxChars;
  for (const { closing } of turns.filter(holds).reverse()) {
    const text = cutParagraphs(closing);
    if (text === '' || text.length > room) continue;
    room -= text.length;
    said.unshift(text);
  }
  return said;
}

/** Whole paragraphs without questions and offers; what introduces one that was cut off goes with it. */
function cutParagraphs(text: string): string {
  const kept: string[] = [];
  let size = 0;
  for (const paragraph of paragraphsOf(text.trim())) {
    if (/[?？][*_)"”]*$/.test(paragraph)) continue;
    size += paragraph.length + 2;
    if (size > textMaxChars) break;
    kept.push(paragraph);
  }
  while (/(?:[:：]\**|^#[^\n]*)$/.test(kept.at(-1) ?? '')) kept.pop();
  return kept.join('\n\n');
}

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
