// mem0 and OpenMemory: one sentence each, across all projects of a person. Only those that name this repository.
import { RepomemError } from '../../domain/errors.ts';
import { dateOf, isFields, readJson } from '../files.ts';
import type { Ground } from '../ground.ts';
import { draftOf, emptyReading, skip, type Reading } from '../item.ts';
import { stringOf } from '../markdown.ts';
import { fileSource } from '../notes.ts';

export const source = fileSource('memories', 'named', read);

function read(ground: Ground): Reading {
  const file = ground.from ?? '';
  const value = readJson(file, 'mem0 (memories.json of an export, or {"results": […]})');
  const fields = isFields(value) ? value : {};
  const list = fields['memories'] ?? fields['results'] ?? value;
  if (!Array.isArray(list))
    throw new RepomemError('bad-record', `${file}: expected a list memories or results; found none`);
  const reading = emptyReading();
  const names = new RegExp(`(?<![\\w-])${ground.name.replace(/[^\w]/g, '\\$&')}(?![\\w-])`, 'i');
  for (const entry of list.filter(isFields)) {
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
