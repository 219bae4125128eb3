// Chooses the encoder from this machine's settings.
import type { Memory } from '../memory/open.ts';
import { userFolder } from '../settings/user-folder.ts';
import { type Encoder, endpointEncoder } from './encoder.ts';
import { localEncoder } from './local-encoder.ts';
import { embeddingPreset } from './encoder-presets.ts';

/** Undefined when semantic search is off. `why`: the missing setting, if it is on but cannot work. */
export function chooseEncoder({ env, settings }: Memory): { encoder: Encoder } | { why: string } | undefined {
  const { meaning, endpoint, model } = settings.search;
  if (meaning === 'off') return undefined;
  if (meaning === 'local')
    return model === ''
      ? { why: 'no package is named: repomem settings search.model "PACKAGE MODEL"' }
      : { encoder: localEncoder(userFolder(env), model) };
  const preset = embeddingPreset(endpoint);
  const chosen = model || (preset?.model ?? '');
  if (chosen === '') return { why: 'no model is named: repomem settings search.model MODEL' };
  const key = settings.key.embeddings || (preset?.keyVariable ? (env.vars[preset.keyVariable] ?? '') : '');
  return { encoder: endpointEncoder({ endpoint: preset?.endpoint ?? endpoint, key, model: chosen }) };
}
