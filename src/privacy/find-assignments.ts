// Finds secrets by their name: KEY=value, "key": "value", key: value, --flag value, <tag>value</tag>, tables, prose.

import { matchAt, matchesIn, type Found } from './find-shapes.ts';
import { judgeKey, type KeyKind } from './key-names.ts';
import { isAboutSecret, isMixedCase, isPathLike, isPlaceholder, isTechName, isWordy } from './placeholder.ts';

const keyWord =
  /pass(?:w(?:or)?d|phrase|code)?|pwd|secret|token|key|auth|cred|cookie|session|dsn|conn(?:ection)?[_ ]?str|webhook|signature|bearer|\bsid\b|\bpat\b|\bjwt\b|\bpin\b|\bpw\b|_pw\b|\bw?psk\b|salt|license/gi;
const nameLetter = /[A-Za-z0-9_.$-]/;
const maxName = 64;

/** The notation of a value; it decides how strictly the value is judged. `slot`: a header or a part of a connection string, which never holds code. */
type Style = 'quoted' | 'env' | 'query' | 'flag' | 'plain' | 'prose' | 'xml' | 'cell' | 'slot';

interface Operator {
  style: Style;
  end: number;
}

/** Values of secret-like names that begin in `[from, to)`. */
export function findAssignments(text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  for (const { index } of matchesIn(keyWord, text, from, to)) {
    let start = index;
    const leftMost = Math.max(0, start - maxName);
    while (start > leftMost && nameLetter.test(text.charAt(start - 1))) start--;
    let end = keyWord.lastIndex;
    const rightMost = Math.min(text.length, end + maxName);
    while (end < rightMost && nameLetter.test(text.charAt(end))) end++;
    keyWord.lastIndex = end;
    const match = matchAssignment(text, start, end);
    if (match === undefined) continue;
    found.push(match);
    keyWord.lastIndex = Math.max(end, match.end);
  }
  return found;
}

function matchAssignment(text: string, start: number, end: number): Found | undefined {
  const name = text.slice(start, end);
  const kind = judgeKey(name, text.slice(Math.max(0, start - 32), start));
  if (kind === undefined) return undefined;
  const operator = readOperator(text, start, end, name);
  if (operator === undefined) return undefined;
  const value = readValue(text, operator);
  if (value === undefined) return undefined;
  const written = text.slice(value.start, value.end);
  // A word about the name, such as `passed` under PASS.
  if (written.toLowerCase().startsWith(name.toLowerCase()) && /^[a-z]+$/i.test(written)) return undefined;
  // What a template inserts is code; the rest may be a secret.
  const literal = written.slice(0, maxJudged).replace(/\$\{[\w.()]{1,40}\}/g, '');
  if (!isSecretValue(literal, kind, value.style)) return undefined;
  // A sentence about the header also begins with a word.
  if (value.style === 'slot' && !/\d/.test(written) && !matchAt(slotEnd, text, value.end)) return undefined;
  // A value longer than the judged part is redacted as a whole.
  const last = written.length >= maxAssessed && matchAt(longTail, text, value.end) ? longTail.lastIndex : value.end;
  return { rule: kind === 'password' ? 'password' : 'secret-assignment', start: value.start, end: last };
}

const typeNote =
  /(?::[ \t]{0,4}|[ \t]{1,4}(?=string[ \t]))(?:[&']?(?:static )?(?:string|String|str|text|varchar|char\*?|SecretStr|Optional\[str\]|Final(?:\[str\])?)(?:[ \t]?\|[ \t]?\w+)?)[ \t]{0,4}=[ \t]{0,8}/y;
const pairNote =
  /\\{0,8}["'`]?\s{0,4}[,\n]\s{0,24}(?:\\{0,8}["'`])?(?:Parameter)?[vV]alue\\{0,8}["'`]?\s{0,4}[:=]\s{0,4}|\\{0,8}["']\s{1,4}value\s?=\s?/y;
const sign =
  /\\{0,8}["'`]?\]?\??[ \t]{0,16}(?:\[[^\]\n]{0,24}\])?(?:=>|:{1,3}=|[.+]=|\?\?=|\|\|=|\?=|===?|!==?|=|:|->|→|⇒)[ \t]{0,16}(?:\\\r?\n\s{0,16})?(?:[|>][+-]?\r?\n\s{1,16})?/y;
const callComma = /\\{0,8}["'`]\s{0,4},\s{0,8}(?=\\{0,8}["'`])/y;
/** `ENV NAME value`, `setx NAME value`, `gh secret set NAME --body value`: a name and its value as arguments. */
const setter = /(?:^|[\s;&|])(?:ENV|setx|(?:secret|variable)s? (?:set|put|create)|env (?:set|add))[ \t]$/;
const argument = /[ \t]{1,4}(?:(?:-b|--body|-v|--value)[ =])?(?!-)/y;
/** `#define NAME "value"` */
const definition = /[ \t]{1,16}(?=\\{0,8}")/y;
/** `setPassword("…")`, `.password('…')` */
const callQuote = /\(\s{0,4}(?=\\{0,8}["'`])/y;
const tags = /<\/\w{1,10}>\s{0,24}<\w{1,10}(?:\s[^<>\n]{0,64})?>\s{0,8}(?:<\w{1,10}>)?/y;
const tableBar = /[*_`]{0,2}[ \t]{0,24}\|(?!\|)[ \t]{0,24}`?/y;
const prose = /[ \t]{1,4}(?:is|was|are|=|to|as|changed to|set to)[ \t:]{1,4}(?:now )?/y;
const space = /[ \t=]{1,4}/y;
const xmlEnd = /(?:[ \t][^<>\n]{0,64})?>\s{0,24}(?!<)/y;

function readOperator(text: string, start: number, end: number, name: string): Operator | undefined {
  const before = text.charAt(start - 1);
  const left = text.slice(Math.max(0, start - 24), start);
  if ((before === '<' || before === ':') && matchAt(xmlEnd, text, end) && (before === '<' || text.charAt(end) === '>'))
    return { style: 'xml', end: xmlEnd.lastIndex };
  if (matchAt(pairNote, text, end)) return { style: 'env', end: pairNote.lastIndex };
  if (matchAt(typeNote, text, end)) return { style: 'plain', end: typeNote.lastIndex };
  if (name.startsWith('-') && matchAt(space, text, end)) return { style: 'flag', end: space.lastIndex };
  if (matchAt(sign, text, end)) {
    if (isSlot(text, start, end, name)) return { style: 'slot', end: sign.lastIndex };
    if (/(?:^|[^&])[?&;]$/.test(left) && /=[^=>\s]/.test(text.slice(end, end + 2)))
      return { style: 'query', end: sign.lastIndex };
    const isEnv = /^[A-Z][A-Z0-9_]*$/.test(name.replace(/^\$|^-D|^-+/, '')) && text.charAt(end) === '=';
    return { style: isEnv ? 'env' : 'plain', end: sign.lastIndex };
  }
  if (!name.startsWith('.') && matchAt(callComma, text, end) && /\(\s{0,8}\\{0,8}["'`]$/.test(left))
    return { style: 'plain', end: callComma.lastIndex };
  if (matchAt(tableBar, text, end) && /\|[ \t*_`]{0,24}$/.test(left)) {
    // Without spaces it is more often a list of alternatives than a table.
    const isSpaced = /[ \t`]/.test(text.slice(end, tableBar.lastIndex));
    return { style: isSpaced ? 'cell' : 'plain', end: tableBar.lastIndex };
  }
  if (matchAt(callQuote, text, end) && setsPassword.test(name)) return { style: 'plain', end: callQuote.lastIndex };
  if (matchAt(tags, text, end)) return { style: 'cell', end: tags.lastIndex };
  if (setter.test(left) && matchAt(argument, text, end)) return { style: 'env', end: argument.lastIndex };
  if (/#[ \t]?define[ \t]$/.test(left) && matchAt(definition, text, end))
    return { style: 'plain', end: definition.lastIndex };
  if (matchAt(prose, text, end)) return { style: 'prose', end: prose.lastIndex };
  return undefined;
}

const setsPassword = /(?:^|\.|[a-z]\w*)(?:set|with|use|and)?_?pass(?:word|phrase|wd)$/i;
const headerName = /^(?:x-[a-z-]{3,60}|(?:private|job|deploy|auth)-token|api-key|ocp-apim-subscription-key)$/i;
const connectionPart =
  /(?:^|[;"'`\s=])(?:server|host|hostname|address|data ?source|initial catalog|database|dbname|port|encoding|user(?:name| ?id)?|uid|account(?:name)?|endpoint|\w{1,24}protocol)[ \t]?=[^;="'`(){}\n]{0,128};[ \t]?$/i;

/** Whether the name is in a position where only a literal value can follow, never an expression. */
function isSlot(text: string, start: number, end: number, name: string): boolean {
  if (text.charAt(end) === ':') return headerName.test(name);
  return text.charAt(end) === '=' && connectionPart.test(text.slice(Math.max(0, start - 192), start));
}

const scheme = /(?:Bearer|Basic|Token|Bot|ApiKey|OAuth|Digest)[ \t]{1,4}/iy;
const opening = /(?:[bBuUrRfF]{1,2}(?=["']))?(\\{0,8})(["'`])/y;
const bare = /(?:[^\s"'`,;<>&|(){}[\]\\]|\\(?![nrtu"'`\\])){1,1024}/y;
const envBare = /(?:[^\s"'`\\]|\\(?![nrtu"'`\\])){1,1024}/y;
const barePatterns: Partial<Record<Style, RegExp>> = {
  env: envBare,
  flag: envBare,
  query: /[^\s"'`,;<>&|(){}[\]\\#]{1,1024}/y,
  slot: /[^\s"'`;\\]{1,1024}/y,
  cell: /[^\s"'`\\|<]{1,1024}/y,
};
const longTail = /[\w+/=.~%-]*/y;
const slotEnd = /[ \t]*(?:$|[\r\n"'`\\;,&])/y;
const maxAssessed = 1000;
/** Characters used to decide whether a value is a secret. */
const maxJudged = 256;
const maxValue = 4096;

interface Value extends Operator {
  start: number;
}

function readValue(text: string, { style, end: operatorEnd }: Operator): Value | undefined {
  const start = skipScheme(text, operatorEnd);
  opening.lastIndex = start;
  const [, escapes = '', quote] = opening.exec(text) ?? [];
  if (quote !== undefined) {
    const inside = skipScheme(text, opening.lastIndex);
    const end = closingQuote(text, inside, quote, escapes.length);
    return { start: inside, end, style: style === 'plain' ? 'quoted' : style };
  }
  if (style === 'xml') {
    const end = text.indexOf('<', start);
    return end >= 0 && end - start <= 512 ? { start, end, style } : undefined;
  }
  const pattern = barePatterns[style] ?? bare;
  if (!matchAt(pattern, text, start)) return undefined;
  const written = text.slice(start, pattern.lastIndex).replace(/(?:[,;.:)\]}|]+|\\)$/, '');
  return { start, end: start + written.length, style };
}

function skipScheme(text: string, at: number): number {
  return matchAt(scheme, text, at) ? scheme.lastIndex : at;
}

/** End of the value: the quote with the same escape depth as the opening one, or the end of the line (or of a truncated text). */
function closingQuote(text: string, from: number, quote: string, depth: number): number {
  const limit = Math.min(text.length, from + maxValue);
  for (let at = from; at < limit; at++) {
    const letter = text.charAt(at);
    if (letter === '\n') return at;
    if (letter === '\\') {
      let run = 1;
      while (text.charAt(at + run) === '\\') run++;
      if (text.charAt(at + run) === quote && run <= depth) return at;
      at += run - (depth === 0 && run % 2 === 0 ? 1 : 0);
    } else if (letter === quote) return at;
  }
  return limit;
}

const lookupCall = /^[A-Za-z_$][\w$]*(?:[.:?!]+[A-Za-z_$][\w$]*)*\??[.]?[([]/;
const memberChain = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$/;
const identifier = /^[A-Za-z_$][\w$]*$/;

function isSecretValue(value: string, kind: KeyKind, style: Style): boolean {
  if (value.length < 6 || isPlaceholder(value)) return false;
  if (lookupCall.test(value) && style !== 'quoted') return false;
  const hasDigit = /\d/.test(value);
  const hasLetter = /[A-Za-z]/.test(value);
  const hasSign = /[^\w\s.,:/-]/.test(value);
  if (/^\d{16,64}$/.test(value)) return kind !== 'weak' && style !== 'plain';
  if (!hasLetter && !(kind === 'password' && style !== 'plain' && /^\d+$/.test(value))) return false;
  if (/\s/.test(value))
    return (
      kind === 'password' &&
      style !== 'prose' &&
      hasDigit &&
      hasSign &&
      value.length <= 40 &&
      // Code between two strings.
      !/^[\s,;:+.)\]]|[\s,+([]$|[a-z]{3,} [a-z]{3,}/i.test(value)
    );
  if (style === 'slot' && kind !== 'weak') return isSlotValue(value, hasDigit);
  if (style === 'prose')
    return kind === 'password' && hasDigit && hasLetter && !isTechName(value) && /^[^()]+$/.test(value);
  if (style !== 'env' && /^(?:~|\.{1,2})?(?:\/[a-z._-][a-z\d._-]*)+$/.test(value)) return false;
  if (memberChain.test(value) && (style === 'plain' || (style === 'query' && isWordy(value)))) return false;
  if (style === 'plain' && isExpression(value)) return false;
  if (kind === 'password') return isPassword(value, style, hasDigit, hasSign);
  if (kind === 'weak') return value.length >= 16 && hasDigit && !isWordy(value) && isMixedCase(value);
  if (style === 'plain' && identifier.test(value))
    return !isWordy(value) && (hasDigit ? value.length >= 16 : value.length >= 24 && isMixedCase(value));
  if (value.length < (style === 'env' ? 8 : 10)) return false;
  if (!hasDigit && (value.length < 20 || !isMixedCase(value))) return false;
  return !isWordy(value) || ((style === 'env' || style === 'query') && !isAboutSecret(value) && !isPathLike(value));
}

/** Members of objects, joined by operators. */
function isExpression(value: string): boolean {
  const pieces = value.split(/[?:+*=&|<>!-]+/).filter((piece) => piece !== '');
  const chains = pieces.filter((piece) => memberChain.test(piece));
  return chains.length >= 2 && pieces.every((piece) => memberChain.test(piece) || /^[\w$]{1,12}$/.test(piece));
}

/** Plain words count too: a value in this position is meant to be secret. */
function isSlotValue(value: string, hasDigit: boolean): boolean {
  if (isTechName(value) || isPathLike(value) || isAboutSecret(value) || /^[{<:%[(]/.test(value)) return false;
  return hasDigit || value.length >= 12 || isMixedCase(value);
}

/** A number with a unit, as in the columns beside `PASS`. */
const measure = /^\d[\d.,]*(?:[mµn]?s|min|h|[kmgt]?i?b|%)$/i;

function isPassword(value: string, style: Style, hasDigit: boolean, hasSign: boolean): boolean {
  if (value.length > 128) return !isWordy(value);
  const isAssigned = style === 'env' || style === 'flag' || style === 'xml';
  if (isTechName(value) || measure.test(value) || /^[/.~]/.test(value) || /^(?:https?|file):/.test(value)) return false;
  if (style === 'plain') {
    // A base64 value ends so.
    if (/[(){}[\]=]/.test(value.replace(/={1,2}$/, ''))) return hasDigit && /[!@#%^*]/.test(value);
    if (!hasDigit) return value.length >= 16 && isMixedCase(value) && !isWordy(value);
    return (value.length >= 8 || hasSign) && !(/^[a-z]+\d$/i.test(value) && isWordy(value));
  }
  if (hasDigit || hasSign)
    return hasDigit
      ? !(/^[a-z]{3,}[-_.][a-z]{3,}[-_.]?\d$/i.test(value) && isWordy(value))
      : isAssigned || style === 'query' || /[!@#$%^&*]/.test(value);
  return isAssigned
    ? !/^(?:[a-z]+[-_.])*(?:password|passwd|secret|token|key)s?$/i.test(value)
    : value.length >= 12 && !isWordy(value);
}
