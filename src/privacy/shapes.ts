// How a row of the table of token shapes is written, and how it becomes a pattern: on first use, one small linear pattern a row.

/** An alphabet (the inside of a character class) and how many letters of it; without a second number: that many or more. */
export type Part = readonly [alphabet: string, min: number, max?: number];

export interface Shape {
  provider: string;
  /** The rule's name in markers, findings and tests. */
  id: string;
  /** Literal start of the token, or the literal that follows `lead`. */
  prefix: string;
  /** What follows the prefix: literals and parts. */
  body: readonly (string | Part)[];
  /** What stands before the prefix and belongs to the token. */
  lead?: Part;
  /** Where the provider defines one; a valid one overrules the placeholder filter, a wrong one does not acquit. */
  checksum?: 'crc32-base62';
  /** Upper and lower case prefixes are the same. */
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

/** How far a part is matched; a longer token is followed by hand once it is believed. */
const maxPart = 512;

export function shape(provider: string, id: string, prefix: string, ...body: (string | Part)[]): Shape {
  return { provider, id, prefix, body };
}

/** Tokens of one provider that differ in their prefix alone; the prefix names the rule. */
export function family(provider: string, prefixes: readonly string[], ...body: (string | Part)[]): Shape[] {
  const idOf = (prefix: string): string =>
    `${provider}-${prefix}`
      .toLowerCase()
      .replace(/[^a-z\d]+/g, '-')
      .replace(/-$/, '');
  return prefixes.map((prefix) => ({ provider, id: idOf(prefix), prefix, body }));
}

/** The pattern of what follows the prefix; sticky. */
export function compileBody(row: Shape): RegExp {
  const source = row.body.map((part) => (typeof part === 'string' ? escapeLiteral(part) : compilePart(part)));
  return new RegExp(source.join(''), 'y');
}

/** The alphabet of an open last part: what a long token goes on with. */
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
