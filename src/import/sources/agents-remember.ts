// Agents Remember: a card for each source file, at the same path with `.md` behind it. What the code says by itself (purpose, logic, references)
// stays; what must hold and how it is done comes, citing the source file as it stood when the card was last verified.
import { dateOf } from '../files.ts';
import { readNote } from '../markdown.ts';
import { notesSource } from '../notes.ts';
import { typeOfHeading } from '../statements.ts';

const place = {
  name: 'agents-remember',
  unit: 'notes',
  folders: 'ar-memory/onboarding',
  wants: (name: string) => name.endsWith('.md') && !/^(?:bootstrap|history)\//.test(name),
};

export const source = notesSource(place, (file, { say, skip }) => {
  const field = (name: string): string =>
    new RegExp(`^\\| *${name} *\\| *\`?([^|\`]+)`, 'm').exec(file.text)?.[1]?.trim() ?? '';
  const at = dateOf(field('lastVerifiedCommitDate')) ?? dateOf(field('lastUpdated'));
  const paths = [file.name.replace(/\.md$/, '')];
  for (const { heading, items } of readNote(file.text).sections) {
    const type = /^invariants\b/i.test(heading) ? 'architecture' : typeOfHeading(heading);
    if (type === undefined || /^(?:update )?history$/i.test(heading)) continue;
    for (const { text, lines } of items)
      if (text.length < 40 || /^(?:none|no|nothing)\b.{0,80}$/i.test(text)) skip('that there is none');
      else say({ type, text, lines, paths, isReviewed: true, at }, { group: file.name });
  }
});
