import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../store/api.ts';
import type { Asked } from '../store/use-answer.ts';
import { jobs } from '../store/live.ts';

export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const { hint } = error as ApiError;
  return (
    <div class="page state" role="alert">
      <h2>That did not work</h2>
      <p>{error.message}</p>
      {hint && <p class="muted">{hint}</p>}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="state">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** After 300 ms a bar; after two seconds how far it is, how long that took, and a way out. */
export function Waiting<T>({ asked, what }: { asked: Asked<T>; what: string }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!asked.isLoading) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [asked.isLoading]);
  const waited = now - asked.since;
  if (!asked.isLoading) return null;
  if (waited < 300) return <div aria-busy="true" />;
  const far = jobs.value[asked.command] ?? '';
  const [, done, of] = /(\d+) of (\d+)/.exec(far) ?? [];
  return (
    <div class="waiting" aria-busy="true">
      {done === undefined || of === undefined ? (
        <div class="bar" aria-hidden="true" />
      ) : (
        <progress max={Number(of)} value={Number(done)} aria-label={what} />
      )}
      {waited > 2000 && (
        <p>
          <span role="status">{what}</span>
          {far && `: ${far}`} <span class="muted">{Math.round(waited / 1000)} s</span>{' '}
          <button type="button" onClick={asked.cancel}>
            Cancel
          </button>
        </p>
      )}
    </div>
  );
}

/** The answer, or what there is instead of it. */
export function Answer<T>({
  asked,
  what,
  children,
}: {
  asked: Asked<T>;
  what: string;
  children: (value: T) => ComponentChildren;
}) {
  return (
    <>
      <Waiting asked={asked} what={what} />
      {asked.error && <Failure error={asked.error} onRetry={asked.reload} />}
      {asked.value !== undefined && children(asked.value)}
    </>
  );
}
