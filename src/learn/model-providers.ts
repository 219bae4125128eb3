// The models that settings can name, one row each: requirements, description, transport.
import { constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { presetNames, type PresetName } from '../compress/providers/presets.ts';
import type { Transport } from '../compress/providers/transport.ts';
import type { Memory } from '../memory/open.ts';
import { isAccessible } from '../store/lenient-files.ts';
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

/**
 * A service reached by its endpoint. `section`: its name in the settings `key`, `model` and `endpoint`. `needs`: the one of these without
 * which it cannot be used, beside the model, and what else may give it.
 */
function endpointRow(
  name: Exclude<ModelName, 'claude'>,
  section: 'anthropic' | 'openai' | PresetName,
  needs?: { kind: 'key' | 'endpoint'; orVariable?: string },
): ModelRow {
  return {
    missing: ({ settings }) => {
      if (needs && settings[needs.kind][section] === '') {
        const setting = `${needs.kind}.${section} ${needs.kind === 'key' ? 'KEY' : 'URL'}`;
        return `there is no ${needs.kind}: repomem settings ${setting}${needs.orVariable ? `, or ${needs.orVariable}` : ''}`;
      }
      return settings.model[section] === '' ? `no model is named: repomem settings model.${section} MODEL` : undefined;
    },
    why: ({ settings: { model, endpoint } }) =>
      section === 'anthropic'
        ? `${model.anthropic}, paid with your key`
        : `${model[section]} at ${new URL(endpoint[section]).host}`,
    settings: ({ settings: { key, model, endpoint } }) => [key[section], model[section], endpoint[section]],
    isGiven: ({ env, sources }) => {
      const setting: SettingKey = `${needs?.kind ?? 'model'}.${section}`;
      return sources[setting] === 'user' || Boolean(env.vars[variableOf(setting)]);
    },
    load: async ({ env, settings }) => {
      const options = {
        key: settings.key[section],
        model: settings.model[section],
        endpoint: settings.endpoint[section],
        timeoutMs: settings.model.timeoutSeconds * 1000,
        now: () => env.now(),
      };
      return section === 'anthropic'
        ? (await import('../compress/providers/anthropic.ts')).anthropicTransport(options)
        : (await import('../compress/providers/openai-compatible.ts')).openAiTransport({ name, ...options });
    },
  };
}

const claudeRow: ModelRow = {
  missing: ({ env }) => (hasClaude(env) ? undefined : 'no claude stands on the PATH'),
  why: ({ settings: { model } }) =>
    `your own client with model ${model.claude || 'default'}: each request spends the quota of whoever is logged in there`,
  settings: ({ settings: { model } }) => [model.claude],
  // It spends a plan's quota: used only when chosen by name.
  isGiven: () => false,
  load: async ({ env, settings: { model } }) => {
    const { claudeTransport } = await import('../compress/providers/claude.ts');
    return claudeTransport({ model: model.claude, vars: env.vars, timeoutMs: model.timeoutSeconds * 1000 });
  },
};

export const modelProviders = {
  anthropic: endpointRow('anthropic', 'anthropic', { kind: 'key', orVariable: 'ANTHROPIC_API_KEY' }),
  'openai-compatible': endpointRow('openai-compatible', 'openai', { kind: 'endpoint', orVariable: 'OPENAI_BASE_URL' }),
  claude: claudeRow,
  ...(Object.fromEntries(
    presetNames.map((name) => [name, endpointRow(name, name, name === 'ollama' ? undefined : { kind: 'key' })]),
  ) as Record<PresetName, ModelRow>),
} satisfies Record<ModelName, ModelRow>;

/** Search order of `auto`. */
export const modelNames = Object.keys(modelProviders) as ModelName[];

export function hasClaude({ vars }: Memory['env']): boolean {
  const folders = (vars['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => isAccessible(join(folder, 'claude'), constants.X_OK));
}
