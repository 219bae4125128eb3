// Beads' issues: closed ones that say more than that they are closed. A tracker is no memory; names and addresses stay where they are.
import { dateOf, fieldsOf } from '../files.ts';
import { stringOf } from '../markdown.ts';
import { notesSource } from '../notes.ts';
import { hasReason, isTakenBack } from '../statements.ts';

const place = {
  name: 'beads',
  unit: 'closed issues with a reason',
  folders: '.beads',
  wants: (name: string) => name.endsWith('.jsonl'),
};

export const source = notesSource(place, (file, { say, skip }) => {
  for (const issue of file.text.split('\n').map(fieldsOf)) {
    if (issue === undefined) continue;
    const field = (name: string): string => stringOf(issue[name]);
    const reason = field('close_reason');
    const said = [reason, field('notes'), field('design')].filter((text) => text.length > 20).join('\n\n');
    if (field('status') !== 'closed') skip('open issues');
    else if (said === '' || !hasReason(said)) skip('closed without a reason');
    else {
      const isBug = field('issue_type') === 'bug';
      const isDead = /won['’]?t ?fix|not worth|rejected/i.test(reason) || (!isBug && isTakenBack(said));
      const type = isDead ? 'dead-end' : isBug ? 'bugfix' : 'decision';
      const at = dateOf(field('closed_at') || field('updated_at'));
      // The tracker itself is nothing to cite.
      const issues = { ...file, path: '' };
      say({ type, title: field('title'), text: said, at, file: issues }, { from: `beads:${field('id')}` });
    }
  }
});
