// What is not kept: pauses of the memory, and the filter for secrets.
import { readFileSync } from 'node:fs';
import { setPause } from '../capture/pauses.ts';
import type { Env } from '../domain/env.ts';
import { findMemoryHere, openMemory } from '../memory/open.ts';
import { makeRedactor, type Redactor, redactorWith } from '../memory/redactor.ts';
import { knownValuesIn, worktreesOf } from '../memory/env-files.ts';
import { loadUserSettings } from '../settings/settings.ts';
import { findMemory, findWorktree, placeFor, startFolders } from '../store/locate.ts';
import { type Command, defineCommand } from './command.ts';

function switchCommand(name: 'pause' | 'resume', details?: string): Command {
  const isPaused = name === 'pause';
  return defineCommand({
    usage: `${name} [--session ID]`,
    details,
    words: { max: 0, hint: ([session]) => `one session only: repomem ${name} --session ${session}` },
    options: {
      session: {
        type: 'text',
        value: 'ID',
        describe: 'one session only; default: the one that runs this command, else all',
      },
    },
    run({ env, answer }, { session = env.vars['CLAUDE_CODE_SESSION_ID'] }) {
      const changed = setPause(findMemoryHere(env), session, isPaused, env.now());
      const whose = session === undefined ? 'this repository' : `session ${session}`;
      const told = isPaused
        ? [`Paused already: ${whose}.`, `Paused: ${whose} is not remembered until repomem resume.`]
        : ['Nothing was paused.', `Resumed: ${whose} is remembered again.`];
      return answer({ isPaused, session: session ?? null, changed }, [told[changed ? 1 : 0]], changed ? 0 : 1);
    },
  });
}

const pauseCommand = switchCommand(
  'pause',
  'Nothing that happens until `repomem resume` becomes a record, whenever it is compressed.',
);
const resumeCommand = switchCommand('resume');

const redactCommand = defineCommand({
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
  const { settings } = await loadUserSettings(env);
  const top = findWorktree(env.cwd || '/', env.home);
  const worktrees = top === undefined ? [] : worktreesOf(placeFor(top, env.home));
  return redactorWith({ env, settings, knownValues: knownValuesIn(worktrees, env.vars) });
}

export const commands = { pause: pauseCommand, resume: resumeCommand, redact: redactCommand };
