// Beads' issues: closed ones that say more than that they are closed. A tracker is no memory; names and addresses stay where they are.
import { join } from 'node:path';
import { dateOf, fieldsOf, filesBelow } from '../files.ts';
import { emptyReading, skip } from '../item.ts';
import { stringOf } from '../markdown.ts';
import { fileSource, push, statementOf } from '../notes.ts';
import { hasReason, isTakenBack } from '../statements.ts';

export const source = fileSource('closed issues with a reason', 'usual', (ground) => {
  const reading = emptyReading();
  for (const file of filesBelow(ground.from ?? join(ground.top, '.beads'), (name) => name.endsWith('.jsonl')))
    for (const line of file.text.split('\n')) {
      const issue = fieldsOf(line);
      if (issue === undefined) continue;
      const field = (name: string): string => stringOf(issue[name]);
      const [reason, notes, design] = [field('close_reason'), field('notes'), field('design')];
      const said = [reason, notes, design].filter((text) => text.length > 20).join('\n\n');
      if (field('status') !== 'closed') skip(reading, 'open issues');
      else if (said === '' || !hasReason(said)) skip(reading, 'closed without a reason');
      else {
        const kind = field('issue_type');
        const isDead = /won['’]?t ?fix|not worth|rejected/i.test(reason) || (kind !== 'bug' && isTakenBack(said));
        const at = dateOf(field('closed_at') || field('updated_at'));
        const type = isDead ? 'dead-end' : kind === 'bug' ? 'bugfix' : 'decision';
        const { title: named } = issue;
        const item = statementOf(ground, {
          source: 'beads',
          file: { ...file, name: field('id') || file.name, path: '' },
          type,
          title: stringOf(named),
          text: said,
          ...(at && { at }),
        });
        push(reading, item && { ...item, from: `beads:${field('id')}` });
      }
    }
  return reading;
});
