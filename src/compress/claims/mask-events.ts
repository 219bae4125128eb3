// Final masking of a claim's events: answers to questions for a password, and values found anywhere in the session.
import { mapTexts } from '../../domain/event-texts.ts';
import type { Event } from '../../domain/event.ts';
import { asksForSecret, secretsInAnswer } from '../../privacy/answers.ts';
import type { CompressTools } from './dependencies.ts';

type MaskTools = Pick<CompressTools, 'redact' | 'secrets'>;

/**
 * Redacts events in order: first each separately, then with values found in the others. `before` may hold the question of the first
 * event.
 */
export function maskEvents(events: readonly Event[], before: readonly Event[], tools: MaskTools): Event[] {
  let asked = '';
  const listen = (event: Event): void => {
    if (event.kind === 'text') asked = event.text;
    else if (event.kind === 'prompt') asked = '';
  };
  before.forEach(listen);
  const masked = events.map((event) => {
    const answered = maskAnswer(event, asked, tools);
    listen(event);
    return mapTexts(answered, (text) => tools.redact(text).text);
  });
  return maskLearned(masked, tools);
}

/** Masks values found since in events stored earlier. */
export function maskLearned(events: readonly Event[], { secrets }: Pick<CompressTools, 'secrets'>): Event[] {
  return events.map((event) => mapTexts(event, (text) => secrets?.mask(text) ?? text));
}

/** Question and answer are in one event, or in a text and the prompt after it. */
function maskAnswer(event: Event, asked: string, tools: Pick<CompressTools, 'secrets'>): Event {
  if (event.kind !== 'answer' && event.kind !== 'external' && event.kind !== 'prompt') return event;
  const isAnswer = event.kind === 'answer';
  const question = isAnswer
    ? `${event.subject ?? ''}: ${event.question}`
    : event.kind === 'external'
      ? event.input
      : asked;
  if (!asksForSecret(question)) return event;
  // An option that was offered may be the secret as well; words offered are rather kinds of it.
  const offered = isAnswer ? (event.others ?? []).filter((label) => /\d/.test(label)) : [];
  const values = [isAnswer ? event.answer : event.text, ...offered].flatMap(secretsInAnswer);
  if (values.length === 0) return event;
  tools.secrets?.learn(values);
  const mask = (text: string): string =>
    values.reduce((rest, value) => rest.replaceAll(value, '[REDACTED:password]'), text);
  return mapTexts(event, mask);
}
