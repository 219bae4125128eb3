// Drafts of what is kept, with what its evidence is worth.
import type { Draft } from '../../domain/draft.ts';
import type { ObservationType } from '../../domain/types.ts';
import type { Turn } from '../session/prepared-session.ts';
import { shared, subjectOf } from './words/content-words.ts';
import { acknowledgement } from './words/language.ts';
import { plain } from './words/sentences.ts';

/** Whether a draft says it: as its title, or word for word or nearly so. */
export function holds(draft: Draft, sentence: string): boolean {
  if (plain(sentence).toLowerCase().includes(draft.title.toLowerCase())) return true;
  const words = subjectOf(`${plain(sentence)} `.replace(acknowledgement, ''));
  const told = subjectOf([draft.title, draft.description, draft.body, ...draft.facts].join('\n'));
  return words.size > 0 && shared(words, told) >= words.size * 0.9;
}

/** What is kept, by its evidence. */
const worths = {
  instruction: { importance: 0.9, confidence: 0.95, place: 'shared', evidence: 'user' },
  answer: { importance: 0.85, confidence: 0.9, place: 'shared', evidence: 'user' },
  sentBack: { importance: 0.8, confidence: 0.9, place: 'shared', evidence: 'user' },
  settled: { importance: 0.8, confidence: 0.85, place: 'shared', evidence: 'user' },
  takenBack: { importance: 0.85, confidence: 0.85, place: 'shared', evidence: 'command' },
  toRemember: { importance: 0.8, confidence: 0.8, place: 'shared', evidence: 'agent' },
  cured: { importance: 0.75, confidence: 0.95, place: 'shared', evidence: 'command' },
  reported: { importance: 0.75, confidence: 0.7, place: 'shared', evidence: 'edit' },
  stated: { importance: 0.7, confidence: 0.75, place: 'shared', evidence: 'agent' },
  closing: { importance: 0.35, confidence: 0.6, place: 'local', evidence: 'agent' },
  onTheWay: { importance: 0.3, confidence: 0.5, place: 'local', evidence: 'agent' },
} satisfies Record<string, Pick<Draft, 'importance' | 'confidence' | 'place' | 'evidence'>>;
export type Worth = keyof typeof worths;

export function makeDraft(
  worth: Worth,
  { number }: Turn,
  type: ObservationType,
  title: string,
  more: Partial<Draft>,
): Draft {
  return {
    type,
    title,
    description: '',
    body: '',
    facts: [],
    concepts: [],
    aliases: [],
    cites: [],
    supersedes: [],
    contradicts: [],
    turn: number,
    ...worths[worth],
    ...more,
  };
}
