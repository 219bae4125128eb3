// Checks before a request to a model: endpoint not paused, daily cap not reached. Otherwise the rules answer.
import { messageOf } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readUsage } from '../claims/usage.ts';
import { noteFailure, noteSuccess, readBreaker, whyPaused } from './breaker.ts';
import type { ModelProvider } from './model-provider.ts';
import type { CompressRequest, Provider } from './provider.ts';
import { failureOf } from './transport.ts';

export interface GuardTools {
  paths: MemoryPaths;
  fallback: Provider;
  /** Identifies provider, model, endpoint and key. */
  setup: string;
  /** Tokens per day, in and out; 0 means no cap. */
  maxPerDay: number;
  now(): Date;
}

/** Typical cost of an answer, for the cap. */
const usualTokensOut = 2_000;

export interface GuardedProvider extends ModelProvider {
  /** Why the model does not get this request; undefined: it does. */
  whyNot(request: CompressRequest): string | undefined;
}

export function guardProvider(model: ModelProvider, tools: GuardTools): GuardedProvider {
  const { paths, fallback, setup, maxPerDay, now } = tools;
  const whyNot = (request: CompressRequest): string | undefined => {
    const paused = whyPaused(readBreaker(paths), setup, now());
    if (paused !== undefined || maxPerDay === 0) return paused;
    const spent = tokensOn({ paths, day: now().toISOString().slice(0, 10) });
    const isOver = spent + model.build(request).tokens + usualTokensOut > maxPerDay;
    return isOver ? `the cap of ${maxPerDay} tokens a day is reached` : undefined;
  };
  return {
    ...model,
    whyNot,
    async compress(request, notes) {
      if (whyNot(request) !== undefined) return fallback.compress(request);
      try {
        const reply = await model.compress(request, notes);
        noteSuccess(paths);
        return reply;
      } catch (error) {
        const { kind, retryAfterMs } = failureOf(error);
        const isLasting = kind === 'lasting';
        noteFailure(paths, setup, now(), { reason: messageOf(error), isLasting, retryAfterMs });
        if (isLasting) return fallback.compress(request);
        throw error;
      }
    },
  };
}

/** Model tokens of one day (YYYY-MM-DD, UTC), in and out, of all records written so far. */
export function tokensOn({ paths, day }: { paths: MemoryPaths; day: string }): number {
  return readUsage(paths, day).reduce((sum, line) => sum + line.tokensIn + line.tokensOut, 0);
}
