// What git's side of the memory costs: the hook that a commit waits for, and the question that a person asks.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Process } from './measure.ts';
import { runOnce } from './measure.ts';
import { warmUp, worldOf } from './worlds.ts';

export function whyProcess(): () => Process {
  const recordSet = worldOf(2_000);
  const ask = recordSet.repomem('why', 'src/part-3.ts:5');
  warmUp(ask);
  return () => ask;
}

/** Five new records beside a staged change; each round finds them unstaged again. */
export function preCommitProcess(): () => Process {
  const recordSet = worldOf(5);
  const git = (...args: string[]): void => void execFileSync('git', args, { cwd: recordSet.dir, env: recordSet.env });
  warmUp(recordSet.repomem('install-git-hooks'));
  for (const subject of ['queue', 'token', 'parser', 'socket', 'cache'])
    runOnce(
      recordSet.repomem(
        'add',
        `What the ${subject} needs to know`,
        '-t',
        'gotcha',
        '-f',
        'src/part-1.ts:1-9',
        '--force',
      ),
    );
  writeFileSync(join(recordSet.dir, 'src/part-0.ts'), 'export const changed = true;\n');
  return () => {
    git('reset', '-q');
    git('add', 'src/part-0.ts');
    return {
      program: 'sh',
      args: [join(recordSet.gitDir, 'hooks/pre-commit')],
      cwd: recordSet.dir,
      env: recordSet.env,
    };
  };
}
