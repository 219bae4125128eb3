import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { worktreesOf } from '../memory/env-files.ts';
import { openMemory } from '../memory/open.ts';
import { makeRedactor, redactorWith, type Redactor } from '../memory/redactor.ts';
import { knownValuesIn } from '../memory/secrets-here.ts';
import { loadSettings } from '../settings/settings.ts';
import { userFolder } from '../settings/user-folder.ts';
import { findMemory, findWorktree, placeFor, settingsName, startFolders } from '../store/locate.ts';
import { defineCommand } from './command.ts';

export const command = defineCommand({
  usage: 'redact [--json] < TEXT',
  details: 'The same filter that everything passes before it is written. Works anywhere, with or without a memory.',
  options: { json: 'print { text, findings: [{ rule, start, end }] }' },
  async run({ env, print, answer }) {
    const redactor = await redactorHere(env);
    const { text, findings } = redactor.explain(readFileSync(0, 'utf8'));
    return answer({ text, findings }, () => print.write(text));
  },
});

async function redactorHere(env: Env): Promise<Redactor> {
  const paths = findMemory(startFolders(env.cwd, env.vars), env.home);
  if (paths) return makeRedactor(await openMemory(env, paths));
  const userFile = join(userFolder(env), settingsName);
  const { settings } = await loadSettings({ userFile, vars: env.vars, projectIsTrusted: false });
  const top = findWorktree(env.cwd || '/', env.home);
  const worktrees = top === undefined ? [] : worktreesOf(placeFor(top, env.home));
  return redactorWith({ env, settings, knownValues: knownValuesIn(worktrees, env.vars) });
}
