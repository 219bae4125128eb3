// A package for embeddings that the user installed beside their settings: `npm install --prefix <user folder> PACKAGE`. Never one of the
// repository at hand: opening a clone must not run its code.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ProviderFailure } from '../compress/providers/transport.ts';
import { type Encoder, isVector } from './encoder.ts';

type Embed = (texts: readonly string[]) => Promise<unknown>;

/** In a process that stays a package is loaded once. */
const loaded = new Map<string, Promise<Embed>>();

/**
 * `name`: the package, with a model behind a space where it wants one, such as `@huggingface/transformers Xenova/all-MiniLM-L6-v2`. Understood are
 * packages that export `embed(texts)`, `pipeline` (transformers.js) or `initModel` (EnergeticAI, its model package in the second place).
 */
export function localEncoder(userFolder: string, name: string): Encoder {
  const [packageName = '', model = ''] = name.trim().split(/\s+/);
  return {
    key: `local ${name}`,
    isOnThisMachine: true,
    async embed(texts, signal) {
      const known = loaded.get(name);
      const loading = known ?? loadEmbed(userFolder, packageName, model);
      if (known === undefined) loaded.set(name, loading);
      try {
        const vectors = await untilAborted(
          loading.then((embed) => embed(texts)),
          signal,
        );
        if (!Array.isArray(vectors) || vectors.length !== texts.length || !vectors.every(isVector))
          throw new Error(`expected ${texts.length} vectors`);
        return { vectors, tokens: 0 };
      } catch (error) {
        throw new ProviderFailure(
          'passing',
          `${packageName}: ${error instanceof Error ? error.message : String(error)}`,
          {
            cause: error,
          },
        );
      }
    },
  };
}

async function loadEmbed(userFolder: string, packageName: string, model: string): Promise<Embed> {
  const { resolve } = createRequire(join(userFolder, 'package.json'));
  const load = async (name: string): Promise<Record<string, unknown>> =>
    (await import(pathToFileURL(resolve(name)).href)) as Record<string, unknown>;
  const own = await load(packageName);
  const inner = own['default'];
  const found = typeof inner === 'object' && inner !== null ? { ...inner, ...own } : own;
  const { embed, pipeline, initModel } = found as Record<string, ((...all: unknown[]) => unknown) | undefined>;
  if (typeof embed === 'function') return async (texts) => embed(texts);
  if (typeof pipeline === 'function') {
    const extract = (await pipeline('feature-extraction', model)) as (
      texts: readonly string[],
      options: object,
    ) => Promise<{ tolist(): unknown }>;
    return async (texts) => (await extract(texts, { pooling: 'mean', normalize: true })).tolist();
  }
  if (typeof initModel === 'function') {
    const { modelSource } = await load(model);
    const made = (await initModel(modelSource)) as { embed: Embed };
    return (texts) => made.embed(texts);
  }
  throw new Error('exports none of embed, pipeline, initModel');
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // What comes too late is nobody's.
  work.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error('no answer in time'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
