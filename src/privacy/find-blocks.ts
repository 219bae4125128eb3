// Finds secrets by their context: private key blocks, passwords in URLs, headers, signed URLs, JWTs.

import type { Found } from './find-shapes.ts';
import { isBoundary } from './find-shapes.ts';
import { isMonotonous, isPlaceholder, isWordy, tutorialSignature } from './placeholder.ts';

const blockHead =
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d:|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----/g;
const blockEnd =
  /-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|Private-MAC: ?[0-9a-fA-F]+|---- END SSH2 ENCRYPTED PRIVATE KEY ----/g;
const maxBlock = 32 * 1024;

/** Key blocks that begin in `[from, to)`: to their end mark, or without one as far as the text looks like a key. */
export function findKeyBlocks(text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  blockHead.lastIndex = from;
  for (let head = blockHead.exec(text); head !== null && head.index < to; head = blockHead.exec(text)) {
    const start = head.index;
    const bodyStart = blockHead.lastIndex;
    blockEnd.lastIndex = bodyStart;
    const end = blockEnd.exec(text);
    const isWhole = end !== null && end.index - start < maxBlock && isKeyText(text, bodyStart, end.index) === end.index;
    const stop = isWhole
      ? end.index + end[0].length
      : isKeyText(text, bodyStart, Math.min(text.length, start + maxBlock));
    if (stop - bodyStart < 12 || isMonotonous(text.slice(bodyStart, stop).replace(/[^A-Za-z0-9]/g, ''))) continue;
    if (!isWhole && !/[A-Za-z0-9+/=]{12}/.test(text.slice(bodyStart, stop))) continue;
    found.push({ rule: 'private-key', start, end: stop });
    blockHead.lastIndex = stop;
  }
  return found;
}

/** Index up to which the text from `at` can be the inside of a key: base64 lines, armour headers, line prefixes, escapes. */
function isKeyText(text: string, at: number, limit: number): number {
  let end = at;
  keyPiece.lastIndex = at;
  for (let piece = keyPiece.exec(text); piece !== null && end < limit; piece = keyPiece.exec(text))
    end = keyPiece.lastIndex;
  return Math.min(end, limit);
}
const keyPiece =
  /(?:\\{1,8}[nrt]|\\{1,8}$|[\s"'`,;+|>#*]|\\(?=\s)|(?:Proc-Type|DEK-Info|Version|Comment|Encryption|Public-Lines|Private-Lines|Key-Derivation|Argon2-\w{1,12}|Hash|Charset|Subject|x-[a-z-]{1,30}):[^\n\\]{0,200}|[A-Za-z0-9+/=_-]{16,}(?![^\s"'`,;\\+|])|[A-Za-z0-9+/]{1,76}={0,2}(?=\s{0,4}(?:\\{1,8}n|\n|$|["'`]|-----|\\{1,8}r)|\\))/my;

const urlLogin = /:(?:\/\/|\\\/\\\/|%2F%2F)(?:[^\s:/@"'`<>\\[\]{}|^]{0,128}):([^\s"'`<>]{1,256})/y;

/** A token in place of the user name. */
const urlToken = /:(?:\/\/|\\\/\\\/)([\w.~%+-]{16,512})@/y;

/** Finds passwords in `scheme://user:password@host`. */
export function findUrlPasswords(text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  const anchor = /:(?:\/\/|\\\/\\\/|%2F%2F)/gi;
  anchor.lastIndex = from;
  for (let match = anchor.exec(text); match !== null && match.index < to; match = anchor.exec(text)) {
    urlLogin.lastIndex = match.index;
    const login = urlLogin.exec(text);
    const rest = login?.[1];
    if (login === null || rest === undefined) {
      urlToken.lastIndex = match.index;
      const token = urlToken.exec(text)?.[1] ?? '';
      if (/\d/.test(token) && !isPlaceholder(token) && !isWordy(token))
        found.push({ rule: 'url-password', start: urlToken.lastIndex - token.length - 1, end: urlToken.lastIndex - 1 });
      continue;
    }
    const at = passwordEnd(rest);
    if (at < 1) continue;
    const start = urlLogin.lastIndex - rest.length;
    const value = rest.slice(0, at);
    if (!isPlainUrlWord(value)) found.push({ rule: 'url-password', start, end: start + at });
  }
  return found;
}

/** Index of the `@` that ends the password: the last one before the end of the host. */
function passwordEnd(rest: string): number {
  const escaped = rest.search(/%40(?=[\w.-]+(?:[/:?,;)\]}]|$|%))/i);
  const at = rest.search(/@(?=[\w.\-[\]{}$()*]+(?:[:/?#\\,;)\]}|&]|$)(?![^/?#]*@))/);
  return at >= 0 ? at : escaped;
}

function isPlainUrlWord(value: string): boolean {
  // A line that ends within, or a template.
  if (/\\[nrt]|\$\{/.test(value)) return true;
  if (value.length < 4 || /^\d{1,5}$|^\d{1,5}\/|\[\^|\(\?|\)[?*]|\\[SsWwdD]/.test(value)) return true;
  return (
    /^(?:\$|<|\{|%s|%[A-Z_]+%|\*+$|x+$|\.+$|:)/i.test(value) ||
    /\[REDACTED|^(?:pass(?:word|wd)?|pwd?|secret|token|user|your[-_]?\w*|my[-_]?pass\w*|placeholder|example|changeme|\w*password(?:_?here)?)$/i.test(
      value,
    ) ||
    /^(?:\$\{|#\{|\{\{)/.test(value)
  );
}

const headerScheme =
  /\b(Bearer|Basic|Digest|Token|ApiKey|Bot|OAuth|AWS4-HMAC-SHA256)(?:\s{1,3}|\\?["']?,?\s{0,3}\\?["']|%20|\+)(?:token=|key=)?\\?["']?([A-Za-z0-9+/=_.~%:-]{8,4096})/gi;

/** Finds credentials after an authentication scheme. */
export function findHeaders(text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  headerScheme.lastIndex = from;
  for (let match = headerScheme.exec(text); match !== null && match.index < to; match = headerScheme.exec(text)) {
    const value = (match[2] ?? '').replace(/[.:%]+$/, '');
    const scheme = (match[1] ?? '').toLowerCase();
    const start = match.index + match[0].length - (match[2] ?? '').length;
    const isStrict = scheme !== 'bearer' && scheme !== 'basic';
    const isSecret = scheme === 'basic' ? isBasic(value) : isHeaderToken(value, isStrict);
    if (isSecret)
      found.push({ rule: scheme === 'basic' ? 'basic-auth' : 'bearer-token', start, end: start + value.length });
  }
  return found;
}

function isHeaderToken(value: string, isStrict: boolean): boolean {
  if (isPlaceholder(value) || isMonotonous(value)) return false;
  const hasBoth = /\d/.test(value) && /[A-Za-z]/.test(value);
  return value.length >= (isStrict ? 20 : 10) && (hasBoth || value.length >= 24) && !isWordy(value);
}

function isBasic(value: string): boolean {
  if (value.length < 8 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return false;
  const plain = Buffer.from(value, 'base64').toString('latin1');
  return /^[\x20-\x7e]{3,}$/.test(plain) && plain.includes(':') && plain.length > 4;
}

/** Finds JWTs (`eyJ….….…`), including truncated ones and JWEs. */
export function findWebTokens(text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  let at = text.indexOf('eyJ', from);
  while (at >= 0 && at < to) {
    webToken.lastIndex = at;
    const match = isBoundary(text, at) ? webToken.exec(text) : null;
    if (match !== null && !isPlaceholder(match[0].slice(-24)) && !match[0].includes(tutorialSignature))
      found.push({ rule: 'jwt', start: at, end: webToken.lastIndex });
    at = text.indexOf('eyJ', match === null ? at + 3 : webToken.lastIndex);
  }
  return found;
}
const webToken = /eyJ[A-Za-z0-9_-]{14,8192}(?:\.|%2E)[A-Za-z0-9_-]{10,8192}(?:(?:\.|%2E)[A-Za-z0-9_-]{0,8192}){0,3}/iy;

const signed =
  /(?<=[?&;"'\s]|%26|%3F|\\u0026)(?:X-Amz-(?:Signature|Credential|Security-Token)|X-Goog-(?:Signature|Credential)|AWSAccessKeyId|Signature|sig|sv_sig|se_sig|token|access_token|id_token|refresh_token|auth|auth_token|api_?key|apikey|key|password|passwd|pwd|secret|client_secret|code|sessionid|session_id|sid|jwt|signature|hmac|state_token|private_token|oauth_token|hapikey|appid|app_key|ticket|sso|otp|X-Plex-Token|subscription-key)(?:=|%3D)([A-Za-z0-9%+/_.~:-]{10,4096}={0,2})/gi;

/** Finds secret query parameters: signatures, tokens, keys. */
export function findSignedUrls(text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  signed.lastIndex = from;
  for (let match = signed.exec(text); match !== null && match.index < to; match = signed.exec(text)) {
    const value = match[1] ?? '';
    const start = match.index + match[0].length - value.length;
    if (isPlaceholder(value) || isWordy(value) || !/\d/.test(value.replace(/%[0-9a-f]{2}/gi, ''))) continue;
    found.push({ rule: 'signed-url', start, end: start + value.length });
  }
  return found;
}
