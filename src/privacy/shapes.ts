// Row format of the token shape table, and its compilation: on first use, one small linear pattern per row.

/** An alphabet (the inside of a character class) and a count of letters; without `max`: at least `min`. */
export type Part = readonly [alphabet: string, min: number, max?: number];

export interface Shape {
  provider: string;
  /** The rule's name in markers, findings and tests. */
  id: string;
  /** Literal start of the token, or the literal that follows `lead`. */
  prefix: string;
  /** The part after the prefix: literals and parts. */
  body: readonly (string | Part)[];
  /** The part of the token before the prefix. */
  lead?: Part;
  /** If the provider defines one: a valid checksum overrides the placeholder filter; an invalid one does not exclude the token. */
  checksum?: 'crc32-base62';
  /** The prefix matches in upper and lower case. */
  anyCase?: true;
}

export const digits = '0-9';
export const hex = '0-9a-f';
export const anyHex = '0-9a-fA-F';
export const lower = 'a-z0-9';
export const upper = 'A-Z0-9';
export const alnum = 'A-Za-z0-9';
export const word = 'A-Za-z0-9_';
export const url64 = 'A-Za-z0-9_\\-';
export const base64 = 'A-Za-z0-9+\\/';
export const base64pad = 'A-Za-z0-9+\\/=';
export const base32 = 'A-Z2-7';
export const dotted = 'A-Za-z0-9_.\\-';

/** Maximum length per part in the pattern; the rest of a longer token is matched by compileTail. */
const maxPart = 512;

export function shape(provider: string, id: string, prefix: string, ...body: (string | Part)[]): Shape {
  return { provider, id, prefix, body };
}

/** Tokens of one provider that differ only in their prefix; the prefix names the rule. */
export function family(provider: string, prefixes: readonly string[], ...body: (string | Part)[]): Shape[] {
  const idOf = (prefix: string): string =>
    `${provider}-${prefix}`
      .toLowerCase()
      .replace(/[^a-z\d]+/g, '-')
      .replace(/-$/, '');
  return prefixes.map((prefix) => ({ provider, id: idOf(prefix), prefix, body }));
}

/** Pattern of the part after the prefix; sticky. */
export function compileBody(row: Shape): RegExp {
  const source = row.body.map((part) => (typeof part === 'string' ? escapeLiteral(part) : compilePart(part)));
  return new RegExp(source.join(''), 'y');
}

/** Pattern for the rest of a token with an open last part. */
export function compileTail(row: Shape): RegExp | undefined {
  const last = row.body.at(-1);
  return typeof last !== 'object' || last[2] !== undefined ? undefined : new RegExp(`[${last[0]}]*`, 'y');
}

function compilePart([alphabet, min, max]: Part): string {
  return `[${alphabet}]{${min},${max ?? maxPart}}`;
}

export function escapeLiteral(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
