// Chooses the provider from the settings, with the reason: shown by status, so that no cost is hidden. Loads no provider.
import { createHash } from 'node:crypto';
import { readBreaker, whyNotNow } from '../compress/providers/breaker.ts';
import type { Memory } from '../memory/open.ts';
import { modelNames, modelProviders, type ModelName } from './model-providers.ts';

/** The choice, before anything is loaded. */
export interface PickedProvider {
  name: 'extractive' | ModelName;
  why: string;
  /** Set when a model is chosen but not used now: its cap is reached, or it fails. */
  pause?: string;
  /** Its last failure, until it answers again. */
  trouble?: { at: string; reason: string; isLasting: boolean };
}

/** Sends no request and loads nothing. */
export function pickProvider(memory: Memory): PickedProvider {
  const { paths, settings, env } = memory;
  const asked = settings.provider;
  if (asked === 'extractive') return { name: asked, why: 'rules on this machine; no key and no model' };
  const isAuto = asked === 'auto';
  const wanted = isAuto ? modelNames.filter((one) => modelProviders[one].isGiven(memory)) : [asked];
  const name = wanted.find((one) => modelProviders[one].missing(memory) === undefined);
  if (name === undefined) {
    const why = isAuto
      ? 'auto found no key and no endpoint in your own settings'
      : `${asked} is chosen, but ${modelProviders[asked].missing(memory)}`;
    return { name: 'extractive', why };
  }
  const why = `${isAuto ? 'auto; the first that is set up: ' : ''}${modelProviders[name].why(memory)}`;
  const setup = setupOf(memory, name);
  const pause = whyNotNow({ paths, setup, maxPerDay: settings.tokens.maxPerDay }, env.now());
  const state = readBreaker(paths);
  const hasTrouble = state?.setup === setup && state.failures > 0;
  return { name, why, pause, trouble: hasTrouble ? state.last : undefined };
}

/** Identifies the setup: other settings reset the failures. A hash, because it includes the key. */
export function setupOf(memory: Memory, name: ModelName): string {
  return createHash('sha256')
    .update(JSON.stringify([name, ...modelProviders[name].settings(memory)]))
    .digest('hex')
    .slice(0, 16);
}
