// A draft's statements: its title, and each sentence and fact below it. Pure.
import type { Draft } from '../../domain/draft.ts';

export function sentencesOf(text: string): string[] {
  return text.split(/\n+|(?<=[.!?;])\s+(?=[\p{Lu}\p{Lo}`"'(])|(?<=[。！？])/u).filter((part) => part.trim() !== '');
}

/** Title, description, facts and each sentence of the body. */
export function statementsOf(draft: Pick<Draft, 'title' | 'description' | 'facts' | 'body'>): string[] {
  return [draft.title, ...sentencesOf(draft.description), ...draft.facts, ...sentencesOf(draft.body)];
}

/** Whole sentences only. */
export function keepSentences(text: string, isKept: (sentence: string) => boolean): string {
  const parts = sentencesOf(text);
  return parts.every(isKept) ? text : parts.filter(isKept).join(' ');
}

export function keepParagraphs(body: string, keep: (text: string) => string): string {
  return body
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : keep(line)))
    .filter((line, index, lines) => line !== '' || (index > 0 && lines[index - 1] !== ''))
    .join('\n')
    .trim();
}
