// What an endpoint is: a row of the table that serves, documents and checks it.
import { RepomemError } from '../../domain/errors.ts';
import type { Event, MemoryAnswer } from '../wire.ts';
import type { Jobs } from './jobs.ts';
import type { Source } from './memory-view.ts';
import type { UndoStore } from './undo-changes.ts';

export interface Ask {
  source: Source;
  /** From the address: `:id` in the path. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: Readonly<Record<string, unknown>>;
  /** Aborted when the asker goes. */
  signal: AbortSignal;
  /** To everybody who has the repository open. */
  tell(event: Event): void;
  server: ServerParts;
}

export interface ServerParts {
  version: string;
  isReadOnly: boolean;
  jobs: Jobs;
  undo: UndoStore;
  repositories(): MemoryAnswer['repositories'];
}

export interface Route {
  method: 'GET' | 'POST';
  path: string;
  about: string;
  /** Name → what it means; a name that is not here is refused. */
  takes?: Readonly<Record<string, string>>;
  run(ask: Ask): Promise<unknown>;
}

export function textParam(query: URLSearchParams, name: string): string | undefined {
  const value = query.get(name);
  return value === null || value === '' ? undefined : value;
}

export function countParam(
  query: URLSearchParams,
  name: string,
  { max, usual }: { max: number; usual: number },
): number {
  const value = query.get(name);
  if (value === null || value === '') return usual;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > max)
    throw new RepomemError('usage', `${name}: expected a whole number from 0 to ${max}; got '${value}'`);
  return number;
}

export function textField(body: Ask['body'], name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new RepomemError('usage', `${name}: expected a text`);
  return value;
}

export function listField(body: Ask['body'], name: string): string[] | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((one): one is string => typeof one === 'string'))
    throw new RepomemError('usage', `${name}: expected a list of texts`);
  return value;
}
