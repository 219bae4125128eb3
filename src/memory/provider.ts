// Which provider this machine's settings choose, and why: said in status, so that there is never a silent cost.
import { extractiveProvider } from '../compress/extractive/provider.ts';
import type { Provider } from '../compress/provider.ts';
import type { Memory } from './open.ts';

export interface ChosenProvider {
  name: string;
  why: string;
  provider: Provider;
}

export async function chooseProvider(memory: Memory): Promise<ChosenProvider> {
  const scripted = memory.env.vars['REPOMEM_SCRIPTED_PROVIDER'];
  if (scripted) {
    const { scriptedProvider } = await import('../compress/scripted.ts');
    return {
      name: 'scripted',
      why: 'REPOMEM_SCRIPTED_PROVIDER names a script (tests)',
      provider: scriptedProvider(scripted),
    };
  }
  return { name: 'extractive', why: 'needs no key and no model', provider: extractiveProvider() };
}
