// How a plain text becomes a statement: first sentence, reason, and what it is about. Pure.
import { isObservationType, type ObservationType } from '../domain/types.ts';

/** Types of other tools that are called otherwise here. */
const otherNames: Readonly<Record<string, ObservationType>> = {
  problem: 'gotcha',
  bug: 'gotcha',
  issue: 'gotcha',
  'problem-solution': 'bugfix',
  'bug-fix': 'bugfix',
  'negative-result': 'dead-end',
  'trade-off': 'decision',
  'why-it-exists': 'decision',
  reasoning: 'decision',
  'how-it-works': 'architecture',
  'what-changed': 'change',
  'security-alert': 'security',
  'security-note': 'security',
  tip: 'pattern',
  technique: 'pattern',
  convention: 'pattern',
  workflow: 'pattern',
  runbook: 'pattern',
};

export function typeNamed(name: string): ObservationType | undefined {
  const own = name.trim().toLowerCase().replaceAll('_', '-');
  return isObservationType(own) ? own : otherNames[own];
}

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

const reasonWords =
  /\b(?:because|since|so that|otherwise|in order to|instead of|rather than|due to|caused|causes|broke|breaks|hid|hides|fails?|failed|hangs?|lost|loses?|leads? to|which means|cost us|worse than|needs?|must not|cannot|can't|too slow|refused|in case|unless)\b|\b(?:PR|issue|#)\s?\d+|;\s|:\s/i;

/** Says why, and not only that. */
export function hasReason(text: string): boolean {
  return reasonWords.test(text);
}

/** What a heading says of the statements below it. */
export function typeOfHeading(heading: string): ObservationType | undefined {
  const text = heading.toLowerCase();
  if (/\b(?:tried|dead[- ]?ends?|rejected|abandoned|ruled out|do(?:n't| not) (?:retry|try))\b/.test(text))
    return 'dead-end';
  if (
    /\b(?:gotchas?|pitfalls?|traps?|known (?:issues?|problems?|bugs?)|caveats?|quirks?|warnings?|watch out|troubleshooting|do[- ]?nots?)\b/.test(
      text,
    )
  )
    return 'gotcha';
  if (/\b(?:decisions?|why|rationale|trade-?offs?|history)\b/.test(text)) return 'decision';
  if (/\b(?:conventions?|patterns?|style|practices?|guidelines?|rules?|standards?)\b/.test(text)) return 'pattern';
  if (/\b(?:architecture|structure|design|overview of the (?:code|system)|components?|how .* works?)\b/.test(text))
    return 'architecture';
  return undefined;
}

/** Paths that a text names between back ticks, as they may stand in a repository. */
export function pathsIn(text: string): string[] {
  const found = [...text.matchAll(/`([^`\s]+)`|(?<![\w/.-])((?:[\w.-]+\/)+[\w.-]+\.\w{1,8})/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  return [...new Set(found.map((path) => path.replace(/:\d+(?:-\d+)?$/, '').replace(/[.,;:]$/, '')))].filter((path) =>
    /^[\w@][\w@./-]*\.\w{1,8}$/.test(path),
  );
}
