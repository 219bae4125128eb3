// Files of instructions that hosts load by themselves: only knowledge with a reason is taken, never orders, commands and tone.
import type { ObservationType } from '../../domain/types.ts';
import { readNote } from '../markdown.ts';
import { notesSource } from '../notes.ts';
import { hasReason, isTakenBack, typeOfHeading } from '../statements.ts';

const fileNames =
  /^(?:(?:[\w.-]+\/)*(?:CLAUDE|AGENTS|GEMINI)\.md|\.claude\/rules\/.*\.md|\.cursor\/rules\/.*\.mdc|\.cursorrules|\.windsurfrules|\.clinerules(?:\/.*\.md)?|\.github\/copilot-instructions\.md|\.github\/instructions\/.*\.instructions\.md)$/;
const tone =
  /^(?:you are|act as|be (?:concise|brief|polite)|never apologi[sz]e|always write|prefer (?:typescript|short)|answer|respond|reply|speak)\b/i;
const strongReason =
  /\b(?:because|since|so that|otherwise|instead of|worse than|cost us|broke|refused|fails?|hangs?|tried|went back|must not|append-only|\w*timeout|needs?|queries for|reads)\b/i;

const place = {
  name: 'instructions',
  unit: 'statements with a reason',
  folders: '',
  wants: (name: string) => fileNames.test(name) && !/\.local\.md$/i.test(name),
};

export const source = notesSource(place, (file, { say, skip }) => {
  for (const { heading, items } of readNote(file.text).sections) {
    const named = typeOfHeading(heading);
    const title = named === 'decision' ? (/^why\s+(.+)/i.exec(heading)?.[1] ?? '') : '';
    for (const { text, lines } of items) {
      const isKnowledge = hasReason(text) && strongReason.test(text) && !tone.test(text) && text.length > 40;
      if (/^(?:commands|setup|getting started|usage)$/i.test(heading) || text.startsWith('@') || !isKnowledge)
        skip('orders, commands and tone');
      else say({ type: typeOf(named, text), text, lines, ...(title && { title }) });
    }
  }
});

function typeOf(named: ObservationType | undefined, text: string): ObservationType {
  if (isTakenBack(text)) return 'dead-end';
  if (named !== undefined) return named;
  return /\b(?:hangs?|timeout|broke|fails?)\b/i.test(text) && !/^(?:use|always|never|prefer)\b/i.test(text)
    ? 'gotcha'
    : 'pattern';
}
