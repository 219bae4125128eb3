// A model's drafts held against what it was shown: paths and names that stand nowhere are taken out, confidence follows the evidence.
import type { Draft } from '../../domain/draft.ts';
import { mapTexts } from '../../domain/event-texts.ts';
import type { Event } from '../../domain/event.ts';
import { verdictOf } from '../old-rules/evidence.ts';
import { identifiersOf, splitIdentifier } from '../old-rules/words.ts';
import type { CompressRequest } from './provider.ts';

/** What a draft may claim at most: seen in a command's result or committed; edited; said. */
const proven = 0.95;
const done = 0.7;
const said = 0.5;
/** A name in the title that the session never said. */
const doubtful = 0.3;

/** `shown` is the prompt's text: known records count as said. */
export function groundDrafts(drafts: readonly Draft[], request: CompressRequest, shown: string): Draft[] {
  const haystack = `${shown}\n${textOf(request.events)}`.toLowerCase();
  const isSaid = (text: string): boolean =>
    identifiersOf(text).every((name) => isNamedIn(name.toLowerCase(), haystack));
  const paths = new Set(request.events.flatMap((event) => ('path' in event ? [event.path] : [])));
  const isSeen = (path: string): boolean =>
    paths.has(path) || (path.length > 3 && haystack.includes(path.toLowerCase()));
  const ids = new Set(request.known.map(({ id }) => id));
  const isKnown = (id: string): boolean => ids.has(id);
  const cap = evidenceCap(request.events);
  const concepts = new Set(request.mode.concepts);
  return drafts.map((draft) => {
    const isNamed = isSaid(draft.title) && isSaid(draft.description);
    return {
      ...draft,
      facts: draft.facts.filter(isSaid),
      concepts: draft.concepts.filter((concept) => concepts.size === 0 || concepts.has(concept)),
      cites: draft.cites.filter(({ path }) => isSeen(path)),
      supersedes: draft.supersedes.filter(isKnown),
      contradicts: draft.contradicts.filter(isKnown),
      confidence: Math.min(draft.confidence, isNamed ? cap : doubtful),
    };
  });
}

/** Whole, or each of its parts: `render/2` and `Renderer.render` may stand for what was written otherwise. */
function isNamedIn(name: string, haystack: string): boolean {
  return haystack.includes(name) || splitIdentifier(name).every((part) => haystack.includes(part));
}

/** A check that passed or failed and a commit are proof; an edit is a deed; the rest is talk. */
export function evidenceCap(events: readonly Event[]): number {
  const isProof = events.some(
    (event) => event.kind === 'command' && (event.commit !== undefined || !event.ok || verdictOf(event) === 'pass'),
  );
  if (isProof) return proven;
  const isDeed = events.some((event) => (event.kind === 'edit' && event.ok) || event.kind === 'answer');
  return isDeed ? done : said;
}

function textOf(events: readonly Event[]): string {
  const texts: string[] = [];
  for (const event of events) {
    mapTexts(event, (text) => {
      texts.push(text);
      return text;
    });
    if ('path' in event) texts.push(event.path);
  }
  return texts.join('\n');
}
