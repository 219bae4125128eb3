// Endpoints with the OpenAI API, by name: one row each. The user only gives a key and consent.
export interface Preset {
  /** Base URL; '/chat/completions' is appended. */
  endpoint: string;
  /** The key's variable in the endpoint's documentation; '' if no key is needed. */
  keyVariable: string;
  /** '' if it depends on what the user has installed. */
  model: string;
}

export type PresetName = 'gemini' | 'openrouter' | 'ollama';

export const presets = {
  gemini: {
    endpoint: 'https://generativelanguage.googleapis.com/v1beta/openai',
    keyVariable: 'GEMINI_API_KEY',
    model: 'gemini-2.5-flash',
  },
  openrouter: {
    endpoint: 'https://openrouter.ai/api/v1',
    keyVariable: 'OPENROUTER_API_KEY',
    model: 'anthropic/claude-haiku-4.5',
  },
  ollama: { endpoint: 'http://127.0.0.1:11434/v1', keyVariable: '', model: '' },
} satisfies Record<PresetName, Preset>;

export const presetNames = Object.keys(presets) as PresetName[];
