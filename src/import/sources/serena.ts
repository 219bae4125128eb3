// Serena's memories: free Markdown. Overviews and lists of commands are the README's matter.
import { readNote } from '../markdown.ts';
import { notesSource } from '../notes.ts';
import { typeOfHeading } from '../statements.ts';

const place = { name: 'serena', unit: 'notes', folders: '.serena/memories' };

export const source = notesSource(place, (file, { say, skip }) => {
  if (/overview|commands|task_completion|onboarding/i.test(file.name)) return skip('overviews and commands');
  const byName = typeOfHeading(file.name.replace(/\.md$/, '').replaceAll(/[_/-]/g, ' '));
  for (const { heading, items } of readNote(file.text).sections)
    for (const { text, lines } of items) say({ type: typeOfHeading(heading) ?? byName ?? 'discovery', text, lines });
});
