// Endpoints for embeddings by name, one row each.
export interface EmbeddingPreset {
  /** Base URL; `/embeddings` is appended. */
  endpoint: string;
  model: string;
  /** The variable for the key, as in the provider's documentation; '' if no key is needed. */
  keyVariable: string;
}

export const embeddingPresets = {
  ollama: { endpoint: 'http://127.0.0.1:11434/v1', model: 'nomic-embed-text', keyVariable: '' },
  lmstudio: { endpoint: 'http://127.0.0.1:1234/v1', model: 'text-embedding-nomic-embed-text-v1.5', keyVariable: '' },
  openrouter: {
    endpoint: 'https://openrouter.ai/api/v1',
    model: 'openai/text-embedding-3-small',
    keyVariable: 'OPENROUTER_API_KEY',
  },
  gemini: {
    endpoint: 'https://generativelanguage.googleapis.com/v1beta/openai',
    model: 'gemini-embedding-001',
    keyVariable: 'GEMINI_API_KEY',
  },
} satisfies Record<string, EmbeddingPreset>;

export function embeddingPreset(name: string): EmbeddingPreset | undefined {
  return Object.hasOwn(embeddingPresets, name) ? embeddingPresets[name as keyof typeof embeddingPresets] : undefined;
}
