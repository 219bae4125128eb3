// The one question of install and init: who writes the records. One key says yes; nothing is spent without it.
import { RepomemError } from '../domain/errors.ts';
import { consentHint, consentQuestion, isToBeAsked, keepConsent, type Consent } from '../learn/consent.ts';
import { textOf, type CliContext, type Values } from './command.ts';

export const consentOption = {
  type: 'string',
  value: 'claude|extractive',
  describe: 'who writes the records: your own Claude, or rules alone; without it you are asked on a terminal',
} as const;

const said = {
  claude: 'Records are written by your own Claude, once a session; repomem stats shows what it costs.',
  extractive: 'Records are written by rules alone; repomem settings provider claude changes it.',
} satisfies Record<Consent, string>;

/** Throws RepomemError `usage` on an unknown answer, before anything is done. */
export function readConsent(values: Values): Consent | undefined {
  const given = textOf(values, 'provider');
  if (given === undefined || given === 'claude' || given === 'extractive') return given;
  throw new RepomemError('usage', `--provider: expected claude or extractive; got '${given}'`, {
    hint: 'others: repomem settings provider NAME',
  });
}

/** Keeps the answer that was given, or asks for it where somebody can answer and has not. */
export async function settleConsent(
  { env, print }: CliContext,
  given: Consent | undefined,
  { asks = true } = {},
): Promise<void> {
  if (given === undefined && !(await isToBeAsked(env))) return;
  const answer = given ?? (asks ? await askKey((text) => print.err(text)) : undefined);
  if (answer === undefined) return print.out(`No model is asked: ${consentHint}`);
  await keepConsent(env, answer);
  print.out(said[answer]);
}

/** Undefined where nobody can answer, or nobody did. */
async function askKey(prompt: (text: string) => void): Promise<Consent | undefined> {
  const { stdin } = process;
  if (stdin.isTTY !== true) return undefined;
  stdin.setRawMode(true);
  stdin.resume();
  try {
    prompt(`${consentQuestion}\n[y] Claude  [n] rules alone`);
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
