// Whether the repository tells a record already: a commit message of the session, or a document that it wrote. Pure.
import type { Draft } from '../../domain/draft.ts';
import { stemmedWords } from '../../index/words.ts';
import type { PreparedSession } from '../session/prepared-session.ts';
import { containment } from './similarity.ts';

/** Shares of a record's words that one text holds: of what it states, and of all that it tells. */
const stated = 0.8;
const inMessage = 0.6;
/** A document is long, and has many words by chance. */
const inDocument = 0.7;
const isDocument = (path: string): boolean => /\.(?:md|mdx|rst|adoc|txt)$/i.test(path);

export function isToldElsewhere(draft: Draft, { turns, end }: PreparedSession): boolean {
  const head = wordsOf([draft.title, draft.description]);
  const all = wordsOf([draft.title, draft.description, draft.body, ...draft.facts]);
  const holds = (text: string, share: number): boolean => {
    const words = wordsOf([text]);
    return containment(head, words) >= stated && containment(all, words) >= share;
  };
  const messages = turns.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'commit' ? [`${step.subject}\n${step.body}`] : [])),
  );
  const documents = end.files.flatMap(({ path, added }) => (isDocument(path) ? [added.join('\n')] : []));
  return (
    messages.some((message) => holds(message, inMessage)) || documents.some((document) => holds(document, inDocument))
  );
}

const wordsOf = (texts: readonly string[]): Set<string> => new Set(stemmedWords(texts.join('\n')));
