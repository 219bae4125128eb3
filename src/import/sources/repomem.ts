// Another memory of this program: a repository that was split or joined, a folder that moved. Its shared records come as they are, with their
// ids, if that memory itself trusts them and tells them still.
import { isTrusted } from '../../domain/excerpt.ts';
import { RepomemError } from '../../domain/errors.ts';
import { openMemory } from '../../memory/open.ts';
import { readFull } from '../../memory/read.ts';
import { readRecordSet } from '../../memory/records.ts';
import { findMemory } from '../../store/locate.ts';
import type { Ground } from '../ground.ts';
import { draftOf, emptyReading, skip, type Reading } from '../item.ts';
import { fileSource } from '../notes.ts';

export const source = fileSource('records', 'named', read);

async function read(ground: Ground): Promise<Reading> {
  const { from = '', env, memory } = ground;
  const paths = findMemory([from], env.home);
  if (paths === undefined || paths.memoryDir === memory.paths.memoryDir)
    throw new RepomemError('not-found', `${from}: expected a repository with another memory of repomem; found none`);
  const reading = emptyReading();
  const other = await openMemory({ ...env, cwd: from }, paths);
  for (const one of (await readRecordSet(other)).assessed) {
    const { excerpt } = one;
    if (excerpt.type === 'session' || excerpt.type === 'tombstone') continue;
    if (excerpt.tier === 'local') skip(reading, 'local there');
    else if (!isTrusted(one.trust)) skip(reading, 'foreign there');
    else if (!one.isActive || !one.isHere) skip(reading, 'superseded or forgotten there');
    else {
      const { record, text } = readFull(other, one);
      reading.items.push({
        kind: 'statement',
        from: `repomem:${record.id}`,
        at: record.created,
        isReviewed: true,
        draft: draftOf({ type: excerpt.type, title: record.title }),
        files: [],
        whole: { record, text },
      });
    }
  }
  return reading;
}
