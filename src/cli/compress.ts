import { join, relative } from 'node:path';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { hasWork } from '../compress/claims/run-claims.ts';
import { jsonOption, textOf, type Command } from './command.ts';
import type { Printer } from './print.ts';
import { RepomemError } from '../domain/errors.ts';
import { compressMemory } from '../learn/compress.ts';
import { dryRun, type DryRun } from '../learn/dry-run.ts';
import { openMemory } from '../memory/open.ts';
import { mendGitHooks } from '../setup/git-hooks.ts';
import { listWorktrees } from '../store/git-dirs.ts';
import { findMemory } from '../store/locate.ts';

export const command: Command = {
  usage: 'compress [--dry-run] [--retry-dead]',
  details:
    'Hooks start this by themselves when a turn or a session ends. By hand it returns when nothing is left to do.',
  maxWords: 0,
  options: {
    detached: {
      type: 'boolean',
      describe: 'as the hooks start it: leave at once when another one runs, print nothing',
    },
    root: {
      type: 'string',
      value: 'FOLDER',
      describe: 'the folder that holds .claude-mem, instead of the working directory',
    },
    'dry-run': { type: 'boolean', describe: 'print the exact requests that would be sent; ask nobody, write nothing' },
    'retry-dead': { type: 'boolean', describe: 'try events again that were set aside' },
    json: jsonOption,
  },
  async run({ env, print }, values) {
    const root = textOf(values, 'root');
    const paths = root === undefined ? undefined : findMemory([root], env.home);
    if (root !== undefined && !paths) throw new RepomemError('no-memory', `${root}: there is no memory here`);
    const memory = await openMemory(env, paths);
    if (values['dry-run'] === true) return printDryRun(print, await dryRun(memory), values['json'] === true);
    const isDetached = values['detached'] === true;
    const report = await compressMemory(memory, {
      waits: !isDetached,
      retryDead: values['retry-dead'] === true,
      ...(!isDetached && { progress: print.progress }),
    });
    if (isDetached) {
      await compressElsewhere(env, memory.paths);
      // Another program may have written its hooks over ours since.
      mendGitHooks(memory.paths);
      await (await import('../memory/warm-up.ts')).warmUp(env, memory.paths);
      await (await import('../meaning/background.ts')).embedInBackground(env, memory);
      return 0;
    }
    if (values['json']) print.json(report);
    else {
      const { records, events, problems, dropped } = report;
      print.out(events === 0 ? 'Nothing to compress.' : `${events} events, ${records.length} records`);
      for (const record of records)
        print.out(`  ${record.id} ${record.type.padEnd(12)} ${record.tier.padEnd(6)} ${record.title}`);
      for (const one of dropped) print.err(`not written: ${one.title} (${one.reason})`);
      for (const problem of problems) print.err(print.warn(`${problem.code}: ${problem.reason}`));
    }
    return report.problems.length > 0 ? 1 : 0;
  },
};

/** What waits in the spools of the repository's other worktrees, whose own sessions may never come back. One that is at work is left alone. */
async function compressElsewhere(env: Env, { commonDir, worktree, root }: MemoryPaths): Promise<void> {
  if (commonDir === undefined || worktree === undefined) return;
  for (const other of listWorktrees(commonDir)) {
    if (other === worktree) continue;
    const paths = findMemory([join(other, relative(worktree, root))], env.home);
    if (paths?.worktree === other && hasWork(paths, env.now()))
      await compressMemory(await openMemory(env, paths), { waits: false });
  }
}

function printDryRun(print: Printer, run: DryRun, isJson: boolean): number {
  if (isJson) {
    print.json(run);
    return 0;
  }
  print.out(`provider ${run.provider}: ${run.why}`);
  const asked = run.requests.filter(({ notAsked }) => notAsked === undefined).length;
  print.out(`${asked} of ${run.requests.length} requests would be sent, about ${run.tokens} tokens in`);
  for (const { session, events, notAsked, host, model, tokens, body } of run.requests) {
    print.out('');
    print.out(print.bold(`session ${session}, ${events} events`));
    if (notAsked !== undefined) print.out(`not sent: ${notAsked}`);
    if (notAsked !== undefined || body === undefined) continue;
    print.out(`to ${host}, model ${model}, about ${tokens} tokens`);
    print.out(JSON.stringify(body, null, 2));
  }
  return 0;
}
