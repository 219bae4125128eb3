// Finds passwords in sentences of the most common languages: "the password for staging is …", "mot de passe : …" or "… is the
// password". Code is handled by find-assignments.ts.

import { isBoundary, matchesIn, type Found } from './find-shapes.ts';
import { isMixedCase, isPlaceholder, isTechName, isWordy } from './placeholder.ts';

/** English and German, Spanish, French, Portuguese, Italian, Dutch, Polish, Russian, Chinese, Japanese, Korean and some more. */
const word =
  /(pass(?:word|phrase|code|wd|wort|ord)|\bps?wd?\b|kennwort|zugangscode|contrasena|\bclave\b|mots? de passe|\bmdp\b|\bsenha|palavra[- ]passe|\bparola|wachtwoord|\bhaslo|\bsifre|losenord|adgangskode|kodeord|salasana|\bhesl(?:o|em)\b|jelszo|\bsandi\b|contrasenya|pasahitz|parool|\bgeslo|lozink|zaporka|wagwoord)|(?:api|access|secret|private|auth|signing)[- ]?(?:key|token|secret)|\btoken|\bsecret\b|credential|\bjeton|\bllave|\bchave|\bchiave/gi;
const foreignWord =
  /(passwört|contraseñ|hasł|haseł|парол|пассворд|лозинк|(?<![а-яё])гасл|密[码碼]|口令|パスワード|暗証番号|비밀번호|비번|패스워드|암호|slaptažod|şifre|parolă|lykilorð|lösenord|jelsz[óa]|κωδικ|סיסמ|كلمة (?:ال)?(?:مرور|سر)|पासवर्ड|পাসওয়ার্ড|(?:کلمه|رمز) ?عبور|گذرواژه|mật khẩu|รหัสผ่าน)|schlüssel|\bclé\b|ключ|токен|密[钥鑰]|令牌|トークン|토큰|キー|키/giu;
const foreign = /[\u0080-\uffff]/;

/** Whether the text names a password, a key or a PIN, in any of the languages. */
export function namesSecret(text: string): boolean {
  return /\bpin\b/i.test(text) || [word, foreignWord].some((pattern) => text.search(pattern) >= 0);
}

/** Words between the name and the value that announce the value. */
const copula =
  /(?:^|[\s"'`*_:：=(（「『→-])(?:is|was|are|be|becomes?|to|now|called|reads|use|ist|lautet?|war|wurde|hei(?:ß|ss)t|auf|est|sera|était|es|era|será|é|è|foi|jest|to jest|это|теперь|на|был|är|er|on|je|olarak|este|là|είναι|है|היא|הוא|هي|هو)(?:[\s:："'`*_]|(?:now|jetzt|nun|ahora|agora|désormais|maintenant|ora|adesso|nu|teraz|теперь|artık) )*$|(?:として|は|が|を|是|为|為|[改变變换換设設][成为為]|成|은|는|이|을|를|คือ)了?[\s:："'`「『]*$|(?:->|→|⇒|—|–)\s*["'`]?$/iu;
/** The same in other languages, where these short words are not English ones. */
const foreignCopula = /\s(?:a|à|en|in|para|su|na|naar|zu|ke|thành)\s["'`«“„]{0,2}$/iu;
/** `The password? It's …` */
const asked = /\?\s+(?:it(?:['’]s| is)|that['’]s|es (?:ist|lautet)|c['’]est|es|è|é)\s/iu;
/** Words that stand between the announcement and the value. */
const adverb =
  /^(?:for|the|now|of|changed|set|reset|updated|rotated|geändert|für|pour|para|jetzt|ahora|agora|maintenant|adesso|teraz|stata|cambiata)$/i;
/** A label before its value: `mot de passe : …`. English labels are handled as assignments. */
const label =
  /^[^\s:：=]{0,3}(?:\s?\([^()\n]{0,24}\))?(?:\s(?:for|of|on|für|von|zu|de|del?|do|da|du|pour|para|per|van|voor|do|dla|для|от)(?:\s[\p{L}\d.-]{1,20}){1,5})?\s{0,2}["'`*_]{0,3}[:：=]\s{0,3}["'`*_«“„「『]{0,3}\s?$/iu;
/** The value is on the next line, or below an empty one, or in a block of code or a quotation. */
const lineAfter = /^\s?[:：]\s{0,3}\n{1,2}(?:`{3}\w{0,8}\n)?\s{0,8}(?:[>-]\s)?["'`*_]{0,3}$/u;
const nothing = /^["'`*_]{0,2}(?:\s{1,2}|(?=[「『（]))["'`*_«“„「『（]{0,3}$/u;
const candidate = /(?![:=*_~-])[^\s"'`<>()[\]{},;|«»“”„「」『』（）\u0080-\uffff]{5,128}/gu;
const maxGap = 64;
/** The sentence ends before the value, or this is code. */
const sentenceEnd = /[.!?;]\s|[。！？；\n|{}[\]\\<>;]|=[^\s=]/u;
/** A value of code stands before the next one: `password:!0,range:!0`. */
const inCode = /^:[\w$!]/;
const before =
  /([!#$%&*+./0-9:=?@A-Z\\^_a-z~-]{6,128})["'`*_»”]{0,3}\s{0,2}(?:(?:is|was|as|for|als|ist|war|comme|est|como|come|es|era|é|è|jako|jest|как|som|olarak|является|が|は|是|を|作为|作為|当作|當作|设为|設為|设成|設成|로|를|을)\s{0,2})(?:(?:the|a|our|my|your|new|old|das|dem|unser|neues|le|la|el|a|o|mon|su|mi)\s){0,2}(?:(?:[\p{L}-]{2,20}\s){0,2}|[\u3000-\u9fff]{1,8})$/iu;

/** `… as password`, with nothing between. */
const named = /\s(?:as|als|comme|como|come|jako|как|som)\s(?:the\s)?$|作[为為]$/iu;

/** Values announced by a word for password or token that begins in `[from, to)`. */
export function findPhrases(text: string, from: number, to: number): Found[] {
  const isForeign = foreign.test(text);
  const found: Found[] = [];
  for (const pattern of isForeign ? [word, foreignWord] : [word]) {
    for (const hit of matchesIn(pattern, text, from, to)) {
      const isPassword = hit[1] !== undefined;
      const value = readAfter(text, hit, isPassword) ?? readBefore(text, hit.index, isPassword);
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

const english = /^(?:pass(?:word|phrase|code|wd)|pwd?)$/i;
/** Scripts without spaces between words. */
const unspaced = /[\u0e00-\u0e7f\u3000-\u9fff]$/;

function readAfter(text: string, hit: RegExpExecArray, isPassword: boolean): Range | undefined {
  const isUnspaced = unspaced.test(hit[0]);
  const wordStop = hit.index + hit[0].length;
  const end = isUnspaced ? wordStop : wordEnd(text, wordStop);
  if (!isUnspaced && (!isBoundary(text, hit.index) || /[_$.-]/.test(text.charAt(hit.index - 1)))) return undefined;
  if (!isUnspaced && !/[\s"'`*_:：=(（「『?\u0080-\uffff-]/.test(text.charAt(end))) return undefined;
  const isForeign = !english.test(hit[0]);
  const window = text.slice(end, end + maxGap + 128);
  let isLate = false;
  for (const match of window.matchAll(candidate)) {
    const gap = window.slice(0, match.index).replace(asked, ' is ');
    const isBelow = lineAfter.test(gap);
    if (gap.length > maxGap || (sentenceEnd.test(gap) && !isBelow) || inCode.test(gap)) return undefined;
    const value = match[0].replace(/[.:?*_…]+$|(?<=\w)!(?=$)/u, '');
    const isBare = nothing.test(gap) || (isUnspaced && gap === '');
    const isNext = isBare || isBelow || copula.test(gap) || label.test(gap) || (isForeign && foreignCopula.test(gap));
    const isAnnounced = isNext && !isLate && (!isBare || isForeign || isChosen(value));
    const isSecret = isPassword
      ? isPasswordLike(value, isAnnounced) && (!isLate || isNext || (/\d/.test(value) && isMixedCase(value)))
      : isNext && isTokenLike(value);
    if (isSecret) return { start: end + match.index, end: end + match.index + value.length };
    if (isNext && !isBare && !isForeign && !adverb.test(value)) isLate = true;
  }
  return undefined;
}

/** `Sommer2024`, `hunter2Horse99`: nothing else looks so behind the bare word. */
function isChosen(value: string): boolean {
  return /^\p{L}{4,}[-_.]?\d{3,}$/u.test(value) || (isMixedCase(value) && /\d\D+\d/.test(value));
}

function readBefore(text: string, wordStart: number, isPassword: boolean): Range | undefined {
  const left = text.slice(Math.max(0, wordStart - 128), wordStart);
  // The pattern is slow: only where it can match.
  if (!isPassword || !/[\s\u0080-\uffff]$/.test(left) || !/\d/.test(left)) return undefined;
  const [whole = '', value = ''] = before.exec(left.slice(left.lastIndexOf('\n') + 1)) ?? [];
  const isNamed = named.test(whole) && /\d\D*\d/.test(value) && !notValue.test(value);
  const start = wordStart - whole.length;
  return isPasswordLike(value, isNamed) ? { start, end: start + value.length } : undefined;
}

const notValue =
  /[\\]|A-Z|0-9|^[A-Z0-9]+(?:-[A-Z0-9]+)+$|^(?:[/.~$%@&<#\\-]|https?:|file:|\w+:\/\/)|^[A-Z][A-Z0-9_]+$|\.(?:[a-z]{1,4}|json|yaml|toml)(?::\d+)*$|^v?\d+(?:\.\d+)+|^\d|^[0-9a-f]{7,40}$|^\w+[.]\w+(?:[.]\w+)*$|[=]|^\w+\/\w+|^\w+:\w*$|\w+@\w+\.\w/;

/** `isAnnounced`: only a value can be in this position. Elsewhere, everyday words do not count. */
export function isPasswordLike(value: string, isAnnounced: boolean): boolean {
  if (value.length < 6 || value.length > 64 || isPlaceholder(value) || isTechName(value)) return false;
  const [hasDigit, hasLetter, hasSign] = [/\d/.test(value), /[A-Za-z]/.test(value), /[!@#$%^&*+?]/.test(value)];
  if (isAnnounced) return hasLetter && (hasDigit || hasSign) && !/^(?:https?:|[/~<$%]|--)|[()=]/.test(value);
  if (notValue.test(value) || !hasLetter || !hasDigit) return false;
  return (hasSign || !isWordy(value)) && !/^[a-z]+[-_][a-z\d]+(?:[-_][a-z\d]+)*$/.test(value);
}

function isTokenLike(value: string): boolean {
  if (value.length < 16 || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  return !isPlaceholder(value) && !notValue.test(value) && !isWordy(value);
}
