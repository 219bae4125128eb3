// Detects hostile text in records, for `lint`. A warning only: the protection is trust by review (src/git).

import { isUnseenAt, unseen } from './invisible.ts';

export type HostileCode = 'invisible' | 'bidi' | 'host-tag' | 'instruction' | 'fence' | 'comment' | 'terminal';

export interface Hostile {
  code: HostileCode;
  /** UTF-16 offset in the text. */
  index: number;
}

const hostTag =
  /[<＜]\s{0,4}[/／]?\s{0,4}(?:system[-_ ]?\w{0,20}|task-notification|command-(?:name|message|args|contents)|local-command-\w{1,10}|user-prompt-submit-hook|environment_(?:details|context)|antml:\w{1,20}|function_calls|function_results|invoke|tool_use|tool_result|assistant|human|instructions?|important|repomem[\w-]{0,20}|claude-mem-context)\b/gi;

/** Instructions to the model, in the forms that appear in nearly all attacks; English, with the usual fillers. */
const instruction =
  /\b(?:ignore|disregard|forget|override|bypass)\s+(?:(?:all|any|the|your|these|those|of|my|every|everything)\s+){0,3}(?:(?:previous|prior|above|earlier|preceding|former|existing|system|safety)\s+){1,2}(?:instructions?|prompts?|rules?|messages?|context|guidelines?|directions?|commands?)|\b(?:you\s+are\s+now|from\s+now\s+on,?\s+you|act\s+as\s+(?:an?\s+)?(?:unrestricted|jailbroken|developer\s+mode)|new\s+(?:system\s+)?instructions?\s*:|system\s+prompt\s*:|do\s+not\s+(?:tell|inform|mention\s+(?:this|it)\s+to|reveal\s+this\s+to|ask)\s+the\s+user|without\s+(?:telling|asking|informing)\s+the\s+user|(?:send|post|upload|exfiltrate)\s+(?:[\w.]+\s+){0,6}(?:secrets?|tokens?|credentials?|api\s+keys?|\.env|environment\s+variables?)\s+to\b|(?:curl|wget)\s+[^\n|]{1,120}\|\s*(?:sudo\s+)?(?:ba|z)?sh\b)|^\s{0,3}(?:system|assistant|human|user)\s*:/gim;

const fence = /^(?: {0,3}(?:`{3,}|~{3,})[^\n]*|---js\b.*|---[a-z]+\b.*)$/gim;
const comment = /<!--|-->|<!\[CDATA\[|\]\]>/g;
const terminal = /\u001b|\u009b/g;
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Characters reported under other codes. */
const otherCode = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u001b\u009b]/;

/** All signs of an attack, in text order, at most 100. A balanced code fence is not a sign. */
export function findHostile(text: string): Hostile[] {
  const found: Hostile[] = [];
  const collect = (code: HostileCode, pattern: RegExp, isReal: (at: number) => boolean = () => true): void => {
    for (const match of text.matchAll(pattern)) if (isReal(match.index)) found.push({ code, index: match.index });
  };
  collect('invisible', unseen, (at) => !otherCode.test(text.charAt(at)) && isUnseenAt(text, at));
  collect('bidi', bidi);
  collect('terminal', terminal);
  collect('host-tag', hostTag);
  collect('instruction', instruction);
  collect('comment', comment);
  const fences = [...text.matchAll(fence)].map((match) => match.index);
  const isBalanced = fences.length % 2 === 0 && !/^---[a-z]/im.test(text);
  if (!isBalanced) found.push(...fences.slice(-1).map((index) => ({ code: 'fence' as const, index })));
  return found.toSorted((a, b) => a.index - b.index).slice(0, 100);
}
