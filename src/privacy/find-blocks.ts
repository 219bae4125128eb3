// Finds private key blocks, passwords in URLs, and JWTs.

import { isBoundary, matchAt, matchesIn, type Found } from './find-shapes.ts';
import { isMonotonous, isPlaceholder, isWordy, tutorialSignature } from './placeholder.ts';

const blockHead =
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d:|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----/g;
const blockEnd =
  /-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|Private-MAC: ?[0-9a-fA-F]+|---- END SSH2 ENCRYPTED PRIVATE KEY ----/y;
const maxBlock = 32 * 1024;

/** Key blocks that begin in `[from, to)`: to their end mark, or without one as far as the text looks like a key. */
export function findKeyBlocks(text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  for (const { index: start } of matchesIn(blockHead, text, from, to)) {
    const bodyStart = blockHead.lastIndex;
    const bodyEnd = keyTextEnd(text, bodyStart, Math.min(text.length, start + maxBlock));
    const isWhole = matchAt(blockEnd, text, bodyEnd);
    const end = isWhole ? blockEnd.lastIndex : bodyEnd;
    const body = text.slice(bodyStart, end);
    if (body.length < 12 || isMonotonous(body.replace(/[^A-Za-z0-9]/g, ''))) continue;
    if (!isWhole && !/[A-Za-z0-9+/=]{12}/.test(body)) continue;
    found.push({ rule: 'private-key', start, end });
    blockHead.lastIndex = end;
  }
  return found;
}

/** Index up to which the text from `at` can be the inside of a key: base64 lines, armour headers, line prefixes, escapes. */
function keyTextEnd(text: string, at: number, limit: number): number {
  let end = at;
  while (end < limit && matchAt(keyPiece, text, end)) end = keyPiece.lastIndex;
  return Math.min(end, limit);
}
const keyPiece =
  /(?:\\{1,8}[nrt]|\\{1,8}$|[\s"'`,;+|>#*]|\\(?=\s)|(?:Proc-Type|DEK-Info|Version|Comment|Encryption|Public-Lines|Private-Lines|Key-Derivation|Argon2-\w{1,12}|Hash|Charset|Subject|x-[a-z-]{1,30}):[^\n\\]{0,200}|[A-Za-z0-9+/=_-]{16,}(?![^\s"'`,;\\+|])|[A-Za-z0-9+/]{1,76}={0,2}(?=\s{0,4}(?:\\{1,8}n|\n|$|["'`]|-----|\\{1,8}r)|\\))/my;

const urlStart = /:(?:\/\/|\\\/\\\/)/g;
const urlLogin = /:(?:\/\/|\\\/\\\/)(?:[^\s:/@"'`<>\\[\]{}|^]{0,128}):([^\s"'`<>]{1,256})/y;

/** A token in place of the user name. */
const urlToken = /:(?:\/\/|\\\/\\\/)([\w.~%+-]{16,512})@/y;

/** Finds passwords in `scheme://user:password@host`. */
export function findUrlPasswords(text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  const add = (start: number, value: string): void =>
    void found.push({ rule: 'url-password', start, end: start + value.length });
  for (const { index } of matchesIn(urlStart, text, from, to)) {
    urlLogin.lastIndex = urlToken.lastIndex = index;
    const rest = urlLogin.exec(text)?.[1];
    if (rest === undefined) {
      const token = urlToken.exec(text)?.[1] ?? '';
      if (/\d/.test(token) && !isPlaceholder(token) && !isWordy(token))
        add(urlToken.lastIndex - token.length - 1, token);
    } else {
      // To the `@` that ends it: the last one before the end of the host.
      const end = rest.search(/@(?=[\w.\-[\]{}$()*]+(?:[:/?#\\,;)\]}|&]|$)(?![^/?#]*@))/);
      const password = rest.slice(0, Math.max(0, end));
      if (password !== '' && !isPlainUrlWord(password)) add(urlLogin.lastIndex - rest.length, password);
    }
  }
  return found;
}

/** A placeholder, a port, a template, a pattern, or a line that ends within. */
function isPlainUrlWord(value: string): boolean {
  if (value.length < 4 || /\\[nrtSsWwdD]|\$\{|\[REDACTED|^\d{1,5}(?:$|\/)|\[\^|\(\?|\)[?*]/.test(value)) return true;
  return /^(?:[$<{:]|%s|#\{|%[A-Z_]+%|(?:\*+|x+|\.+|pass(?:word|wd)?|pwd?|secret|token|user|your[-_]?\w*|my[-_]?pass\w*|placeholder|example|changeme|\w*password(?:_?here)?)$)/i.test(
    value,
  );
}

/** Finds JWTs (`eyJ….….…`), including truncated ones and JWEs. */
export function findWebTokens(text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  for (const { index: start } of matchesIn(webTokenStart, text, from, to)) {
    if (!isBoundary(text, start) || !matchAt(webToken, text, start)) continue;
    const end = (webTokenStart.lastIndex = webToken.lastIndex);
    const value = text.slice(start, end);
    if (!isPlaceholder(value.slice(-24)) && !value.includes(tutorialSignature)) found.push({ rule: 'jwt', start, end });
  }
  return found;
}
const webTokenStart = /eyJ/g;
const webToken = /eyJ[A-Za-z0-9_-]{14,8192}\.[A-Za-z0-9_-]{10,8192}(?:\.[A-Za-z0-9_-]{0,8192}){0,3}/iy;
