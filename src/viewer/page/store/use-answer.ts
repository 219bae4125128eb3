// A question to the server as a part of a view: the old answer stays until the new one is there, and leaving the view takes the question back.
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, post, type Params } from './api.ts';
import { revision, toldRevision } from './live.ts';

export interface Asked<T> {
  value: T | undefined;
  error: Error | undefined;
  isLoading: boolean;
  /** Of the server that is asked: names its command. */
  command: string;
  /** When the question was put, in milliseconds since 1970. */
  since: number;
  reload(): void;
  cancel(): void;
}

interface AskOptions {
  /** Asked again whenever something moves. */
  isLive?: boolean;
  /** Asked again, too, when a session was told something. */
  hearsTold?: boolean;
  /** Asked with POST. */
  body?: object;
  /** Put so long after the last change of the question: for what is typed. */
  delayMs?: number;
}

/** `to` undefined asks nothing. The value of another `to` is let go at once, that of other parameters when the new one comes. */
export function useAsk<T>(
  to: string | undefined,
  params: Params = {},
  { isLive = true, hearsTold = false, body, delayMs = 0 }: AskOptions = {},
): Asked<T> {
  const [asked, setAsked] = useState<{ value?: T; error?: Error; isLoading: boolean; to?: string; since: number }>({
    isLoading: to !== undefined,
    since: Date.now(),
  });
  const [count, setCount] = useState(0);
  const controller = useRef<AbortController | undefined>(undefined);
  const name = JSON.stringify([to, new URLSearchParams(params as Record<string, string>).toString(), body]);
  const live = (isLive ? revision.value : 0) + (hearsTold ? toldRevision.value : 0);
  useEffect(() => {
    if (to === undefined) return;
    const own = new AbortController();
    controller.current = own;
    setAsked((before) => ({
      ...(before.to === to && before.value !== undefined && { value: before.value }),
      isLoading: true,
      to,
      since: Date.now(),
    }));
    const put = (): void =>
      void (body ? post<T>(to, body, own.signal) : get<T>(to, params, own.signal)).then(
        (value) => setAsked({ value, isLoading: false, to, since: Date.now() }),
        (error: Error) => {
          if (own.signal.aborted && error.name === 'AbortError') return;
          setAsked((before) => ({ ...before, error, isLoading: false }));
        },
      );
    const timer = delayMs > 0 ? setTimeout(put, delayMs) : put();
    return () => {
      clearTimeout(timer ?? undefined);
      own.abort();
    };
  }, [name, count, live]);
  return {
    value: asked.value,
    error: asked.error,
    isLoading: asked.isLoading,
    command: to?.split('/')[2] ?? '',
    since: asked.since,
    reload: () => setCount((before) => before + 1),
    cancel: () => {
      controller.current?.abort();
      setAsked((before) => ({ ...before, isLoading: false, error: new Error('Cancelled.') }));
    },
  };
}
