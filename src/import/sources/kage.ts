// Kage's packets: one a file, with `x-kage-*` keys. Generated ones and those that nobody approved stay out.
import { join } from 'node:path';
import { dateOf, filesBelow } from '../files.ts';
import { emptyReading, skip } from '../item.ts';
import { readNote, stringOf, stringsOf, textOfSection } from '../markdown.ts';
import { fileSource, push, statementOf } from '../notes.ts';
import { typeNamed } from '../statements.ts';

export const source = fileSource('packets', 'usual', (ground) => {
  const reading = emptyReading();
  for (const file of filesBelow(ground.from ?? join(ground.top, '.agent_memory'), (name) => name.endsWith('.md'))) {
    const { front, title, sections } = readNote(file.text);
    const tags = stringsOf(front['tags']);
    if (stringOf(front['x-kage-status']) !== 'approved') skip(reading, 'not approved');
    else if (tags.some((tag) => /^(?:change-memory|repo[_-]map|diff-proposal)$/.test(tag))) skip(reading, 'generated');
    else {
      const told = sections.filter(({ heading }) => !/^(?:citations|kage state)$/i.test(heading));
      const description = stringOf(front['description']);
      const body = told
        .map(textOfSection)
        .filter(Boolean)
        .join('\n\n')
        .replace(/^>\s*/gm, '')
        .replace(description, '')
        .trim();
      const at = dateOf(stringOf(front['timestamp']));
      const item = statementOf(ground, {
        source: 'kage',
        file,
        type: typeNamed(stringOf(front['x-kage-type'])) ?? 'discovery',
        title: title || stringOf(front['title']),
        text: body || description,
        ...(at && { at }),
        isReviewed: true,
        paths: stringsOf(front['x-kage-paths']),
        more: {
          description,
          concepts: tags,
          confidence: Math.min(0.8, Number(front['x-kage-confidence'] ?? 0.6) || 0.6),
        },
      });
      push(reading, item);
    }
  }
  return reading;
});
