// How a plain text becomes a statement: its first sentence, and whether it tells of something taken back. Pure.
/** First sentence and the rest; a list item's or a paragraph's. */
export function firstSentence(text: string): { first: string; rest: string } {
  const plain = text.replace(/\s+/g, ' ').trim();
  const end = /^.{12,}?[.!?。](?=\s+(?:["“'(]?[\p{Lu}\p{N}`]|[\w.-]+\/))/u.exec(plain)?.[0];
  if (end === undefined) return { first: plain.replace(/[.。]$/, ''), rest: '' };
  return { first: end.replace(/[.。]$/, ''), rest: plain.slice(end.length).trim() };
}

const triedWords =
  /\b(?:tried|attempted|experimented|cached?|used)\b[^.]{0,80}\b(?:taken (?:out|back)|removed|reverted|went back|rolled back|dropped|abandoned|given up|undone)\b/i;

/** Says that something was tried and taken back. */
export function isTakenBack(text: string): boolean {
  return (
    /\btried\b/i.test(text) &&
    (triedWords.test(text) || /\b(?:removed|went back|taken out|reverted|stale)\b/i.test(text))
  );
}
