// Agents Remember: a card for each source file, at the same path with `.md` behind it. What the code says by itself (purpose, logic, references)
// stays; what must hold and how it is done comes, citing the source file as it stood when the card was last verified.
import { join } from 'node:path';
import { dateOf, filesBelow } from '../files.ts';
import { emptyReading, skip } from '../item.ts';
import { readNote } from '../markdown.ts';
import { fileSource, push, statementOf } from '../notes.ts';
import { typeOfHeading } from '../statements.ts';

export const source = fileSource('notes', 'usual', (ground) => {
  const reading = emptyReading();
  const folder = ground.from ?? join(ground.top, 'ar-memory/onboarding');
  for (const file of filesBelow(folder, (name) => name.endsWith('.md') && !/^(?:bootstrap|history)\//.test(name))) {
    const field = (name: string): string =>
      new RegExp(`^\\| *${name} *\\| *\`?([^|\`]+)`, 'm').exec(file.text)?.[1]?.trim() ?? '';
    const at = dateOf(field('lastVerifiedCommitDate')) ?? dateOf(field('lastUpdated'));
    for (const { heading, items } of readNote(file.text).sections) {
      const type = /^invariants\b/i.test(heading) ? 'architecture' : typeOfHeading(heading);
      if (type === undefined || /^(?:update )?history$/i.test(heading)) continue;
      for (const { text, lines } of items)
        if (text.length < 40 || /^(?:none|no|nothing)\b.{0,80}$/i.test(text)) skip(reading, 'that there is none');
        else {
          const paths = [file.name.replace(/\.md$/, '')];
          const item = statementOf(ground, {
            source: 'agents-remember',
            file,
            type,
            text,
            lines,
            paths,
            isReviewed: true,
            ...(at && { at }),
          });
          push(reading, item && { ...item, group: file.name });
        }
    }
  }
  return reading;
});
