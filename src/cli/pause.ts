import { setPause } from '../capture/pauses.ts';
import { findMemoryHere } from '../memory/open.ts';
import { defineCommand, type Command } from './command.ts';

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

const command = switchCommand(
  'pause',
  'Nothing that happens until `repomem resume` becomes a record, whenever it is compressed.',
);
const resumeCommand = switchCommand('resume');

export const commands = { pause: command, resume: resumeCommand };
