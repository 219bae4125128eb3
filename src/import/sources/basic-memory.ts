// basic-memory's notes of a folder that is named: an observation a line. Relations become nothing.
import { readNote, stringsOf, textOfSection } from '../markdown.ts';
import { notesSource } from '../notes.ts';
import { typeNamed } from '../statements.ts';

export const source = notesSource({ name: 'basic-memory', unit: 'observations' }, (file, { say }) => {
  const { front, sections } = readNote(file.text);
  const observed = sections.find(({ heading }) => /^observations$/i.test(heading))?.items ?? [];
  const prose = textOfSection(sections.find(({ level, items }) => level === 1 && items.length > 0));
  for (const [index, { text }] of observed.entries()) {
    const [, type, said] = /^\[([^\]]+)\]\s*(.*)$/.exec(text) ?? [];
    if (type === undefined || said === undefined) continue;
    const tags = [...text.matchAll(/#([\w-]+)/g)].map(([, tag = '']) => tag);
    const title = said.replace(/#[\w-]+/g, '').replace(/\s+/g, ' ');
    const concepts = [...new Set([...tags, ...stringsOf(front['tags'])])];
    say({ type: typeNamed(type) ?? 'discovery', title, text: index === 0 ? prose : '', more: { concepts } });
  }
});
