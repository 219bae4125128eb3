// The user's consent to a model that writes the records. Without an answer no tokens are spent: the rules write them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { userFolder, userSettingsFile } from '../settings/user-folder.ts';
import { loadUserSettings, type LoadedSettings } from '../settings/settings.ts';
import { makeMark } from '../store/lenient-files.ts';
import { hasClaude } from './model-providers.ts';

/** Total cost of a session in thousands of tokens: the average of recorded sessions of five minutes to three hours. */
const thousandTokens = 12;

export type Consent = 'claude' | 'extractive';

export const consentQuestion =
  `Write records with your own Claude (haiku; about ${thousandTokens} thousand tokens a session, shown in repomem stats; ` +
  'nothing goes anywhere that your session did not go) or with rules alone?';

/** Hint shown when the user has not answered. */
export const consentHint =
  `records are written by rules alone. Your own Claude (haiku; about ${thousandTokens} thousand tokens a session, shown in ` +
  'repomem stats) writes better ones: repomem settings provider claude';

/** Any provider in the user's own settings or in REPOMEM_PROVIDER counts as an answer. */
export function isAnswered({ provider }: Pick<LoadedSettings['sources'], 'provider'>): boolean {
  return provider === 'user' || provider === 'environment';
}

/** Only users with a client are asked. */
export async function isToBeAsked(env: Env): Promise<boolean> {
  if (!hasClaude(env)) return false;
  return !isAnswered((await loadUserSettings(env)).sources);
}

/** Stores the answer in the user's own settings, for all repositories. */
export async function keepConsent(env: Env, provider: string): Promise<void> {
  const { setSetting } = await import('../settings/edit-file.ts');
  await setSetting(userSettingsFile(env), 'provider', provider);
}

/** A hint for the user at the start of a session, shown only once; undefined when it was shown or answered. */
export async function hintOnce(env: Env): Promise<string | undefined> {
  const mark = join(userFolder(env), 'told-provider');
  if (existsSync(mark) || !(await isToBeAsked(env))) return undefined;
  // The mark first: never showing the hint is better than showing it twice.
  if (!makeMark(mark)) return undefined;
  return `repomem: ${consentHint}. Said once.`;
}
