// Finds passwords in sentences of the most common languages: "the password for staging is …", "mot de passe : …", "… is the password",
// "login admin / …". Code is handled by find-assignments.ts.

import type { Found } from './find-shapes.ts';
import { isPlaceholder, isTechName, isWordy } from './placeholder.ts';

/** English and German, Spanish, French, Portuguese, Italian, Dutch, Polish, Russian, Chinese, Japanese, Korean and some more. */
const word =
  /(pass(?:word|phrase|code|wd|wort|ord)|\bpw[d]?\b|kennwort|zugangscode|contrasena|\bclave\b|mots? de passe|\bmdp\b|\bsenha|palavra[- ]passe|\bparola|wachtwoord|\bhaslo|\bsifre|losenord|adgangskode|salasana|\bheslo|jelszo|kata sandi)|(?:api|access|secret|private|auth|signing)[- ]?(?:key|token|secret)|\btoken|\bsecret\b|credential|\bjeton|\bllave|\bchave/gi;
const foreignWord =
  /(passwört|contraseñ|hasł[oa]|парол|密[码碼]|口令|パスワード|暗証番号|비밀번호|패스워드|암호|şifre|lösenord|jelszó|κωδικ|סיסמ|كلمة (?:المرور|السر)|पासवर्ड|mật khẩu|รหัสผ่าน)|schlüssel|\bclé\b|ключ|токен|密[钥鑰]|令牌|トークン|토큰/giu;
const foreign = /[\u0080-\uffff]/;

/** Whether the text names a password, a key or a PIN, in any of the languages. */
export function namesSecret(text: string): boolean {
  return /\bpin\b/i.test(text) || [word, foreignWord].some((pattern) => text.search(pattern) >= 0);
}

/** Words between the name and the value that announce the value. */
const copula =
  /(?:^|[\s"'`*_:：=(（「『→-])(?:is|was|are|be|becomes?|to|now|called|reads|use|ist|lautet?|war|wurde|heißt|auf|est|sera|était|es|era|será|é|è|foi|jest|to jest|это|теперь|был|är|er|on|je|olarak)(?:[\s:："'`*_]|now |jetzt |ahora |agora )*$|(?:は|が|を|是|为|為|改成|은|는|이)[\s:："'`「『]*$|(?:->|→|⇒|—|–)\s*["'`]?$/iu;
/** A label before its value: `mot de passe : …`. English labels are handled as assignments. */
const label = /^[^\s:：=]{0,3}(?:\s?\([^()\n]{0,24}\))?\s{0,2}["'`*_]{0,3}[:：=]\s{0,3}["'`*_「『]{0,3}$/u;
/** The value is on the next line. */
const lineAfter = /^[:：]\s{0,3}\n\s{0,8}["'`*_]{0,3}$/u;
const nothing = /^["'`*_]{0,2}\s{1,2}["'`*_«“„「『]{0,3}$/u;
const candidate = /(?![:=*_~-])[^\s"'`<>()[\]{},;|«»“”„「」『』（）\u0080-\uffff]{5,128}/gu;
const maxGap = 64;
/** The sentence ends before the value, or this is code. */
const sentenceEnd = /[.!?;]\s|[。！？；\n|{}[\]\\<>;]|=[^\s=]/u;
/** A value of code stands before the next one: `password:!0,range:!0`. */
const inCode = /^:[\w$!]/;
const before =
  /([!#$%&*+./0-9:=?@A-Z\\^_a-z~-]{6,128})["'`*_»”]{0,3}\s{0,2}(?:(?:is|was|as|for|als|ist|war|comme|est|como|es|era|é|è|jako|jest|как|som|が|は|是|を)\s{0,2})(?:(?:the|a|our|my|your|new|old|das|dem|unser|neues|le|la|el|a|o|mon|su|mi)\s){0,2}(?:[\p{L}-]{2,20}\s){0,2}$/iu;

/** Values announced by a word for password or token that begins in `[from, to)`. */
export function findPhrases(text: string, from: number, to: number): Found[] {
  const isForeign = foreign.test(text);
  const found = findPairs(pair, text, from, to);
  if (isForeign) found.push(...findPairs(foreignPair, text, from, to));
  for (const pattern of isForeign ? [word, foreignWord] : [word]) {
    pattern.lastIndex = from;
    for (let hit = pattern.exec(text); hit !== null && hit.index < to; hit = pattern.exec(text)) {
      const isPassword = hit[1] !== undefined;
      const end = wordEnd(text, pattern.lastIndex);
      const value = readAfter(text, hit.index, end, isPassword) ?? readBefore(text, hit.index, isPassword);
      if (value !== undefined) found.push({ rule: isPassword ? 'password' : 'secret-phrase', ...value });
    }
  }
  return found;
}

/** End of the word with its inflection; a longer identifier (`passwordField`, `password_hash`) does not count as a word. */
function wordEnd(text: string, at: number): number {
  let end = at;
  while (end < at + 6 && /[a-zà-ÿа-яёğşıœ]/u.test(text.charAt(end))) end++;
  return end;
}

type Range = Pick<Found, 'start' | 'end'>;

function readAfter(text: string, wordStart: number, end: number, isPassword: boolean): Range | undefined {
  if (!/[\s"'`*_:：=(（「『\u0080-\uffff-]/.test(text.charAt(end)) || /[\w$.-]/.test(text.charAt(wordStart - 1)))
    return undefined;
  const window = text.slice(end, end + maxGap + 128);
  for (const match of window.matchAll(candidate)) {
    const gap = window.slice(0, match.index);
    const isBelow = lineAfter.test(gap);
    if (gap.length > maxGap || (sentenceEnd.test(gap) && !isBelow) || inCode.test(gap)) return undefined;
    const value = trimEnd(match[0]);
    const isNext = copula.test(gap) || nothing.test(gap) || label.test(gap);
    const isAnnounced = !nothing.test(gap) && isNext;
    if (isPassword ? isPasswordLike(value, isAnnounced) : isNext && isTokenLike(value))
      return { start: end + match.index, end: end + match.index + value.length };
    if (isNext && isAnnounced && !/^(?:for|the|now|of|für|pour|para)$/i.test(value)) return undefined;
  }
  return undefined;
}

function readBefore(text: string, wordStart: number, isPassword: boolean): Range | undefined {
  const left = text.slice(Math.max(0, wordStart - 128), wordStart);
  // The pattern is slow: only where it can match.
  if (!isPassword || !/[\s\u0080-\uffff]$/.test(left) || !/\d/.test(left)) return undefined;
  const match = before.exec(left.slice(left.lastIndexOf('\n') + 1));
  if (match === null || !isPasswordLike(match[1] ?? '', false)) return undefined;
  const start = wordStart - match[0].length;
  return { start, end: start + (match[1] ?? '').length };
}

function trimEnd(value: string): string {
  return value.replace(/[.:?*_…]+$|(?<=\w)!(?=$)/u, '');
}

const notValue =
  /[\\]|A-Z|0-9|^[A-Z0-9]+(?:-[A-Z0-9]+)+$|^(?:[/.~$%@&<#\\-]|https?:|file:|\w+:\/\/)|^[A-Z][A-Z0-9_]+$|\.(?:[a-z]{1,4}|json|yaml|toml)(?::\d+)*$|^v?\d+(?:\.\d+)+|^\d|^[0-9a-f]{7,40}$|^\w+[.]\w+(?:[.]\w+)*$|[=]|^\w+\/\w+|^\w+:\w*$|\w+@\w+\.\w/;

/** `isAnnounced`: only a value can be in this position. Elsewhere, everyday words do not count. */
function isPasswordLike(value: string, isAnnounced: boolean): boolean {
  if (value.length < 6 || value.length > 64 || isPlaceholder(value) || isTechName(value)) return false;
  const [hasDigit, hasLetter, hasSign] = [/\d/.test(value), /[A-Za-z]/.test(value), /[!@#$%^&*+?]/.test(value)];
  if (isAnnounced) return hasLetter && (hasDigit || hasSign) && !/^(?:https?:|[/~<$%]|--)|[()=]/.test(value);
  if (notValue.test(value) || !hasLetter) return false;
  if (!hasDigit) return false;
  return (hasSign || !isWordy(value)) && !/^[a-z]+[-_][a-z\d]+(?:[-_][a-z\d]+)*$/.test(value);
}

function isTokenLike(value: string): boolean {
  return (
    value.length >= 16 &&
    /\d/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !isPlaceholder(value) &&
    !notValue.test(value) &&
    !isWordy(value)
  );
}

const pair =
  /\b(?:log(?:ged)?[ -]?in|logon|credentials?|creds|account|user(?:name)?|zugang(?:sdaten)?|anmeldung|benutzer(?:name)?|konto|identifiants?|compte|credenciales|cuenta|usuario|credenciais|conta|utente|accesso)\b(?:[^\n:/|,]{0,24}[\s:(]{1,3})?([\w.@+-]{2,40})(?:\s?(?:\/|\||,)\s|:|\s(?:with|mit|avec|con|com|and|und|et|y|e)\s)([^\s"'`<>()[\]{},;|«»“”]{8,64})/gi;
const foreignPair =
  /(?:учётн\S+|логин|账号|用户名|ログイン|계정|usuário|contraseña)[^\n\w]{0,24}([\w.@+-]{2,40})(?:\s?(?:\/|\||,)\s|:|\s(?:и|和|と|와)\s)([^\s"'`<>()[\]{},;|«»“”]{8,64})/giu;

/** Finds pairs such as `login admin:…`, `credentials are admin / …`. */
function findPairs(pattern: RegExp, text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null && match.index < to; match = pattern.exec(text)) {
    const value = trimEnd(match[2] ?? '');
    const start = match.index + match[0].length - (match[2] ?? '').length;
    if (isPasswordLike(value, false)) found.push({ rule: 'password', start, end: start + value.length });
    pattern.lastIndex = start;
  }
  return found;
}
