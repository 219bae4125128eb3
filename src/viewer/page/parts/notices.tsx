import { connection } from '../store/api.ts';
import { memory, toast, undoLast } from '../store/memory-state.ts';

/** Says in a band that the page is cut off: it stays readable, its buttons are off. */
export function Band() {
  if (connection.value === 'gone')
    return (
      <div class="band bad" role="status">
        The server does not answer: what stands here may be old. In the repository: <code>repomem view</code>
      </div>
    );
  if (connection.value === 'token')
    return (
      <div class="band bad" role="status">
        This address is of an earlier run. In the repository: <code>repomem view</code>
      </div>
    );
  const problem = memory.value?.gitProblem;
  if (problem !== undefined)
    return (
      <div class="band" role="status">
        Without git ({problem}) there is nothing to review, compare or explain; records, search and the next session
        work.
      </div>
    );
  return null;
}

export function Toasts() {
  const shown = toast.value;
  return (
    <div class="toasts" role="status">
      {shown && (
        <div class={shown.isBad ? 'toast bad' : 'toast'}>
          <div>
            <strong>{shown.text}</strong>
            {shown.detail && <div class="muted">{shown.detail}</div>}
          </div>
          {shown.undo !== undefined && (
            <button type="button" onClick={() => void undoLast()}>
              Undo
            </button>
          )}
          <button type="button" class="quiet" aria-label="Close the notice" onClick={() => (toast.value = undefined)}>
            ×
          </button>
        </div>
      )}
    </div>
  );
}
