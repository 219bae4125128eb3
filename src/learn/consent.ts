// Whether the user said who writes the records. Nothing is spent before: without an answer the rules write them.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { userFolder } from '../memory/open.ts';
import { loadSettings, type LoadedSettings } from '../settings/settings.ts';
import { settingsName } from '../store/locate.ts';
import { hasClaude } from './model-providers.ts';

/** What a session costs in all, in thousands of tokens: the average of recorded sessions of five minutes to three hours. */
const thousandTokens = 12;

export type Consent = 'claude' | 'extractive';

export const consentQuestion =
  `Write records with your own Claude (haiku; about ${thousandTokens} thousand tokens a session, shown in repomem stats; ` +
  'nothing goes anywhere that your session did not go) or with rules alone?';

/** What to say where nobody answered. */
export const consentHint =
  `records are written by rules alone. Your own Claude (haiku; about ${thousandTokens} thousand tokens a session, shown in ` +
  'repomem stats) writes better ones: repomem settings provider claude';

/** A provider in the user's own settings or in REPOMEM_PROVIDER is an answer, whichever it is. */
export function isAnswered({ provider }: Pick<LoadedSettings['sources'], 'provider'>): boolean {
  return provider === 'user' || provider === 'environment';
}

/** The question is put to those who have a client to say yes with. */
export async function isToBeAsked(env: Env): Promise<boolean> {
  if (!hasClaude(env)) return false;
  const userFile = join(userFolder(env), settingsName);
  const { sources } = await loadSettings({ userFile, vars: env.vars, projectIsTrusted: false });
  return !isAnswered(sources);
}

/** The answer, kept in the user's own settings for all repositories. */
export async function keepConsent(env: Env, provider: string): Promise<void> {
  const { setSetting } = await import('../settings/edit.ts');
  await setSetting(join(userFolder(env), settingsName), 'provider', provider);
}

/** A line for the user at the start of a session, once in a life; undefined when it was said or answered. */
export async function hintOnce(env: Env): Promise<string | undefined> {
  const mark = join(userFolder(env), 'told-provider');
  if (existsSync(mark) || !(await isToBeAsked(env))) return undefined;
  try {
    // The mark stands before the line is said: said twice is worse than said never.
    mkdirSync(userFolder(env), { recursive: true, mode: 0o700 });
    writeFileSync(mark, '', { flag: 'wx', mode: 0o600 });
  } catch {
    return undefined;
  }
  return `repomem: ${consentHint}. Said once.`;
}
