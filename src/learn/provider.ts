// Which provider this machine's settings choose, and why: said in status, so that there is never a silent cost.
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { readBreaker, whyPaused } from '../compress/providers/breaker.ts';
import { extractiveProvider } from '../compress/rules/provider.ts';
import type { Provider } from '../compress/providers/provider.ts';
import { tokensOn, type GuardedProvider } from '../compress/providers/guard.ts';
import type { Transport } from '../compress/providers/transport.ts';
import type { Memory } from '../memory/open.ts';
import { makeRedactor } from '../memory/redactor.ts';

type ModelName = 'anthropic' | 'openai-compatible' | 'claude';

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
  if (asked === 'extractive') return { name: 'extractive', why: 'needs no key and no model' };
  if (asked !== 'auto') {
    const missing = whatIsMissing(memory, asked);
    return missing === undefined
      ? withPause(memory, asked, whyOf(memory, asked))
      : { name: 'extractive', why: `${asked} is chosen, but ${missing}` };
  }
  // The user's own client is never taken silently: it spends the quota of their plan.
  const found = (['anthropic', 'openai-compatible'] as const).find((name) => whatIsMissing(memory, name) === undefined);
  return found === undefined
    ? {
        name: 'extractive',
        why: 'auto found neither a key for Anthropic nor an endpoint with a model (claude is taken only by its name)',
      }
    : withPause(memory, found, `auto; the first that is set up: ${whyOf(memory, found)}`);
}

function whatIsMissing({ env, settings }: Memory, name: ModelName): string | undefined {
  switch (name) {
    case 'anthropic':
      return settings.key.anthropic === ''
        ? 'there is no key: repomem settings key.anthropic KEY, or ANTHROPIC_API_KEY'
        : settings.model.anthropic === ''
          ? 'no model is named: repomem settings model.anthropic MODEL'
          : undefined;
    case 'openai-compatible':
      return settings.endpoint.openai === ''
        ? 'there is no endpoint: repomem settings endpoint.openai URL, or OPENAI_BASE_URL'
        : settings.model.openai === ''
          ? 'no model is named: repomem settings model.openai MODEL'
          : undefined;
    case 'claude':
      return isOnPath('claude', env.vars['PATH'] ?? '') ? undefined : 'no claude stands on the PATH';
  }
}

function whyOf({ settings }: Memory, name: ModelName): string {
  switch (name) {
    case 'anthropic':
      return `${settings.model.anthropic}, paid with your key`;
    case 'openai-compatible':
      return `${settings.model.openai} at ${new URL(settings.endpoint.openai).host}`;
    case 'claude':
      return `your own client with model ${settings.model.claude || 'default'}: each request spends the quota of whoever is logged in there`;
  }
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
export function setupOf({ settings }: Memory, name: ModelName): string {
  const { key, model, endpoint } = settings;
  const parts = {
    anthropic: [key.anthropic, model.anthropic, endpoint.anthropic],
    'openai-compatible': [key.openai, model.openai, endpoint.openai],
    claude: [model.claude],
  }[name];
  return createHash('sha256')
    .update(JSON.stringify([name, ...parts]))
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
    transport: await loadTransport(memory, picked.name),
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

async function loadTransport({ env, settings }: Memory, name: ModelName): Promise<Transport> {
  const timeoutMs = settings.model.timeoutSeconds * 1000;
  const now = (): Date => env.now();
  switch (name) {
    case 'anthropic': {
      const { anthropicTransport } = await import('../compress/providers/anthropic.ts');
      const [key, model, endpoint] = [settings.key.anthropic, settings.model.anthropic, settings.endpoint.anthropic];
      return anthropicTransport({ key, model, endpoint, timeoutMs, now });
    }
    case 'openai-compatible': {
      const { openAiTransport } = await import('../compress/providers/openai-compatible.ts');
      const [key, model, endpoint] = [settings.key.openai, settings.model.openai, settings.endpoint.openai];
      return openAiTransport({ key, model, endpoint, timeoutMs, now });
    }
    case 'claude': {
      const { claudeTransport } = await import('../compress/providers/claude.ts');
      return claudeTransport({ model: settings.model.claude, vars: env.vars, timeoutMs });
    }
  }
}

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
