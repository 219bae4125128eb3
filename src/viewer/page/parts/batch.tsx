// What can be done with many records at once: each as by its own button, one after the other, all taken back by one click.
import { useState } from 'preact/hooks';
import type { Done, Line, RecordAnswer } from '../../wire.ts';
import { get, post } from '../store/api.ts';
import { plural } from '../store/format.ts';
import { revision } from '../store/live.ts';
import { isWritable, say, sayError } from '../store/memory-state.ts';
import { Dialog } from './dialog.tsx';

export function Batch({ lines, onDone }: { lines: readonly Line[]; onDone(): void }) {
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const local = lines.filter(({ tier }) => tier === 'local');
  const doAll = async (of: readonly Line[], what: string, body: object, told: string): Promise<void> => {
    setBusy(true);
    const undo: string[] = [];
    let count = 0;
    try {
      for (const { id } of of) {
        const to = `/api/record/${encodeURIComponent(id)}`;
        const { blob } = await get<RecordAnswer>(to);
        const done = await post<Done>(`${to}/${what}`, { ...body, expect: blob });
        if (done.undo !== undefined) undo.push(done.undo);
        count++;
      }
      say({ text: `${told}: ${plural(count, 'record')}`, undo });
      onDone();
    } catch (error) {
      // What was done before can be taken back all the same.
      if (count === 0) sayError(error);
      else
        say({
          text: `${told}: ${count} of ${of.length} records, then: ${(error as Error).message}`,
          isBad: true,
          undo,
        });
    }
    setBusy(false);
    setAsking(false);
    revision.value++;
  };
  const isOn = isWritable() && !isBusy;
  return (
    <div class="batch" role="group" aria-label="With the chosen records">
      <strong role="status">{plural(lines.length, 'record')} chosen</strong>
      <span class="grow" />
      {local.length > 0 && (
        <button type="button" disabled={!isOn} onClick={() => void doAll(local, 'share', {}, 'Shared')}>
          Share {local.length === lines.length ? '' : `${local.length} local ones`}
        </button>
      )}
      <button type="button" disabled={!isOn} onClick={() => setAsking(true)}>
        Forget
      </button>
      <button type="button" class="quiet" onClick={onDone}>
        None <kbd>Esc</kbd>
      </button>
      {isAsking && (
        <Dialog title={`Forget ${plural(lines.length, 'record')}?`} onClose={() => setAsking(false)}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void doAll(lines, 'forget', { reason }, 'Forgotten');
            }}
          >
            <ul class="plain">
              {lines.slice(0, 8).map(({ id, title }) => (
                <li key={id}>{title}</li>
              ))}
            </ul>
            {lines.length > 8 && <p class="muted">and {lines.length - 8} more</p>}
            <label>
              <span>Why (kept in each tombstone)</span>
              <input type="text" value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
            </label>
            <div class="dialog-foot">
              <button type="button" onClick={() => setAsking(false)}>
                Keep them
              </button>
              <button type="submit" class="danger" disabled={!isOn}>
                Forget
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </div>
  );
}
