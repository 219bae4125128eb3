// Loads the chosen provider.
import { extractiveProvider } from '../compress/rules/rules-provider.ts';
import type { Provider } from '../compress/providers/provider.ts';
import type { ModelProvider } from '../compress/providers/model-provider.ts';
import type { Memory } from '../memory/open.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { modelProviders } from './model-providers.ts';
import { pickProvider, setupOf, type PickedProvider } from './pick-provider.ts';

export interface ChosenProvider extends PickedProvider {
  provider: Provider;
  /** The same provider, if it is a model. */
  model?: ModelProvider;
}

/** The provider for compression; the extractive one if the choice is unusable. */
export async function chooseProvider(memory: Memory): Promise<ChosenProvider> {
  const picked = pickProvider(memory);
  const fallback = extractiveProvider();
  if (picked.name === 'extractive') return { ...picked, provider: fallback };
  const { modelProvider } = await import('../compress/providers/model-provider.ts');
  const redactor = makeRedactor(memory);
  const { maxPerRequest: maxTokens, maxPerDay } = memory.settings.tokens;
  const model = modelProvider({
    paths: memory.paths,
    transport: await modelProviders[picked.name].load(memory),
    redact: (text) => redactor.redact(text),
    maxTokens,
    maxPerDay,
    setup: setupOf(memory, picked.name),
    fallback,
    now: () => memory.env.now(),
  });
  return { ...picked, provider: model, model };
}
