// Values of this machine that must not be kept.
import { knownValuesFrom } from '../privacy/known-values.ts';
import { findSecrets, recurringValues } from '../privacy/redact.ts';
import { readEnvFiles, worktreesOf } from './env-files.ts';
import type { Memory } from './open.ts';

/** Secrets that this machine knows: of the repository's files of values, in every working tree of it, and of variables. */
export function readKnownValues({ env, paths }: Pick<Memory, 'env' | 'paths'>): string[] {
  return knownValuesIn(worktreesOf(paths), env.vars);
}

export function knownValuesIn(
  worktrees: readonly string[],
  vars: Readonly<Record<string, string | undefined>>,
): string[] {
  const files = readEnvFiles(worktrees);
  // A login in .netrc or a token in .npmrc is no `NAME=value`, and is found all the same.
  const found = files.flatMap(({ text }) => recurringValues(text, findSecrets(text)));
  return [...new Set([...knownValuesFrom(files, vars), ...found])];
}
