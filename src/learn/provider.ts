// Which provider this machine's settings choose, and why: said in status, so that there is never a silent cost.
import { createHash } from 'node:crypto';
import { readBreaker, whyPaused } from '../compress/providers/breaker.ts';
import { extractiveProvider } from '../compress/rules/provider.ts';
import type { Provider } from '../compress/providers/provider.ts';
import { tokensOn, type GuardedProvider } from '../compress/providers/guard.ts';
import type { Memory } from '../memory/open.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { modelNames, modelProviders, type ModelName } from './model-providers.ts';

/** What the settings come to, before anything is loaded. */
export interface PickedProvider {
  name: 'extractive' | 'scripted' | ModelName;
  why: string;
  /** Set where a model is chosen and is not asked now: its cap is reached, or it fails. */
  pause?: string;
  /** How it failed last, until it answers again. */
  trouble?: { at: string; reason: string; isLasting: boolean };
}

export interface ChosenProvider extends PickedProvider {
  provider: Provider;
  /** The same, where it is a model. */
  model?: GuardedProvider;
}

const scriptedVariable = 'REPOMEM_SCRIPTED_PROVIDER';

/** Nobody is asked and nothing is loaded. */
export function pickProvider(memory: Memory): PickedProvider {
  const { env, settings } = memory;
  if (env.vars[scriptedVariable]) return { name: 'scripted', why: `${scriptedVariable} names a script (tests)` };
  const asked = settings.provider;
  if (asked === 'extractive') return { name: 'extractive', why: 'rules on this machine; no key and no model' };
  if (asked !== 'auto') {
    const missing = modelProviders[asked].missing(memory);
    return missing === undefined
      ? withPause(memory, asked, modelProviders[asked].why(memory))
      : { name: 'extractive', why: `${asked} is chosen, but ${missing}` };
  }
  const found = modelNames.find(
    (name) => modelProviders[name].isGiven(memory) && modelProviders[name].missing(memory) === undefined,
  );
  return found === undefined
    ? { name: 'extractive', why: 'auto found no key and no endpoint in your own settings' }
    : withPause(memory, found, `auto; the first that is set up: ${modelProviders[found].why(memory)}`);
}

function withPause(memory: Memory, name: ModelName, why: string): PickedProvider {
  const pause = pauseOf(memory, name);
  const state = readBreaker(memory.paths);
  const hasTrouble = state?.setup === setupOf(memory, name) && state.failures > 0;
  return { name, why, ...(pause === undefined ? {} : { pause }), ...(hasTrouble ? { trouble: state.last } : {}) };
}

function pauseOf(memory: Memory, name: ModelName): string | undefined {
  const { paths, settings, env } = memory;
  const now = env.now();
  const paused = whyPaused(readBreaker(paths), setupOf(memory, name), now);
  if (paused !== undefined) return paused;
  const { maxPerDay } = settings.tokens;
  const spent = maxPerDay === 0 ? 0 : tokensOn({ paths, day: now.toISOString().slice(0, 10) });
  return maxPerDay > 0 && spent >= maxPerDay
    ? `${spent} of ${maxPerDay} tokens are spent today (tokens.maxPerDay)`
    : undefined;
}

/** Other settings begin anew where the old ones failed. A hash: the key stands in it. */
export function setupOf(memory: Memory, name: ModelName): string {
  return createHash('sha256')
    .update(JSON.stringify([name, ...modelProviders[name].settings(memory)]))
    .digest('hex')
    .slice(0, 16);
}

/** What compresses: an unusable choice is the extractive provider. */
export async function chooseProvider(memory: Memory): Promise<ChosenProvider> {
  const picked = pickProvider(memory);
  const fallback = extractiveProvider();
  if (picked.name === 'extractive') return { ...picked, provider: fallback };
  if (picked.name === 'scripted') {
    const { scriptedProvider } = await import('../compress/claims/scripted.ts');
    return { ...picked, provider: scriptedProvider(memory.env.vars[scriptedVariable] ?? '') };
  }
  const { modelProvider } = await import('../compress/providers/model-provider.ts');
  const { guardProvider } = await import('../compress/providers/guard.ts');
  const redactor = makeRedactor(memory);
  const model = modelProvider({
    transport: await modelProviders[picked.name].load(memory),
    redact: (text) => redactor.redact(text),
    maxTokens: memory.settings.tokens.maxPerRequest,
    fallback,
  });
  const guarded = guardProvider(model, {
    paths: memory.paths,
    fallback,
    setup: setupOf(memory, picked.name),
    maxPerDay: memory.settings.tokens.maxPerDay,
    now: () => memory.env.now(),
  });
  return { ...picked, provider: guarded, model: guarded };
}
