// mem0 and OpenMemory: one sentence each, across all projects of a person. Only those that name this repository.
import { dateOf, isFields, readExport } from '../files.ts';
import type { Ground } from '../ground.ts';
import { draftOf, emptyReading, skip, type Reading } from '../item.ts';
import { stringOf } from '../markdown.ts';
import { fileSource } from '../notes.ts';

export const source = fileSource('memories', 'named', read);

const whose = 'mem0 (memories.json of an export, or {"results": […]})';

function read(ground: Ground): Reading {
  const list = readExport(ground.from ?? '', whose, (value) =>
    isFields(value) ? (value['memories'] ?? value['results']) : value,
  );
  const reading = emptyReading();
  const names = new RegExp(`(?<![\\w-])${ground.name.replace(/[^\w]/g, '\\$&')}(?![\\w-])`, 'i');
  for (const entry of list) {
    const text = stringOf(entry['content'] ?? entry['memory']);
    const state = stringOf(entry['state']);
    if (state !== '' && state !== 'active') skip(reading, 'not active');
    else if (text === '' || !names.test(`${text} ${JSON.stringify(entry['metadata'] ?? '')}`))
      skip(reading, 'not about this repository');
    else
      reading.items.push({
        kind: 'statement',
        from: `mem0:${stringOf(entry['id']) || text.slice(0, 40)}`,
        at: dateOf(stringOf(entry['created_at'])) ?? ground.env.now().toISOString(),
        draft: draftOf({ type: 'discovery', title: text }),
        files: [],
      });
  }
  return reading;
}
