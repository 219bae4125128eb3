// Finds private key blocks.

import { matchAt, matchesIn, type Found } from './find-shapes.ts';
import { isMonotonous } from './placeholder.ts';

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
