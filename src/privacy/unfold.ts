// Decodes a text as it is displayed: without terminal codes and invisible characters, with escapes resolved, because these could hide
// a secret.

const folded =
  /(?:[\u001b\u009b]|\\{1,8}(?:u001b|x1b|033|e))(?:\[[0-?]{0,32}[ -/]{0,8}[@-~]|\][^\u0007\u001b\n]{0,512}(?:\u0007|\u001b\\))?|[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]|\u034f|[\u17b4-\u17b5]|[\u180b-\u180d]|[\ufe00-\ufe0f]|\\{1,8}u([0-9a-f]{4})|\\{1,8}x([2-7][0-9a-f])|%([2-7][0-9a-f])|&#(?:(\d{2,3})|x([0-9a-f]{2}));|[\uff01-\uff5e]/gi;

export interface Unfolded {
  text: string;
  /** Offset in `text` (including its end) → offset in the original text. */
  at: Uint32Array;
}

/** Undefined when nothing changes. */
export function unfold(text: string): Unfolded | undefined {
  const parts: string[] = [];
  const at = new Uint32Array(text.length + 1);
  let length = 0;
  let from = 0;
  const copy = (end: number): void => {
    parts.push(text.slice(from, end));
    for (; from < end; from++) at[length++] = from;
  };
  for (const match of text.matchAll(folded)) {
    copy(match.index);
    const plain = resolve(match);
    parts.push(plain);
    for (let each = 0; each < plain.length; each++) at[length++] = match.index;
    from = match.index + match[0].length;
  }
  if (parts.length === 0) return undefined;
  copy(text.length);
  at[length] = text.length;
  return { text: parts.join(''), at };
}

function resolve(match: RegExpMatchArray): string {
  const [whole, unicode, byte, percent, decimal, entity] = match;
  const hex = unicode ?? byte ?? percent ?? entity;
  const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal ?? NaN);
  if (code >= 32 && code < 127) return String.fromCharCode(code);
  if (!Number.isNaN(code)) return code === 10 || code > 127 ? whole : '';
  const wide = whole.charCodeAt(0);
  return wide >= 0xff01 && wide <= 0xff5e ? String.fromCharCode(wide - 0xfee0) : '';
}
