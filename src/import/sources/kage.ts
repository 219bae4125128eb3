// Kage's packets: one a file, with `x-kage-*` keys. Generated ones and those that nobody approved stay out.
import { dateOf } from '../files.ts';
import { readNote, stringOf, stringsOf, textOfSection } from '../markdown.ts';
import { notesSource } from '../notes.ts';
import { typeNamed } from '../statements.ts';

const place = { name: 'kage', unit: 'packets', folders: '.agent_memory' };

export const source = notesSource(place, (file, { say, skip }) => {
  const { front, title, sections } = readNote(file.text);
  const tags = stringsOf(front['tags']);
  if (stringOf(front['x-kage-status']) !== 'approved') return skip('not approved');
  if (tags.some((tag) => /^(?:change-memory|repo[_-]map|diff-proposal)$/.test(tag))) return skip('generated');
  const told = sections.filter(({ heading }) => !/^(?:citations|kage state)$/i.test(heading));
  const description = stringOf(front['description']);
  const text = told.map(textOfSection).filter(Boolean).join('\n\n').replace(/^>\s*/gm, '');
  say({
    type: typeNamed(stringOf(front['x-kage-type'])) ?? 'discovery',
    title: title || stringOf(front['title']),
    text: text.replace(description, '').trim() || description,
    at: dateOf(stringOf(front['timestamp'])),
    isReviewed: true,
    paths: stringsOf(front['x-kage-paths']),
    more: {
      description,
      concepts: tags,
      confidence: Math.min(0.8, Number(front['x-kage-confidence'] ?? 0.6) || 0.6),
    },
  });
});
