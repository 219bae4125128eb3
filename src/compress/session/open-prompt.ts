// The prompt that a session ends with unanswered, and the question that it answers. Pure.
import type { PreparedSession } from './prepared-session.ts';

export interface OpenPrompt {
  /** Of its turn. */
  number: number;
  prompt: string;
  /** What the agent had asked before a short prompt; '' where it asked nothing. */
  asked: string;
}

/** A longer prompt is understood alone. */
const shortMaxChars = 60;
const toldMaxChars = 300;

export function openPrompt({ turns, end }: PreparedSession): OpenPrompt | undefined {
  const { number = 0, prompt = '' } = turns.at(-1) ?? {};
  if (end.isAnswered || prompt === '') return undefined;
  const said = prompt.length > shortMaxChars ? [] : (turns.at(-2)?.closing ?? '').split(/(?<=[.!?。！？])\s+|\n/u);
  const at = said.findLastIndex((sentence) => /[?？]\W*$/.test(sentence));
  const asked = said.slice(Math.max(0, at - 1), at + 1).join(' ');
  return { number, prompt, asked: asked.trim() };
}

/** `"yes please", to "Shall I copy it?"` */
export function tellPrompt({ prompt, asked }: OpenPrompt): string {
  const told = [prompt, asked].map((text) => `"${text.replace(/\s+/g, ' ').slice(0, toldMaxChars)}"`);
  return asked === '' ? told[0]! : told.join(', to ');
}
