// Checks before a request to a model: endpoint not paused, daily cap not reached. Otherwise the rules answer.
import { codeOf } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { noteFailure, noteSuccess, readBreaker, whyPaused } from './breaker.ts';
import type { CompressReply, CompressRequest, Provider } from './provider.ts';
import { readUsage } from '../claims/usage.ts';
import type { ModelProvider } from './model-provider.ts';

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
  const { paths, fallback, setup } = tools;
  const budget = makeBudget(tools);
  return {
    ...model,
    whyNot: (request) => whyNot(request, model, tools, budget),
    async compress(request, notes) {
      const why = whyNot(request, model, tools, budget);
      if (why !== undefined) return fallback.compress(request);
      let reply: CompressReply;
      try {
        reply = await model.compress(request, notes);
      } catch (error) {
        const failure = failureOf(error);
        noteFailure(paths, setup, tools.now(), failure);
        if (failure.isLasting) return fallback.compress(request);
        throw error;
      }
      noteSuccess(paths);
      budget.add(reply.usage.tokensIn + reply.usage.tokensOut);
      return reply;
    },
  };
}

function whyNot(
  request: CompressRequest,
  model: ModelProvider,
  tools: GuardTools,
  budget: Pick<Budget, 'spent'>,
): string | undefined {
  const paused = whyPaused(readBreaker(tools.paths), tools.setup, tools.now());
  if (paused !== undefined) return paused;
  const isOver = tools.maxPerDay > 0 && budget.spent() + model.build(request).tokens + usualTokensOut > tools.maxPerDay;
  return isOver ? `the cap of ${tools.maxPerDay} tokens a day is reached` : undefined;
}

interface Budget {
  spent(): number;
  add(tokens: number): void;
}

/** Adds this process's own usage, which reaches the usage files only with its records. */
function makeBudget({ paths, now }: Pick<GuardTools, 'paths' | 'now'>): Budget {
  let day = '';
  let before = 0;
  let here = 0;
  const settle = (): void => {
    const today = now().toISOString().slice(0, 10);
    if (today === day) return;
    day = today;
    here = 0;
    before = tokensOn({ paths, day });
  };
  return {
    spent: () => {
      settle();
      return before + here;
    },
    add: (tokens) => {
      settle();
      here += tokens;
    },
  };
}

/** Model tokens of one day (YYYY-MM-DD, UTC), in and out. */
export function tokensOn({ paths, day }: { paths: MemoryPaths; day: string }): number {
  return readUsage(paths, day).reduce((sum, line) => sum + line.tokensIn + line.tokensOut, 0);
}

function failureOf(error: unknown): { reason: string; isLasting: boolean; retryAfterMs?: number } {
  const reason = error instanceof Error ? error.message : String(error);
  if (codeOf(error) !== 'provider') return { reason, isLasting: false };
  const { kind, retryAfterMs } = error as { kind?: unknown; retryAfterMs?: unknown };
  return {
    reason,
    isLasting: kind === 'lasting',
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
  };
}
