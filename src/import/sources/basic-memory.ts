// basic-memory's notes of a folder that is named: an observation a line. Relations become nothing.
import { filesBelow } from '../files.ts';
import { emptyReading, type Reading } from '../item.ts';
import { readNote, stringsOf, textOfSection } from '../markdown.ts';
import { fileSource, push, statementOf } from '../notes.ts';
import type { Ground } from '../ground.ts';
import { typeNamed } from '../statements.ts';

export const source = fileSource('observations', 'named', read);

function read(ground: Ground): Reading {
  const reading = emptyReading();
  for (const file of filesBelow(ground.from ?? '', (name) => name.endsWith('.md'))) {
    const { front, sections } = readNote(file.text);
    const observed = sections.find(({ heading }) => /^observations$/i.test(heading))?.items ?? [];
    const prose = textOfSection(sections.find(({ level, items }) => level === 1 && items.length > 0));
    for (const [index, { text }] of observed.entries()) {
      const match = /^\[([^\]]+)\]\s*(.*)$/.exec(text);
      if (!match) continue;
      const tags = [...text.matchAll(/#([\w-]+)/g)].map(([, tag = '']) => tag);
      const said = match[2]!
        .replace(/#[\w-]+/g, '')
        .replace(/\s+/g, ' ')
        .trim();
      const item = statementOf(ground, {
        source: 'basic-memory',
        file,
        type: typeNamed(match[1]!) ?? 'discovery',
        title: said,
        text: index === 0 ? prose : '',
        more: { concepts: [...new Set([...tags, ...stringsOf(front['tags'])])] },
      });
      push(reading, item);
    }
  }
  return reading;
}
