// Secrets that this machine knows: the values of `.env*` files and of variables with telling names, whatever spelling they appear in.

import type { Found } from './find-shapes.ts';
import { isPlaceholder } from './placeholder.ts';

const minChars = 6;
const tellingName =
  /KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|PRIVATE|DSN|DATABASE_URL|CONNECTION|COOKIE|SALT|_PAT$|WEBHOOK|SIGNATURE|LICENSE/i;
const innocentName =
  /^(?:SSH_AUTH_SOCK|XAUTHORITY|GPG_AGENT_INFO|PWD|OLDPWD|KEYBOARD|KEYMAP|XKEYSYMDB)$|_(?:PATH|FILE|DIR|TYPE|NAME|ID|HOST|PORT|USER|REGION|ALGORITHM|EXPIRY|TTL|LENGTH)$|PUBLIC_KEY|MAX_.*TOKENS?/i;
const dull =
  /^(?:true|false|yes|no|on|off|null|none|undefined|development|production|staging|testing|test|local|localhost|default|enabled|disabled|debug|info|warn(?:ing)?|error|verbose|postgres(?:ql)?|mysql|sqlite|redis|mongo(?:db)?|admin|username|password|secret|string|number|utf-?8|\d{1,6}|[a-z]{1,12}|[A-Z][a-z]{1,14})$|^(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?$|^\/|^[A-Za-z]:\\|^\.{1,2}\/|^(?:https?|wss?|tcp|redis|postgres(?:ql)?|mysql|mongodb(?:\+srv)?):\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::\d+)?(?:\/[\w-]*)?$|^~|^\$/i;

/** Values worth masking: every value of the `.env*` texts that is not dull, and variables whose name tells. */
export function knownValuesFrom(
  envFiles: readonly { name: string; text: string }[],
  vars: Readonly<Record<string, string | undefined>> = {},
): string[] {
  const values = new Set<string>();
  for (const file of envFiles) {
    if (/\.(?:example|sample|template|dist)$/i.test(file.name)) continue;
    for (const [name, value] of parseEnv(file.text)) addValue(values, name, value, tellingName.test(name));
  }
  for (const [name, value] of Object.entries(vars)) {
    if (value !== undefined && tellingName.test(name)) addValue(values, name, value, true);
  }
  return [...values].toSorted((a, b) => b.length - a.length);
}

function addValue(values: Set<string>, name: string, raw: string, isTelling: boolean): void {
  const value = raw.trim();
  if (innocentName.test(name) || value.length < minChars || value.length > 16_384) return;
  const login = /^[a-z][\w+.-]*:\/\/[^\s:/@]*:([^\s@]+)@/i.exec(value)?.[1];
  if (login !== undefined && login.length >= minChars && !isPlaceholder(login)) values.add(login);
  if (dull.test(value) || isPlaceholder(value)) return;
  // Plain settings (names, addresses, paths) are no secrets and would blank out half a text.
  const isMixed = /\d/.test(value) && /[A-Za-z]/.test(value) && value.length >= 16 && !/[\s/]/.test(value);
  if (isTelling || isMixed) values.add(value);
}

/** Names and values of a dotenv text: quotes, `export`, comments, quoted values over many lines. */
export function parseEnv(text: string): [name: string, value: string][] {
  const line =
    /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]{0,127})[ \t]*[=:][ \t]*(?:"((?:[^"\\]|\\[^])*)"|'([^']*)'|`([^`]*)`|([^\n\r#]*(?:#(?<=\S#)[^\n\r#]*)*))/gm;
  return [...text.matchAll(line)].map((match) => [
    match[1] ?? '',
    match[2]?.replace(/\\n/g, '\n').replace(/\\(["\\])/g, '$1') ?? match[3] ?? match[4] ?? (match[5] ?? '').trim(),
  ]);
}

/** Every spelling of the values in the text: raw, JSON-, URL- and base64-escaped (at any alignment). */
export function findKnown(text: string, values: readonly string[]): Found[] {
  const found: Found[] = [];
  for (const value of values) {
    if (value.length < minChars) continue;
    for (const spelling of spell(value)) {
      for (let at = text.indexOf(spelling); at >= 0; at = text.indexOf(spelling, at + spelling.length))
        found.push({ rule: 'known-value', start: at, end: at + spelling.length });
    }
  }
  return found;
}

/** The text with every spelling of the values replaced. */
export function maskKnown(text: string, values: readonly string[]): { text: string; count: number } {
  let result = text;
  let count = 0;
  for (const value of values) {
    if (value.length < minChars) continue;
    for (const spelling of spell(value)) {
      const parts = result.split(spelling);
      count += parts.length - 1;
      if (parts.length > 1) result = parts.join('[REDACTED:known-value]');
    }
  }
  return { text: result, count };
}

const spelled = new Map<string, readonly string[]>();
const maxSpelled = 2000;

function spell(value: string): readonly string[] {
  const known = spelled.get(value);
  if (known !== undefined) return known;
  if (spelled.size >= maxSpelled) spelled.clear();
  const json = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(toWellFormed(value));
  const all = [
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    url,
    url.replaceAll('%20', '+'),
    url.toLowerCase(),
    ...base64Spellings(value),
  ];
  const unique = [...new Set(all)].filter((one) => one.length >= minChars).toSorted((a, b) => b.length - a.length);
  spelled.set(value, unique);
  return unique;
}

/** The middle of the value's base64 at the three alignments that a longer text can give it, both alphabets. */
function base64Spellings(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const result: string[] = [];
  for (const shift of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
    // Letters that also hold bits of a neighbour are left out.
    const first = shift === 0 ? 0 : shift + 1;
    const whole = Math.floor((padded.length * 8) / 6);
    const middle = padded.toString('base64').slice(first, whole);
    if (middle.length < 7) continue;
    result.push(middle, middle.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return result;
}

function toWellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
