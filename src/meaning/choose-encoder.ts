// Chooses the encoder from this machine's settings.
import type { Memory } from '../memory/open.ts';
import { userFolder } from '../settings/user-folder.ts';
import { type Encoder, endpointEncoder } from './encoder.ts';
import { localEncoder } from './local-encoder.ts';

/** Endpoints by name: base URL (`/embeddings` is appended), model, and the variable for the key if one is needed. */
const presets: Readonly<Record<string, readonly [endpoint: string, model: string, keyVariable?: string]>> = {
  ollama: ['http://127.0.0.1:11434/v1', 'nomic-embed-text'],
  lmstudio: ['http://127.0.0.1:1234/v1', 'text-embedding-nomic-embed-text-v1.5'],
  openrouter: ['https://openrouter.ai/api/v1', 'openai/text-embedding-3-small', 'OPENROUTER_API_KEY'],
  gemini: ['https://generativelanguage.googleapis.com/v1beta/openai', 'gemini-embedding-001', 'GEMINI_API_KEY'],
};

/** Undefined when semantic search is off. `why`: the missing setting, if it is on but cannot work. */
export function chooseEncoder({ env, settings }: Memory): { encoder: Encoder } | { why: string } | undefined {
  const { meaning, endpoint, model } = settings.search;
  if (meaning === 'off') return undefined;
  if (meaning === 'local')
    return model === ''
      ? { why: 'no package is named: repomem settings search.model "PACKAGE MODEL"' }
      : { encoder: localEncoder(userFolder(env), model) };
  const [url, usual, keyVariable = ''] = presets[endpoint] ?? [endpoint, ''];
  const chosen = model || usual;
  if (chosen === '') return { why: 'no model is named: repomem settings search.model MODEL' };
  const key = settings.key.embeddings || env.vars[keyVariable] || '';
  return { encoder: endpointEncoder(url, key, chosen) };
}
