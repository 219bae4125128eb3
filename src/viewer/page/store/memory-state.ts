// What every view shares: the memory at hand, the theme, what was just done.
import { effect, signal } from '@preact/signals';
import type { Done, MemoryAnswer } from '../../wire.ts';
import { go, path } from './address.ts';
import { ApiError, connection, get, post } from './api.ts';
import { revision } from './live.ts';

export const memory = signal<MemoryAnswer | undefined>(undefined);

/** What a view asks goes first: it is waited for, and counts over all records take longer. */
const behindMs = 100;

/** Read once at the start and whenever something moves. */
export function startMemory(): void {
  const read = (): void =>
    void get<MemoryAnswer>('/api/memory').then(
      (answer) => (memory.value = answer),
      // That the server is gone or knows us no more is said in the band.
      () => {},
    );
  effect(() => {
    void revision.value;
    const timer = setTimeout(read, behindMs);
    return () => clearTimeout(timer);
  });
}

export interface Toast {
  text: string;
  detail?: string;
  isBad?: boolean;
  /** Of what was done, in the order in which it was. */
  undo?: readonly string[];
  /** The address of the record that the change made, which is looked at since, and the one that was looked at before. */
  made?: { at: string; from: string };
}

export const toast = signal<Toast | undefined>(undefined);
/** Said to those who listen instead of looking. */
export const announcement = signal('');

let timer = 0;

export function say(next: Toast): void {
  toast.value = next;
  announcement.value = next.text;
  clearTimeout(timer);
  if (!next.isBad && next.undo === undefined)
    timer = setTimeout(() => (toast.value = undefined), 6000) as unknown as number;
}

/** Runs a change and says how it went; undefined where it failed. */
export async function change(to: string, body: object, told: string): Promise<Done | undefined> {
  try {
    const done = await post<Done>(to, body);
    say({
      text: told,
      ...(done.next && { detail: done.next }),
      ...(done.undo !== undefined && { undo: [done.undo] }),
    });
    revision.value++;
    return done;
  } catch (error) {
    sayError(error);
    return undefined;
  }
}

export function sayError(error: unknown): void {
  const { message, hint } = error as ApiError;
  say({ text: message, ...(hint && { detail: hint }), isBad: true });
}

export async function undoLast(): Promise<void> {
  const { undo = [], made } = toast.value ?? {};
  for (const token of undo.toReversed()) if (!(await change('/api/undo', { token }, 'Taken back.'))) return;
  if (made !== undefined && path.value === made.at) go(made.from);
}

/** From the page of a record to the page of the one that a change just made of it; an undo leads back. */
export function goToMade(id: string): void {
  const from = path.value;
  if (!from.startsWith('/o/')) return;
  const at = `/o/${encodeURIComponent(id)}`;
  if (toast.value !== undefined) toast.value = { ...toast.value, made: { at, from } };
  go(at);
}

export const isWritable = (): boolean => connection.value === 'ok' && memory.value?.isReadOnly === false;

const themeKey = 'repomem-theme';
export const theme = signal<'auto' | 'light' | 'dark'>(readStored(themeKey, ['light', 'dark'], 'auto'));
effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
  store(themeKey, theme.value);
});

const densityKey = 'repomem-density';
export const density = signal<'comfortable' | 'compact'>(readStored(densityKey, ['compact'], 'comfortable'));
effect(() => {
  document.documentElement.dataset['density'] = density.value;
  store(densityKey, density.value);
});

export function readStored<V extends string, U extends string>(key: string, allowed: readonly V[], usual: U): V | U {
  try {
    const value = localStorage.getItem(key);
    return allowed.find((one) => one === value) ?? usual;
  } catch {
    return usual;
  }
}

export function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage it holds for this page.
  }
}
