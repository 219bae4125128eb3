// Serena's memories: free Markdown. Overviews and lists of commands are the README's matter.
import { join } from 'node:path';
import { filesBelow } from '../files.ts';
import { emptyReading, skip } from '../item.ts';
import { readNote } from '../markdown.ts';
import { fileSource, push, statementOf } from '../notes.ts';
import { typeOfHeading } from '../statements.ts';

export const source = fileSource('notes', 'usual', (ground) => {
  const reading = emptyReading();
  for (const file of filesBelow(ground.from ?? join(ground.top, '.serena/memories'), (name) => name.endsWith('.md'))) {
    if (/overview|commands|task_completion|onboarding/i.test(file.name)) {
      skip(reading, 'overviews and commands');
      continue;
    }
    const byName = typeOfHeading(file.name.replace(/\.md$/, '').replaceAll(/[_/-]/g, ' '));
    for (const { heading, items } of readNote(file.text).sections)
      for (const { text, lines } of items) {
        const type = typeOfHeading(heading) ?? byName ?? 'discovery';
        push(reading, statementOf(ground, { source: 'serena', file, type, text, lines }));
      }
  }
  return reading;
});
