// Detects questions that ask for a password or a key, and secrets in their answers.

import { namesSecret } from './find-phrases.ts';
import { isPlaceholder, isTechName, isWordy } from './placeholder.ts';

const asking = /[?？]\s*["'`*_)]*\s*(?:$|\n)|[?？]/;
const request =
  /\b(?:enter|provide|give|send|type|tell|paste|share|need|which|what|gib|nenne|welches|bitte|dame|cuál|quel|donne[rz]?|qual|podaj|jakie)\b|введи|какой|请|請|輸入|输入|教えて|입력/i;

/** Whether the end of the text asks for a secret: a question, or a request. */
export function asksForSecret(text: string): boolean {
  const end = text.trimEnd().slice(-400);
  const last = end.slice(end.search(/[^\n]*(?:\n[^\n]*){0,2}$/));
  return (asking.test(last) || request.test(last)) && namesSecret(last);
}

/** Words of the answer that look like secrets; a one-word answer counts unless it is an everyday word. */
export function secretsInAnswer(answer: string): string[] {
  const words = answer
    .split(/\s+/)
    .map((word) => word.replace(/^["'`«“„「(]+|["'`»”」),;]+$|(?<=\w)[.]$/g, ''))
    .filter((word) => word !== '');
  const isAlone = words.length === 1;
  return [...new Set(words)].filter((word) => {
    if (word.length < (isAlone ? 4 : 6) || word.length > 128 || isPlaceholder(word) || isTechName(word)) return false;
    if (/^(?:https?:|[/.~$]\w|\w+\.\w{1,4}$)/.test(word)) return false;
    const [hasDigit, hasLetter] = [/\d/.test(word), /\p{L}/u.test(word)];
    if (isAlone) return hasDigit || /[^\p{L}\p{M}]/u.test(word) || word.length >= 12 || !isWordy(word);
    return hasLetter && hasDigit && (/[!@#$%^&*+?]/.test(word) || !isWordy(word));
  });
}
