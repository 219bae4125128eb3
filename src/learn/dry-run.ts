// Shows the exact requests that `repomem compress` would send now. Sends and writes nothing.
import { previewPasses } from '../compress/claims/preview.ts';
import { makeTools } from './compress.ts';
import type { Memory } from '../memory/open.ts';
import { chooseProvider } from './load-provider.ts';

export interface DryRequest {
  session: string;
  events: number;
  /** Why no request would be sent; absent otherwise. */
  notAsked?: string;
  /** Host that would receive the request. */
  host?: string;
  model?: string;
  /** ⌈characters / 4⌉ of the model's input. */
  tokens?: number;
  /** The request body. */
  body?: unknown;
}

export interface DryRun {
  provider: string;
  why: string;
  requests: DryRequest[];
  /** Tokens of all requests that would be sent. */
  tokens: number;
}

export async function dryRun(memory: Memory): Promise<DryRun> {
  const { name, why, pause, model } = await chooseProvider(memory);
  const passes = await previewPasses(memory.paths, await makeTools(memory, {}));
  const dry = passes.map(({ kind, request }): DryRequest => {
    const { session, events } = request;
    const about = { session, events: events.length };
    if (model === undefined || kind !== 'model') return { ...about, notAsked: `${name} asks nobody` };
    const whyNot = model.whyNot(request);
    return {
      ...about,
      ...(whyNot === undefined ? {} : { notAsked: whyNot }),
      host: model.host,
      model: model.model,
      tokens: model.build(request).tokens,
      body: model.describe(request),
    };
  });
  return {
    provider: name,
    why: pause === undefined ? why : `${why}; the rules for now: ${pause}`,
    requests: dry,
    tokens: dry.reduce((sum, one) => sum + (one.notAsked === undefined ? (one.tokens ?? 0) : 0), 0),
  };
}
