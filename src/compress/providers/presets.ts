// Endpoints that speak the OpenAI dialect, by name: a row each. The user gives a key and says yes; the rest is here.
export interface Preset {
  /** Base URL; '/chat/completions' is put behind. */
  endpoint: string;
  /** The variable that the endpoint's own documentation names for its key; '' where it wants none. */
  keyVariable: string;
  /** '' where nobody can know what the user has. */
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
