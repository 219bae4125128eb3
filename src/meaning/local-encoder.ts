// Runs an embeddings package that the user installed beside their settings: `npm install --prefix <user folder> PACKAGE`. Never one
// from the repository: opening a clone must not run its code.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../domain/errors.ts';
import { ProviderFailure } from '../compress/providers/transport.ts';
import { type Encoder, isVector } from './encoder.ts';

type Embed = (texts: readonly string[]) => Promise<unknown>;
type Extract = (texts: readonly string[], options: object) => Promise<{ tolist(): unknown }>;

interface Exports {
  embed?: (texts: readonly string[]) => unknown;
  pipeline?: (task: string, model: string) => Promise<Extract>;
}

/** A long-running process loads a package once. */
const loaded = new Map<string, Promise<Embed>>();

/**
 * `name`: the package, and after a space its model if needed, such as `@huggingface/transformers Xenova/all-MiniLM-L6-v2`. Supports
 * packages that export `embed(texts)` or `pipeline` (transformers.js).
 */
export function localEncoder(userFolder: string, name: string): Encoder {
  const [packageName = '', model = ''] = name.trim().split(/\s+/);
  return {
    key: `local ${name}`,
    isOnThisMachine: true,
    async embed(texts, signal) {
      const loading = loaded.get(name) ?? loadEmbed(userFolder, packageName, model);
      loaded.set(name, loading);
      try {
        const work = loading.then((embed) => embed(texts));
        const vectors = await Promise.race([work, abortOf(signal)]);
        if (!Array.isArray(vectors) || vectors.length !== texts.length || !vectors.every(isVector))
          throw new Error(`expected ${texts.length} vectors`);
        return { vectors, tokens: 0 };
      } catch (error) {
        throw new ProviderFailure('passing', `${packageName}: ${messageOf(error)}`, { cause: error });
      }
    },
  };
}

/** Rejects at the abort, and is settled by nothing else. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
  });
}

async function loadEmbed(userFolder: string, packageName: string, model: string): Promise<Embed> {
  const { resolve } = createRequire(join(userFolder, 'package.json'));
  const own = (await import(pathToFileURL(resolve(packageName)).href)) as Exports & { default?: Exports };
  const { embed, pipeline } = { ...own.default, ...own };
  if (embed) return async (texts) => embed(texts);
  if (!pipeline) throw new Error('exports neither embed nor pipeline');
  const extract = await pipeline('feature-extraction', model);
  return async (texts) => (await extract(texts, { pooling: 'mean', normalize: true })).tolist();
}
