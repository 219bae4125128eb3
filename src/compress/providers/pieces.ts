// Splits a session's text into pieces that can be kept or left out one by one, each with a score of its information.
import { namesIn } from '../plan/names.ts';
import { oneLine } from '../session/command-results.ts';

export interface Piece {
  text: string;
  score: number;
}

const pieceMaxChars = 300;

/** Words that give a reason or mark a choice, in common languages. */
const reason =
  /\b(?:because|since|so that|otherwise|instead|rather than|unless|turns? out|root cause|caused by|must|never|always|only|weil|damit|sonst|statt|muss|nie|immer|porque|para que|en lugar|en vez|debe|nunca|siempre|parce que|afin|sinon|au lieu|doit|jamais|toujours|assim|senão|deve|sempre)\b|因为|由于|所以|必须|不能|否则|而不是|ため|ので|必ず|ではなく/iu;
/** Announcements of next steps. */
const chatter =
  /^(?:let me|let's|now (?:i|let)|i(?:'ll| will| need| should| am going|'m going)|next,? i|ok(?:ay)?\b|great|perfect|good\b|done\b|looks)/i;

/** Whole sentences and lines in order; longer ones are cut at a word. */
export function piecesOf(text: string, base: number): Piece[] {
  return text
    .split('\n')
    .flatMap((line) => (line.length <= pieceMaxChars ? [line] : line.split(/(?<=[.!?;])\s+|(?<=[。！？；])/u)))
    .flatMap(splitLong)
    .map(oneLine)
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece) && piece !== '(no content)')
    .map((piece) => ({ text: piece, score: scoreOf(piece, base) }));
}

function splitLong(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > pieceMaxChars) {
    const space = rest.lastIndexOf(' ', pieceMaxChars);
    const at = space > pieceMaxChars / 2 ? space : pieceMaxChars;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...parts, rest];
}

export function scoreOf(text: string, base: number): number {
  const names = Math.min(4, namesIn(text).length) * 0.3;
  return base + names + (reason.test(text) ? 1 : 0) - (chatter.test(text) ? 1.5 : 0);
}

/** One line, cut at a word. */
export function clip(text: string, maxChars: number): string {
  const line = oneLine(text);
  if (line.length <= maxChars) return line;
  const head = line.slice(0, maxChars);
  const space = head.lastIndexOf(' ');
  return (space > maxChars * 0.7 ? head.slice(0, space) : head).replace(/[\uD800-\uDBFF]$/, '');
}

export const word = /[\p{L}_$][\p{L}\p{N}_$-]{2,}/gu;
/** Identifiers that occur only in code. */
export const isCoined = (name: string): boolean => /[_$\d]|\p{Ll}\p{Lu}|^\p{Lu}{2,}/u.test(name);
