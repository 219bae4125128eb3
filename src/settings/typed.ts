// A setting's value as a person types it on a command line, made into what its setting reads.
import type { Setting } from './setting-kinds.ts';

const flags: Readonly<Record<string, string>> = {
  yes: 'true',
  on: 'true',
  1: 'true',
  no: 'false',
  off: 'false',
  0: 'false',
};

/**
 * `words`: the words of the command line. Quotes around a value fall away; a list may stand as several words, with commas or as JSON;
 * `yes` and `off` are flags; digits may be grouped (`200_000`, `200,000`) or end in k. What cannot be made out is handed on as it is.
 */
export function typedValue({ schema }: Pick<Setting<unknown>, 'schema'>, words: readonly string[]): unknown {
  if (schema['type'] === 'array') return listOf(words);
  const text = unquoted(words.join(' '));
  if (schema['type'] === 'boolean') return flags[text.toLowerCase()] ?? text.toLowerCase();
  if (schema['type'] !== 'integer') return text;
  return text.replace(/(?<=^\d[\d_,]*)[_,](?=\d{3}(?!\d))/g, '').replace(/^(\d+)k$/i, '$1000');
}

function listOf(words: readonly string[]): unknown {
  const text = words.join(' ').trim();
  try {
    if (text.startsWith('[')) return JSON.parse(text) as unknown;
  } catch {
    // In brackets, but not JSON.
  }
  // Commas part items, but within quotes.
  const items = words.flatMap((word) => word.replace(/^\[|\]$/g, '').match(/(?:"[^"]*"|'[^']*'|[^,])+/g) ?? []);
  return items.map(unquoted).filter(Boolean);
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])([^]*)\1$/, '$2');
}
