// A setting's value as a person types it on a command line, made into what its setting reads.
import type { Setting } from './setting-kinds.ts';

const yes = new Set(['true', 'yes', 'on', '1']);
const no = new Set(['false', 'no', 'off', '0']);

/**
 * `words`: the words of the command line. Quotes around a value fall away; a list may stand as several words, with commas or as JSON;
 * `yes` and `off` are flags; digits may be grouped (`200_000`, `200,000`) or end in k. What cannot be made out is handed on as it is.
 */
export function typedValue({ schema }: Pick<Setting<unknown>, 'schema'>, words: readonly string[]): unknown {
  const text = words.join(' ').trim();
  if (schema['type'] === 'array') return listOf(words, text);
  const plain = unquoted(text);
  if (schema['type'] === 'boolean')
    return yes.has(plain.toLowerCase()) || (no.has(plain.toLowerCase()) ? false : plain);
  if (schema['type'] === 'integer') return numberOf(plain);
  return plain;
}

function listOf(words: readonly string[], text: string): unknown {
  if (text.startsWith('[')) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return itemsOf(text.replace(/^\[|\]$/g, ''));
    }
  }
  return words.length > 1 ? words.flatMap(itemsOf) : itemsOf(text);
}

/** Commas part items, but within quotes. */
function itemsOf(text: string): string[] {
  return (text.match(/(?:"[^"]*"|'[^']*'|[^,])+/g) ?? []).map((item) => unquoted(item.trim())).filter(Boolean);
}

function unquoted(text: string): string {
  return /^"[^"]*"$|^'[^']*'$/.test(text) ? text.slice(1, -1) : text;
}

function numberOf(text: string): string {
  const match = /^(\d{1,3}(?:[_,]\d{3})+|\d+)(k?)$/i.exec(text);
  return match ? String(Number(match[1]!.replace(/[_,]/g, '')) * (match[2] ? 1000 : 1)) : text;
}
