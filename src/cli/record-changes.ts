// How log and diff print what happened to records.
import { cleanLine } from '../privacy/invisible.ts';
import type { RecordChange } from '../history/log.ts';
import type { Printer } from './print.ts';

const signs = {
  added: '+',
  superseding: '+',
  tombstone: '†',
  edited: '~',
  renamed: '→',
  removed: '-',
} satisfies Record<RecordChange['what'], string>;

export function changeLine({ what, record }: RecordChange, print: Printer, withBytes = false): string {
  const title = record.isForeign ? print.warn('unreviewed, not shown') : cleanLine(record.title);
  const notes = [
    ...(record.supersedes.length > 0 && what !== 'removed' ? [`supersedes ${record.supersedes.join(', ')}`] : []),
    ...(what === 'edited' || what === 'renamed' ? [what] : []),
    ...(withBytes && what !== 'removed' ? [`${record.bytes} bytes`] : []),
  ];
  const text = what === 'tombstone' ? `forgets ${record.forgets.join(', ')}` : title;
  return `${signs[what]} ${cleanLine(record.id, 60)} ${record.type.padEnd(12)} ${text}${notes.length > 0 ? print.dim(` (${notes.join('; ')})`) : ''}`;
}

/** Such as `2 added, 1 superseding, 1 forgotten, 2840 bytes`. */
export function sumOf(changes: readonly RecordChange[]): string {
  const names = { tombstone: 'forgotten' } as Partial<Record<RecordChange['what'], string>>;
  const parts = (Object.keys(signs) as RecordChange['what'][]).flatMap((what) => {
    const count = changes.filter((change) => change.what === what).length;
    return count > 0 ? [`${count} ${names[what] ?? what}`] : [];
  });
  const bytes = changes.reduce((sum, { what, record }) => sum + (what === 'removed' ? 0 : record.bytes), 0);
  return [...parts, `${bytes} bytes`].join(', ');
}
