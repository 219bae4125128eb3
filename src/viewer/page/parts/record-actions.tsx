// What can be done with a record. Each button calls what the command of that name calls; none touches git.
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Node, RecordAnswer } from '../../wire.ts';
import { type ApiError, post } from '../store/api.ts';
import { meaningOf, typeNames } from '../store/format.ts';
import { addKeys } from '../store/keyboard.ts';
import { change, goToMade, isWritable, say, sayError } from '../store/memory-state.ts';
import { go } from '../store/address.ts';
import { Dialog } from './dialog.tsx';
import { Markdown } from './markdown.tsx';

/** `answer`: the record as it stood when the dialog opened. What was not looked at is not changed, however live the page is. */
interface Open {
  dialog: 'edit' | 'forget' | 'share';
  answer: RecordAnswer;
}

export function RecordActions({ answer }: { answer: RecordAnswer }) {
  const [open, setOpen] = useState<Open>();
  const ask = (dialog: Open['dialog']): void => setOpen({ dialog, answer });
  const close = (): void => setOpen(undefined);
  const { line, blob } = answer;
  const to = (what: string): string => `/api/record/${encodeURIComponent(line.id)}/${what}`;
  const isStale = line.freshness !== undefined && line.freshness !== 'fresh';
  const canShare = line.tier === 'local';
  const isObservation = line.type !== 'session' && line.type !== 'tombstone';
  const confirm = async (): Promise<void> => {
    const done = await change(to('confirm'), { expect: blob }, 'Confirmed: a new record cites today’s lines.');
    const [first] = (done?.result as { confirmed: { id: string }[] } | undefined)?.confirmed ?? [];
    if (first) goToMade(first.id);
  };
  const isOn = isWritable() && line.isActive;
  const copy = (): void => {
    const text = `[${line.id} ${line.title}](${String(answer.record['path'] ?? '')})`;
    navigator.clipboard.writeText(text).then(
      () => say({ text: 'The citation is copied.' }),
      () => say({ text: 'The browser does not allow copying.', isBad: true }),
    );
  };
  useLayoutEffect(
    () =>
      addKeys([
        { keys: 'y', about: 'copy its citation', run: copy },
        ...(isOn
          ? [
              { keys: 'e', about: 'edit', run: () => ask('edit') },
              { keys: 'd', about: 'forget', run: () => ask('forget') },
              ...(isStale ? [{ keys: 'c', about: 'confirm', run: () => void confirm() }] : []),
              ...(canShare ? [{ keys: 's', about: 'share', run: () => ask('share') }] : []),
            ]
          : []),
      ]),
    [line.id, blob, isOn],
  );
  return (
    <div class="actions">
      {isStale && line.isHere && (
        <button type="button" class="primary" disabled={!isOn} onClick={() => void confirm()}>
          Still true: confirm
        </button>
      )}
      {!line.isHere && (
        <button
          type="button"
          class="primary"
          disabled={!isWritable()}
          onClick={() => void change(to('adopt'), { expect: blob }, 'Adopted: it belongs to this branch, too.')}
        >
          Adopt
        </button>
      )}
      {isObservation && (
        <button type="button" disabled={!isOn} onClick={() => ask('edit')}>
          Edit
        </button>
      )}
      {canShare ? (
        <button type="button" disabled={!isOn} onClick={() => ask('share')}>
          Share
        </button>
      ) : (
        <button
          type="button"
          disabled={!isOn}
          onClick={() => void change(to('unshare'), { expect: blob }, 'Unshared: it stays on this machine alone.')}
        >
          Unshare
        </button>
      )}
      <button type="button" disabled={!isOn} onClick={() => ask('forget')}>
        Forget
      </button>
      <button type="button" class="quiet" onClick={copy}>
        Copy citation
      </button>
      {open?.dialog === 'edit' && <EditDialog answer={open.answer} onClose={close} />}
      {open?.dialog === 'forget' && <ForgetDialog answer={open.answer} onClose={close} />}
      {open?.dialog === 'share' && <ShareDialog answer={open.answer} onClose={close} />}
    </div>
  );
}

function ForgetDialog({ answer, onClose }: { answer: RecordAnswer; onClose(): void }) {
  const { line, blob } = answer;
  const [reason, setReason] = useState('');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const done = await change(
      `/api/record/${encodeURIComponent(line.id)}/forget`,
      { expect: blob, reason },
      `Forgotten: ${line.title}`,
    );
    if (!done) return;
    onClose();
    if (location.pathname.startsWith('/o/')) go('/');
  };
  return (
    <Dialog title="Forget this record?" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <p>
          <strong>{line.title}</strong>
        </p>
        <p class="muted">
          A tombstone is left, so that it is told no more and not learned again. The file is deleted, unstaged, unless
          other branches have it. History keeps what was committed.
        </p>
        <label>
          <span>Why (kept in the tombstone)</span>
          <input type="text" value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        </label>
        <div class="dialog-foot">
          <button type="button" onClick={onClose}>
            Keep it
          </button>
          <button type="submit" class="danger">
            Forget
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function ShareDialog({ answer, onClose }: { answer: RecordAnswer; onClose(): void }) {
  const { line, blob, raw } = answer;
  const share = async (): Promise<void> => {
    const to = `/api/record/${encodeURIComponent(line.id)}/share`;
    if (await change(to, { expect: blob }, 'Shared: git sees the file now.')) onClose();
  };
  return (
    <Dialog title="Share this record?" onClose={onClose}>
      <p>This is the whole file as it will stand in git. A secret in it stops the sharing.</p>
      <pre class="raw" tabIndex={0} aria-label="The file">
        {raw}
      </pre>
      <p class="muted">It costs each session that reads it about {line.tokens} tokens.</p>
      <div class="dialog-foot">
        <button type="button" onClick={onClose}>
          Keep it local
        </button>
        <button type="button" class="primary" data-first onClick={() => void share()}>
          Share
        </button>
      </div>
    </Dialog>
  );
}

function EditDialog({ answer, onClose }: { answer: RecordAnswer; onClose(): void }) {
  const { line, record, isRewritable } = answer;
  const [draft, setDraft] = useState({
    type: line.type,
    title: String(record['title'] ?? ''),
    description: String(record['description'] ?? ''),
    body: String(record['body'] ?? ''),
    facts: ((record['facts'] as string[] | undefined) ?? []).join('\n'),
  });
  const [preview, setPreview] = useState<Node[]>();
  const [conflict, setConflict] = useState<{ now: string; blob: string }>();
  const edit = (name: keyof typeof draft) => (event: { currentTarget: { value: string } }) =>
    setDraft({ ...draft, [name]: event.currentTarget.value });
  const show = async (): Promise<void> => {
    const answered = await post<{ body: Node[] }>('/api/markdown', { text: draft.body });
    setPreview(answered.body);
  };
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const facts = draft.facts
      .split('\n')
      .map((fact) => fact.trim())
      .filter(Boolean);
    try {
      const done = await post<{ result: { id: string }; undo?: string; next?: string }>(
        `/api/record/${encodeURIComponent(line.id)}/edit`,
        { ...draft, facts, expect: conflict?.blob ?? answer.blob },
      );
      say({
        text: isRewritable ? 'Saved.' : 'Saved as a new record that supersedes the old one.',
        ...(done.undo !== undefined && { undo: [done.undo] }),
        ...(done.next !== undefined && { detail: done.next }),
      });
      onClose();
      goToMade(done.result.id);
    } catch (error) {
      const { now, blob } = error as ApiError;
      if (now === undefined || blob === undefined) sayError(error);
      else setConflict({ now, blob });
    }
  };
  return (
    <Dialog title="Edit the record" onClose={onClose}>
      <form onSubmit={(event) => void save(event)}>
        <p class="muted">
          {isRewritable
            ? 'It is not committed yet: saving rewrites its file.'
            : 'It is committed: saving makes a new record that supersedes it, the old one stays in history.'}
        </p>
        {conflict !== undefined && (
          <div role="alert" class="conflict">
            <p>
              The file was changed meanwhile; nothing was saved. It stands like this now. Your text is below; Save puts
              it in this one’s place.
            </p>
            <pre class="raw" tabIndex={0} aria-label="The file as it stands now">
              {conflict.now}
            </pre>
          </div>
        )}
        <label>
          <span>Type</span>
          <select value={draft.type} onChange={edit('type')}>
            {typeNames.map((type) => (
              <option key={type} value={type}>
                {type}: {meaningOf(type)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Title</span>
          <input type="text" required value={draft.title} onInput={edit('title')} />
        </label>
        <label>
          <span>In one sentence</span>
          <input type="text" value={draft.description} onInput={edit('description')} />
        </label>
        <label>
          <span>Body (Markdown)</span>
          <textarea rows={8} value={draft.body} onInput={edit('body')} />
        </label>
        <label>
          <span>Facts, one a line</span>
          <textarea rows={3} value={draft.facts} onInput={edit('facts')} />
        </label>
        {preview && (
          <div class="preview">
            <Markdown nodes={preview} />
          </div>
        )}
        <div class="dialog-foot">
          <button type="button" class="quiet" onClick={() => void show()}>
            Preview
          </button>
          <span class="grow" />
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
