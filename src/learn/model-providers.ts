// The models that settings can name, one row each: requirements, description, transport.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { presetNames, type PresetName } from '../compress/providers/presets.ts';
import type { Transport } from '../compress/providers/transport.ts';
import type { Memory } from '../memory/open.ts';
import { variableOf, type SettingKey } from '../settings/settings-table.ts';

export type ModelName = 'anthropic' | 'openai-compatible' | 'claude' | PresetName;

type Setup = Pick<Memory, 'env' | 'settings' | 'sources'>;

interface ModelRow {
  /** The setting that the user must make first; undefined when complete. */
  missing(setup: Setup): string | undefined;
  /** Which service is used and who pays, for people. */
  why(setup: Setup): string;
  /** Settings that identify the setup: a change resets its failures. */
  settings(setup: Setup): readonly string[];
  /** The user configured it for repomem: `auto` ignores keys that merely exist in the environment. */
  isGiven(setup: Setup): boolean;
  load(setup: Setup): Promise<Transport>;
}

function isGiven({ env, sources }: Setup, key: SettingKey): boolean {
  return sources[key] === 'user' || Boolean(env.vars[variableOf(key)]);
}

const timing = ({ env, settings }: Setup): { timeoutMs: number; now(): Date } => ({
  timeoutMs: settings.model.timeoutSeconds * 1000,
  now: () => env.now(),
});

const needsModel = (name: string): string => `no model is named: repomem settings model.${name} MODEL`;

function presetRow(name: PresetName): ModelRow {
  return {
    missing: ({ settings: { key, model } }) =>
      name !== 'ollama' && key[name] === ''
        ? `there is no key: repomem settings key.${name} KEY`
        : model[name] === ''
          ? needsModel(name)
          : undefined,
    why: ({ settings: { model, endpoint } }) => `${model[name]} at ${new URL(endpoint[name]).host}`,
    settings: ({ settings: { key, model, endpoint } }) => [key[name], model[name], endpoint[name]],
    isGiven: (setup) => isGiven(setup, name === 'ollama' ? 'model.ollama' : `key.${name}`),
    load: async (setup) => {
      const { openAiTransport } = await import('../compress/providers/openai-compatible.ts');
      const { key, model, endpoint } = setup.settings;
      return openAiTransport({ name, key: key[name], model: model[name], endpoint: endpoint[name], ...timing(setup) });
    },
  };
}

export const modelProviders = {
  anthropic: {
    missing: ({ settings: { key, model } }) =>
      key.anthropic === ''
        ? 'there is no key: repomem settings key.anthropic KEY, or ANTHROPIC_API_KEY'
        : model.anthropic === ''
          ? needsModel('anthropic')
          : undefined,
    why: ({ settings: { model } }) => `${model.anthropic}, paid with your key`,
    settings: ({ settings: { key, model, endpoint } }) => [key.anthropic, model.anthropic, endpoint.anthropic],
    isGiven: (setup) => isGiven(setup, 'key.anthropic'),
    load: async (setup) => {
      const { anthropicTransport } = await import('../compress/providers/anthropic.ts');
      const { key, model, endpoint } = setup.settings;
      return anthropicTransport({
        key: key.anthropic,
        model: model.anthropic,
        endpoint: endpoint.anthropic,
        ...timing(setup),
      });
    },
  },
  'openai-compatible': {
    missing: ({ settings: { endpoint, model } }) =>
      endpoint.openai === ''
        ? 'there is no endpoint: repomem settings endpoint.openai URL, or OPENAI_BASE_URL'
        : model.openai === ''
          ? needsModel('openai')
          : undefined,
    why: ({ settings: { endpoint, model } }) => `${model.openai} at ${new URL(endpoint.openai).host}`,
    settings: ({ settings: { key, model, endpoint } }) => [key.openai, model.openai, endpoint.openai],
    isGiven: (setup) => isGiven(setup, 'endpoint.openai'),
    load: async (setup) => {
      const { openAiTransport } = await import('../compress/providers/openai-compatible.ts');
      const { key, model, endpoint } = setup.settings;
      return openAiTransport({
        name: 'openai-compatible',
        key: key.openai,
        model: model.openai,
        endpoint: endpoint.openai,
        ...timing(setup),
      });
    },
  },
  claude: {
    missing: ({ env }) => (hasClaude(env) ? undefined : 'no claude stands on the PATH'),
    why: ({ settings: { model } }) =>
      `your own client with model ${model.claude || 'default'}: each request spends the quota of whoever is logged in there`,
    settings: ({ settings: { model } }) => [model.claude],
    // It spends a plan's quota: used only when chosen by name.
    isGiven: () => false,
    load: async (setup) => {
      const { claudeTransport } = await import('../compress/providers/claude.ts');
      const { env, settings } = setup;
      return claudeTransport({ model: settings.model.claude, vars: env.vars, timeoutMs: timing(setup).timeoutMs });
    },
  },
  ...(Object.fromEntries(presetNames.map((name) => [name, presetRow(name)])) as Record<PresetName, ModelRow>),
} satisfies Record<ModelName, ModelRow>;

/** Search order of `auto`. */
export const modelNames = Object.keys(modelProviders) as ModelName[];

export function hasClaude({ vars }: Memory['env']): boolean {
  return (vars['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, 'claude'), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
