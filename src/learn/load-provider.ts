// Loads the chosen provider with its guard.
import { extractiveProvider } from '../compress/rules/rules-provider.ts';
import type { Provider } from '../compress/providers/provider.ts';
import type { GuardedProvider } from '../compress/providers/allowance.ts';
import type { Memory } from '../memory/open.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { modelProviders } from './model-providers.ts';
import { pickProvider, scriptedVariable, setupOf, type PickedProvider } from './pick-provider.ts';

export interface ChosenProvider extends PickedProvider {
  provider: Provider;
  /** The same provider, if it is a model. */
  model?: GuardedProvider;
}

/** The provider for compression; the extractive one if the choice is unusable. */
export async function chooseProvider(memory: Memory): Promise<ChosenProvider> {
  const picked = pickProvider(memory);
  const fallback = extractiveProvider();
  if (picked.name === 'extractive') return { ...picked, provider: fallback };
  if (picked.name === 'scripted') {
    const { scriptedProvider } = await import('../compress/claims/scripted.ts');
    return { ...picked, provider: scriptedProvider(memory.env.vars[scriptedVariable] ?? '') };
  }
  const { modelProvider } = await import('../compress/providers/model-provider.ts');
  const { guardProvider } = await import('../compress/providers/allowance.ts');
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
