import { jsonOption, textOf, type Command } from './command.ts';
import { setPause } from '../capture/pauses.ts';
import { openMemory } from '../memory/open.ts';

const options = {
  session: {
    type: 'string',
    value: 'ID',
    describe: 'one session only; default: the one that runs this command, else all',
  },
  json: jsonOption,
} as const;

function switchCommand(name: 'pause' | 'resume'): Command {
  const isPause = name === 'pause';
  return {
    usage: `${name} [--session ID]`,
    ...(isPause && {
      details: 'Nothing that happens until `repomem resume` becomes a record, whenever it is compressed.',
    }),
    maxWords: 0,
    wordsHint: ([session = 'ID']) => `one session only: repomem ${name} --session ${session}`,
    options,
    async run({ env, print }, values) {
      const { paths } = await openMemory(env);
      const session = textOf(values, 'session') ?? env.vars['CLAUDE_CODE_SESSION_ID'];
      const whose = session === undefined ? 'this repository' : `session ${session}`;
      const changed = setPause(paths, session, isPause, env.now());
      if (values['json']) print.json({ isPaused: isPause, session: session ?? null, changed });
      else if (isPause)
        print.out(changed ? `Paused: ${whose} is not remembered until repomem resume.` : `Paused already: ${whose}.`);
      else print.out(changed ? `Resumed: ${whose} is remembered again.` : 'Nothing was paused.');
      return changed ? 0 : 1;
    },
  };
}

export const command = switchCommand('pause');
export const resume = switchCommand('resume');
