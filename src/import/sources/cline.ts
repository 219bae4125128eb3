// Cline's memory bank: what lasts of it. What is rewritten all the time (active context, next steps) is stale by nature.
import { join } from 'node:path';
import { filesBelow } from '../files.ts';
import { emptyReading, skip } from '../item.ts';
import { readNote, textOfSection } from '../markdown.ts';
import { fileSource, push, statementOf } from '../notes.ts';
import { typeOfHeading } from '../statements.ts';

export const source = fileSource('notes', 'usual', (ground) => {
  const reading = emptyReading();
  const say = (said: Omit<Parameters<typeof statementOf>[1], 'source'>): void =>
    push(reading, statementOf(ground, { source: 'cline', ...said }));
  for (const file of filesBelow(ground.from ?? join(ground.top, 'memory-bank'), (name) => name.endsWith('.md'))) {
    const { sections } = readNote(file.text);
    const base = file.name.slice(file.name.lastIndexOf('/') + 1).toLowerCase();
    if (base === 'systempatterns.md') {
      for (const section of sections) {
        const [first] = section.items;
        const text = textOfSection(section);
        const type = typeOfHeading(section.heading) ?? 'architecture';
        if (first !== undefined && section.level > 1)
          say({ file, type, text: `${section.heading}: ${text}`, lines: first.lines });
      }
    } else if (base === 'progress.md' || base === 'techcontext.md') {
      for (const { heading, items } of sections) {
        const named = typeOfHeading(heading);
        const type = base === 'techcontext.md' ? 'discovery' : named;
        if (type !== undefined) for (const item of items) say({ file, type, text: item.text, lines: item.lines });
      }
    } else skip(reading, 'files that are stale by nature');
  }
  return reading;
});
