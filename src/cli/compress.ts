import { join, relative } from 'node:path';
import { hasWork } from '../compress/claims/run-claims.ts';
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { compressMemory, dryRun, type DryRun } from '../learn/compress.ts';
import { embedRecords } from '../meaning/build.ts';
import { findMemoryHere, type Memory, openMemory } from '../memory/open.ts';
import { openRecords } from '../memory/records.ts';
import { mendGitHooks } from '../setup/git-hooks.ts';
import { listWorktrees } from '../store/git-dirs.ts';
import { findMemory } from '../store/locate.ts';
import { defineCommand, type Lines } from './command.ts';
import type { Printer } from './print.ts';

const compressCommand = defineCommand({
  usage: 'compress [--dry-run] [--retry-dead]',
  details:
    'Hooks start this by themselves when a turn or a session ends. By hand it returns when nothing is left to do.',
  options: {
    detached: 'as the hooks start it: leave at once when another one runs, print nothing',
    root: {
      type: 'text',
      value: 'FOLDER',
      describe: 'the folder that holds .claude-mem, instead of the working directory',
    },
    'dry-run': 'print the exact requests that would be sent; ask nobody, write nothing',
    'retry-dead': 'try events again that were set aside',
  },
  async run({ env, print, answer }, { root, detached, 'dry-run': isDry, 'retry-dead': retryDead }) {
    const paths = root === undefined ? undefined : findMemory([root], env.home);
    if (root !== undefined && !paths) throw new RepomemError('no-memory', `${root}: there is no memory here`);
    const memory = await openMemory(env, paths);
    if (isDry) {
      const plan = await dryRun(memory);
      return answer(plan, planLines(print, plan));
    }
    const progress = detached ? undefined : print.progress;
    const report = await compressMemory(memory, { waits: !detached, retryDead, progress });
    if (detached) {
      await finishDetached(env, memory);
      return 0;
    }
    const { records, events, problems, dropped } = report;
    return answer(
      report,
      () => {
        print.out(events === 0 ? 'Nothing to compress.' : `${events} events, ${records.length} records`);
        for (const { id, type, tier, title } of records)
          print.out(`  ${id} ${type.padEnd(12)} ${tier.padEnd(6)} ${title}`);
        for (const { title, reason } of dropped) print.err(`not written: ${title} (${reason})`);
        for (const { code, reason } of problems) print.err(print.warn(`${code}: ${reason}`));
      },
      problems.length > 0 ? 1 : 0,
    );
  },
});

/** What is done while nobody waits. */
async function finishDetached(env: Env, memory: Memory): Promise<void> {
  await compressElsewhere(env, memory.paths);
  // Another program may have written its hooks over ours since.
  mendGitHooks(memory.paths);
  await (await import('../meaning/background.ts')).indexInBackground(env, memory.paths);
}

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

function planLines(print: Printer, { provider, why, requests, tokens }: DryRun): Lines {
  const asked = requests.filter(({ notAsked }) => notAsked === undefined).length;
  return [
    `provider ${provider}: ${why}`,
    `${asked} of ${requests.length} requests would be sent, about ${tokens} tokens in`,
    ...requests.flatMap((one) => [
      `\n${print.bold(`session ${one.session}, ${one.events} events`)}`,
      ...(one.notAsked === undefined
        ? one.body === undefined
          ? []
          : [`to ${one.host}, model ${one.model}, about ${one.tokens} tokens`, JSON.stringify(one.body, null, 2)]
        : [`not sent: ${one.notAsked}`]),
    ]),
  ];
}

const indexCommand = defineCommand({
  usage: 'index',
  details: 'Nobody has to: search indexes what is new by itself, and vectors are made when records are.',
  options: {},
  async run({ env, print, answer }) {
    const how = { everyFile: true, isBackground: true };
    const { memory, recordSet, save } = await openRecords(env, findMemoryHere(env), how);
    save();
    const records = recordSet.table.count;
    const meaning = await embedRecords(memory, recordSet);
    if (meaning?.trouble) print.err(print.warn(meaning.trouble));
    const { done, wanted, made, kept } = meaning ?? { done: 0, wanted: 0, made: 0, kept: 0 };
    const withheld = kept > 0 ? `; ${kept} stay without, the endpoint must not see them` : '';
    return answer(
      { records, ...(meaning && { meaning }) },
      [`${records} records indexed`, meaning && `${done} of ${wanted} have a vector, ${made} of them new${withheld}`],
      meaning?.trouble ? 1 : 0,
    );
  },
});

export const commands = { compress: compressCommand, index: indexCommand };
