// Files of instructions that hosts load by themselves: only knowledge with a reason is taken, never orders, commands and tone.
import type { ObservationType } from '../../domain/types.ts';
import { filesBelow, type SourceFile } from '../files.ts';
import type { Ground } from '../ground.ts';
import { emptyReading, skip, type Reading } from '../item.ts';
import { readNote } from '../markdown.ts';
import { fileSource, push, statementOf } from '../notes.ts';
import { hasReason, isTakenBack, typeOfHeading } from '../statements.ts';

const fileNames =
  /^(?:(?:[\w.-]+\/)*(?:CLAUDE|AGENTS|GEMINI)\.md|\.claude\/rules\/.*\.md|\.cursor\/rules\/.*\.mdc|\.cursorrules|\.windsurfrules|\.clinerules(?:\/.*\.md)?|\.github\/copilot-instructions\.md|\.github\/instructions\/.*\.instructions\.md)$/;
const tone =
  /^(?:you are|act as|be (?:concise|brief|polite)|never apologi[sz]e|always write|prefer (?:typescript|short)|answer|respond|reply|speak)\b/i;
const strongReason =
  /\b(?:because|since|so that|otherwise|instead of|worse than|cost us|broke|refused|fails?|hangs?|tried|went back|must not|append-only|\w*timeout|needs?|queries for|reads)\b/i;

export const source = fileSource('statements with a reason', 'usual', (ground) => {
  const reading = emptyReading();
  const seen = new Set<string>();
  for (const file of filesBelow(
    ground.from ?? ground.top,
    (name) => fileNames.test(name) && !/\.local\.md$/i.test(name),
  )) {
    if (seen.has(file.text)) continue;
    seen.add(file.text);
    readFile(ground, file, reading);
  }
  return reading;
});

function readFile(ground: Ground, file: SourceFile, reading: Reading): void {
  for (const { heading, items } of readNote(file.text).sections) {
    const named = typeOfHeading(heading);
    for (const { text, lines } of items) {
      const isKnowledge = hasReason(text) && strongReason.test(text) && !tone.test(text) && text.length > 40;
      if (/^(?:commands|setup|getting started|usage)$/i.test(heading) || text.startsWith('@') || !isKnowledge)
        skip(reading, 'orders, commands and tone');
      else {
        const isReason = named === 'decision' && /^why\b/i.test(heading);
        const title = isReason ? heading.replace(/^why\s+/i, '') : undefined;
        push(
          reading,
          statementOf(ground, {
            source: 'instructions',
            file,
            type: typeOf(named, text),
            text,
            lines,
            ...(title && { title }),
          }),
        );
      }
    }
  }
}

function typeOf(named: ObservationType | undefined, text: string): ObservationType {
  if (isTakenBack(text)) return 'dead-end';
  if (named !== undefined) return named;
  return /\b(?:hangs?|timeout|broke|fails?)\b/i.test(text) && !/^(?:use|always|never|prefer)\b/i.test(text)
    ? 'gotcha'
    : 'pattern';
}
