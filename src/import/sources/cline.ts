// Cline's memory bank: what lasts of it. What is rewritten all the time (active context, next steps) is stale by nature.
import { readNote, textOfSection } from '../markdown.ts';
import { notesSource } from '../notes.ts';
import { typeOfHeading } from '../statements.ts';

const place = { name: 'cline', unit: 'notes', folders: 'memory-bank' };

export const source = notesSource(place, (file, { say, skip }) => {
  const base = file.name.slice(file.name.lastIndexOf('/') + 1).toLowerCase();
  if (!/^(?:systempatterns|progress|techcontext)\.md$/.test(base)) return skip('files that are stale by nature');
  for (const section of readNote(file.text).sections) {
    const { heading, items, level } = section;
    const named = typeOfHeading(heading);
    if (base === 'systempatterns.md') {
      if (items.length === 0 || level <= 1) continue;
      const text = `${heading}: ${textOfSection(section)}`;
      say({ type: named ?? 'architecture', text, lines: items[0]!.lines });
    } else {
      const type = base === 'techcontext.md' ? 'discovery' : named;
      if (type !== undefined) for (const { text, lines } of items) say({ type, text, lines });
    }
  }
});
