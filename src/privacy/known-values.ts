// Secrets known on this machine: values from the repository's environment files and from variables with secret-like names, found in any encoding.

import { isBoundary, isLetter, type Found } from './find-shapes.ts';
import { judgeKey } from './key-names.ts';
import { isPlaceholder, isWordy } from './placeholder.ts';
import { isSettingsPath } from './private-paths.ts';

const minChars = 6;
const maxChars = 16_384;
/** Addresses that include credentials, regardless of the name's last word. */
const tellingAddress = /(?:^|_)(?:WEBHOOK|DSN|CONN(?:ECTION)?)(?:_[A-Z]+)*$/i;
const innocentName = /^(?:SSH_AUTH_SOCK|XAUTHORITY|GPG_AGENT_INFO|PWD|OLDPWD)$/;
const dull =
  /^(?:true|false|yes|no|on|off|null|none|undefined|development|production|staging|testing|test|local|localhost|default|enabled|disabled|debug|info|warn(?:ing)?|error|verbose|postgres(?:ql)?|mysql|sqlite|redis|mongo(?:db)?|admin|username|password|secret|string|number|utf-?8|\d{1,6}|[a-z]{1,9}|[A-Z][a-z]{1,14})$|^(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?$|^\/|^[A-Za-z]:\\|^\.{1,2}\/|^(?:https?|wss?|tcp|redis|postgres(?:ql)?|mysql|mongodb(?:\+srv)?):\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::\d+)?(?:\/[\w-]*)?$|^~|^\$/i;

/** Values to mask, from environment files and variables, if their name or format marks them as secret. */
export function knownValuesFrom(
  files: readonly { name: string; text: string }[],
  vars: Readonly<Record<string, string | undefined>> = {},
): string[] {
  const inFiles = files
    .filter(({ name }) => !/\.(?:example|sample|template|dist)$/i.test(name))
    .flatMap(({ name, text }) => valuesIn(name, text))
    .flatMap(([key, value]) => [...secretsOf(key, value.trim(), true), ...keyLines(value)]);
  const inVars = Object.entries(vars).flatMap(([name, value = '']) => secretsOf(name, value.trim(), false));
  return [...new Set([...inFiles, ...inVars])].toSorted((a, b) => b.length - a.length);
}

/** Names and values that may be secret. */
function valuesIn(name: string, text: string): [name: string, value: string][] {
  const values = parseEnv(text).filter(([key]) => !isSettingsPath(name) || judgeKey(key, '') === 'password');
  if (/^kind:\s*Secret\b/m.test(text))
    values.push(
      ...values.map(([key, value]): [string, string] => [
        key,
        Buffer.from(value, 'base64')
          .toString('latin1')
          .replace(/[^ -~]/g, ''),
      ]),
    );
  if (/pgpass/i.test(name)) for (const line of text.split('\n')) values.push(['password', line.replace(/.*:/, '')]);
  // A file such as master.key holds one value without a name.
  if (/^\S{8,512}\s*$/.test(text) && !/[=:]./.test(text)) values.push(['secret', text]);
  return values;
}

/** The value, the password in it, or nothing. */
function secretsOf(name: string, value: string, isFile: boolean): string[] {
  if (innocentName.test(name) || value.length < minChars || value.length > maxChars) return [];
  const kind = judgeKey(name, '');
  const login = /^[a-z][\w+.-]*:\/\/[^\s:/@]*:([^\s@]+)@/i.exec(value)?.[1] ?? '';
  const found = login.length >= minChars && !isPlaceholder(login) ? [login] : [];
  const isTelling = (kind !== undefined && kind !== 'weak') || tellingAddress.test(name);
  // Most variables: to look at their values takes longer.
  if (!isTelling && !isFile && kind === undefined) return found;
  if (dull.test(value) || isPlaceholder(value)) return found;
  // Plain settings (realms, models, addresses, paths) are not secrets, and masking them would make texts unreadable.
  const isKey = kind === 'weak' && value.length >= 8 && /\d/.test(value) && /[A-Za-z]/.test(value) && !isWordy(value);
  return isTelling || (isFile && (isKey || isRandomPiece(value))) ? [...found, value] : found;
}

/** Output often shows one line of a value, such as of a key. */
function keyLines(value: string): string[] {
  const lines = value.includes('\n') ? value.split('\n').map((line) => line.trim()) : [];
  return lines.filter((line) => line.length >= 8 && !line.startsWith('-----') && /\d/.test(line) && !isWordy(line));
}

/** Whether the value looks random: one long piece of letters and digits, or several pieces with mixed letters and digits. */
function isRandomPiece(value: string): boolean {
  if (value.length < 16 || /[\s/]/.test(value) || !/\d/.test(value)) return false;
  if (/[a-z]/.test(value) && /[A-Z]/.test(value) && !/[.:@]/.test(value)) return true;
  return (
    value.split(/[-_.:]/).some((piece) => piece.length >= 16 && /\d/.test(piece) && /[A-Za-z]/.test(piece)) &&
    !isWordy(value)
  );
}

/** Names and values of a dotenv file or a similar format (properties, YAML, TOML, JSON): quotes, `export`, comments, multi-line quoted values. */
function parseEnv(text: string): [name: string, value: string][] {
  const line =
    /^[ \t{\ufeff]*(?:-[ \t]+)?(?:export[ \t]+|set(?:env)?[ \t]+(?:-\w{1,4}[ \t]+)?|\$env:|\/\/\S{1,128}:)?["']?([A-Za-z_][\w.-]{0,127})["']?(?:[ \t]*[=:][ \t]*|(?<=set(?:env)?[ \t][^\n=:]{0,160})[ \t]+)(?:"((?:[^"\\]|\\[^])*)"|'([^']*)'|`([^`]*)`|([^\n\r#]*(?:#(?<=\S#)[^\n\r#]*)*))/gm;
  return [...text.matchAll(line)].map((match) => [
    match[1] ?? '',
    match[2]?.replace(/\\n/g, '\n').replace(/\\(["\\])/g, '$1') ?? match[3] ?? match[4] ?? (match[5] ?? '').trim(),
  ]);
}

/** Of the same list of values, which is searched for in many texts. */
const spelled = new WeakMap<readonly string[], string[]>();

/** Finds the values in any encoding: raw, JSON-, URL- and base64-escaped (at any alignment). */
export function findKnown(text: string, values: readonly string[]): Found[] {
  const spellings = spelled.get(values) ?? values.flatMap(spell);
  spelled.set(values, spellings);
  return occurrences(text, spellings);
}

/** Finds values from earlier findings, in the same spelling; short ones only as whole words. */
export function findRecurring(text: string, values: readonly string[]): Found[] {
  return occurrences(text, values).filter(
    ({ start, end }) => end - start >= 12 || (isBoundary(text, start) && !isLetter(text.charCodeAt(end))),
  );
}

function occurrences(text: string, values: readonly string[]): Found[] {
  const found: Found[] = [];
  for (const value of values)
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length))
      found.push({ rule: 'known-value', start: at, end: at + value.length });
  return found;
}

function spell(value: string): string[] {
  if (value.length < minChars) return [];
  const json = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(value.toWellFormed());
  const twice = JSON.stringify(json).slice(1, -1);
  const all = [value, json, twice, url, url.replaceAll('%20', '+'), url.toLowerCase(), ...base64Spellings(value)];
  return [...new Set(all)].filter((one) => one.length >= minChars);
}

/** The middle of the value's base64 at the three possible alignments in a longer text, in both alphabets. */
function base64Spellings(value: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), Buffer.from(value, 'utf8')]);
    // Leaves out letters that also hold bits of a neighbour.
    const middle = padded.toString('base64').slice(shift && shift + 1, Math.floor((padded.length * 8) / 6));
    return middle.length < 7 ? [] : [middle, middle.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
