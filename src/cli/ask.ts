// Questions to the person at the terminal. Who writes the records is asked by install and init: one key says yes; nothing is spent without it.
import { createInterface } from 'node:readline/promises';
import type { Env } from '../domain/env.ts';
import { type Consent, consentHint, consentQuestion, isToBeAsked, keepConsent } from '../learn/consent.ts';
import type { Printer } from './print.ts';

/** One question on the terminal, yes by default; true at once where nobody can answer. */
export async function askYes(question: string, prompt: (text: string) => void): Promise<boolean> {
  if (!hasTerminal()) return true;
  prompt(`${question} [Y/n]`);
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return /^(?:y(?:es)?)?$/i.test(line.trim());
    return false;
  } finally {
    lines.close();
  }
}

/** Whether a person can answer. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY === true;
}

export const consentOption = {
  type: 'text',
  oneOf: ['claude', 'extractive'],
  describe: 'who writes the records: your own Claude, or rules alone; without it you are asked on a terminal',
} as const;

const said = {
  claude: 'Records are written by your own Claude, once a session; repomem stats shows what it costs.',
  extractive: 'Records are written by rules alone; repomem settings provider claude changes it.',
} satisfies Record<Consent, string>;

/** Keeps the answer that was given, or asks for it where somebody can answer and has not. */
export async function settleConsent(
  env: Env,
  print: Printer,
  given: Consent | undefined,
  asks: boolean,
): Promise<void> {
  if (given === undefined && !(await isToBeAsked(env))) return;
  const answer = given ?? (asks ? await askKey(print) : undefined);
  if (answer === undefined) return print.out(`No model is asked: ${consentHint}`);
  await keepConsent(env, answer);
  print.out(said[answer]);
}

/** Undefined where nobody can answer, or nobody did. */
async function askKey(print: Printer): Promise<Consent | undefined> {
  const { stdin } = process;
  if (stdin.isTTY !== true) return undefined;
  stdin.setRawMode(true);
  stdin.resume();
  try {
    print.err(`${consentQuestion}\n[y] Claude  [n] rules alone`);
    return await new Promise((resolve) => {
      stdin.on('data', (chunk: Buffer) => {
        const key = chunk.toString('utf8').toLowerCase();
        if (key.startsWith('y')) resolve('claude');
        else if (key.startsWith('n')) resolve('extractive');
        // Escape, Ctrl-C, Ctrl-D, Enter: no answer, no model.
        else if (/^[\u001b\u0003\u0004\r\n]/.test(key)) resolve(undefined);
      });
      stdin.on('end', () => resolve(undefined));
    });
  } finally {
    stdin.setRawMode(false);
    stdin.removeAllListeners('data');
    stdin.pause();
  }
}
