// mem0 and OpenMemory: one sentence each, across all projects of a person. Only those that name this repository.
import { readFileSync } from 'node:fs';
import { RepomemError } from '../../domain/errors.ts';
import { dateOf } from '../files.ts';
import type { Ground } from '../ground.ts';
import { draftOf, emptyReading, skip, type Reading } from '../item.ts';
import { stringOf } from '../markdown.ts';
import type { Source } from '../source.ts';

type Fields = Record<string, unknown>;

export const source: Source = {
  title: 'mem0 or OpenMemory (an export)',
  isOutside: true,
  needsFrom: true,
  async find(ground) {
    const count = read(ground).items.length;
    return count === 0 ? undefined : { count, unit: 'memories' };
  },
  read: async (ground) => read(ground),
};

function read(ground: Ground): Reading {
  const file = ground.from ?? '';
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new RepomemError(
      'bad-record',
      `${file}: expected JSON of mem0 (memories.json of an export, or {"results": […]})`,
      {
        cause: error,
      },
    );
  }
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

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
