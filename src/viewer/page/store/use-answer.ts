// A question to the server as a part of a view: the old answer stays until the new one is there, and leaving the view takes the question back.
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, type Params } from './api.ts';
import { revision } from './live.ts';

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

/** `to` undefined asks nothing. `isLive`: asked again whenever something moves. */
export function useAsk<T>(to: string | undefined, params: Params = {}, { isLive = true } = {}): Asked<T> {
  const [asked, setAsked] = useState<{ value?: T; error?: Error; isLoading: boolean; key: string; since: number }>({
    isLoading: to !== undefined,
    key: '',
    since: Date.now(),
  });
  const [count, setCount] = useState(0);
  const controller = useRef<AbortController | undefined>(undefined);
  const name = to === undefined ? '' : `${to} ${new URLSearchParams(params as Record<string, string>).toString()}`;
  const live = isLive ? revision.value : 0;
  useEffect(() => {
    if (to === undefined) return;
    const own = new AbortController();
    controller.current = own;
    setAsked((before) => ({
      ...(before.key === name && before.value !== undefined && { value: before.value }),
      isLoading: true,
      key: name,
      since: Date.now(),
    }));
    get<T>(to, params, own.signal).then(
      (value) => setAsked({ value, isLoading: false, key: name, since: Date.now() }),
      (error: Error) => {
        if (own.signal.aborted && error.name === 'AbortError') return;
        setAsked((before) => ({
          ...(before.value !== undefined && { value: before.value }),
          error,
          isLoading: false,
          key: name,
          since: Date.now(),
        }));
      },
    );
    return () => own.abort();
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
