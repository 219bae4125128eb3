// Memorix: its JSON export, `memorix transfer export --format json`. Only what it counts as qualified and still true.
import { basename } from 'node:path';
import { dateOf, isFields, readExport } from '../files.ts';
import { ownPath, type Ground } from '../ground.ts';
import { draftOf, emptyReading, skip, type Reading } from '../item.ts';
import { stringOf, stringsOf } from '../markdown.ts';
import { fileSource } from '../notes.ts';
import { typeNamed } from '../statements.ts';

export const source = fileSource('observations', 'named', read);

function read(ground: Ground): Reading {
  const list = readExport(ground.from ?? '', "Memorix's export with a list observations", (value) => {
    const whole = isFields(value) && isFields(value['export']) ? value['export'] : value;
    return isFields(whole) ? whole['observations'] : undefined;
  });
  const reading = emptyReading();
  const names = new Set([ground.name, ...ground.roots.map((root) => basename(root))]);
  for (const row of list) {
    const field = (name: string): string => stringOf(row[name]);
    const named = typeNamed(field('type'));
    if (!names.has(basename(field('projectId')))) skip(reading, 'of another project');
    else if (field('visibility') === 'personal') skip(reading, 'about the person');
    else if (field('status') === 'archived' || row['supersededBy'] !== undefined) skip(reading, 'superseded');
    else if (/^(?:ephemeral|candidate)$/.test(field('admissionState') || field('valueCategory')) || named === undefined)
      skip(reading, 'noise');
    else {
      const session = field('sessionId');
      const at = dateOf(field('updatedAt') || field('createdAt'));
      if (at === undefined || field('title') === '') skip(reading, 'without a time or a title');
      else
        reading.items.push({
          kind: 'statement',
          from: `memorix:${basename(field('projectId'))}-${field('id')}`,
          at,
          canChange: true,
          ...(session && { session, group: session }),
          ...(/^[0-9a-f]{40,64}$/.test(field('commitHash')) && { commit: field('commitHash') }),
          draft: draftOf({
            type: named,
            title: field('title'),
            body: field('narrative'),
            facts: stringsOf(row['facts']),
            concepts: stringsOf(row['concepts']),
          }),
          files: stringsOf(row['filesModified'])
            .flatMap((path) => ownPath(ground, path) ?? [])
            .slice(0, 5)
            .map((path) => ({ path, isEdited: true })),
        });
    }
  }
  return reading;
}
