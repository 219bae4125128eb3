// Chooses the encoder from this machine's settings.
import type { Memory } from '../memory/open.ts';
import { userFolder } from '../settings/user-folder.ts';
import { type Encoder, endpointEncoder } from './encoder.ts';
import { localEncoder } from './local-encoder.ts';

interface EmbeddingPreset {
  /** Base URL; `/embeddings` is appended. */
  endpoint: string;
  model: string;
  /** The variable for the key, as in the provider's documentation; absent if no key is needed. */
  keyVariable?: string;
}

/** Endpoints by name. */
const presets: ReadonlyMap<string, EmbeddingPreset> = new Map([
  ['ollama', { endpoint: 'http://127.0.0.1:11434/v1', model: 'nomic-embed-text' }],
  ['lmstudio', { endpoint: 'http://127.0.0.1:1234/v1', model: 'text-embedding-nomic-embed-text-v1.5' }],
  [
    'openrouter',
    {
      endpoint: 'https://openrouter.ai/api/v1',
      model: 'openai/text-embedding-3-small',
      keyVariable: 'OPENROUTER_API_KEY',
    },
  ],
  [
    'gemini',
    {
      endpoint: 'https://generativelanguage.googleapis.com/v1beta/openai',
      model: 'gemini-embedding-001',
      keyVariable: 'GEMINI_API_KEY',
    },
  ],
]);

/** Undefined when semantic search is off. `why`: the missing setting, if it is on but cannot work. */
export function chooseEncoder({ env, settings }: Memory): { encoder: Encoder } | { why: string } | undefined {
  const { meaning, endpoint, model } = settings.search;
  if (meaning === 'off') return undefined;
  if (meaning === 'local')
    return model === ''
      ? { why: 'no package is named: repomem settings search.model "PACKAGE MODEL"' }
      : { encoder: localEncoder(userFolder(env), model) };
  const preset = presets.get(endpoint) ?? { endpoint, model: '' };
  const chosen = model || preset.model;
  if (chosen === '') return { why: 'no model is named: repomem settings search.model MODEL' };
  const key = settings.key.embeddings || env.vars[preset.keyVariable ?? ''] || '';
  return { encoder: endpointEncoder({ endpoint: preset.endpoint, key, model: chosen }) };
}
