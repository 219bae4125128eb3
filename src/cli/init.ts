import { join } from 'node:path';
import { RepomemError } from '../domain/errors.ts';
import { openMemory } from '../memory/open.ts';
import { checkSharing } from '../setup/doctor-sharing.ts';
import { findInitRoot, initRepository, undoInit } from '../setup/init.ts';
import { isPluginHere, programName } from '../setup/program-name.ts';
import { findMemory } from '../store/locate.ts';
import { askYes, hasTerminal } from './ask.ts';
import { jsonOption, listOf, type CliContext, type Command } from './command.ts';
import { consentOption, readConsent, settleConsent } from './consent.ts';
import { keepConsent } from '../learn/consent.ts';
import { hosts, loadSetup } from '../agents/hosts.ts';
import type { HostName } from '../agents/agent.ts';
import { findHosts } from '../setup/hosts-here.ts';
import { changeHostFiles, initNames, parseAgents } from './init-files.ts';

export const command: Command = {
  usage: 'init [--agent NAME…]',
  details:
    'Makes .claude-mem/ at the top of the working tree (without git: in this folder). Nothing that exists is changed, and\n' +
    'nothing is committed. It asks once on a terminal; elsewhere calling it is the answer.\n' +
    `With --agent it also writes the files that this agent reads from a repository, for a team to commit: ${initNames.join(', ')}.\n` +
    'Who has no repomem installed notices nothing of them.',
  options: {
    agent: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      describe: 'also write hooks and MCP server for this agent',
    },
    yes: { type: 'boolean', short: 'y', describe: 'do not ask' },
    hooks: { type: 'boolean', describe: 'also write hooks into .claude/settings.json, for those who want no plugin' },
    mcp: { type: 'boolean', describe: 'also write the MCP server into .mcp.json' },
    provider: consentOption,
    undo: { type: 'boolean', describe: 'take back what init wrote; the memories stay' },
    'forget-memories': { type: 'boolean', describe: 'with --undo: delete the memories too' },
    json: jsonOption,
  },
  async run(context, values, positionals) {
    const { env, print } = context;
    if (positionals.length > 0)
      throw new RepomemError('usage', `repomem init: unexpected '${positionals[0]}'`, {
        hint: 'it works on the repository of the working directory',
      });
    const isYes = values['yes'] === true;
    const consent = readConsent(values);
    const named = parseAgents(listOf(values, 'agent'));
    if (values['undo'] === true)
      return named.length > 0 ? undoAgents(context, named) : undo(context, isYes, values['forget-memories'] === true);
    if (values['forget-memories'] === true)
      throw new RepomemError('usage', 'repomem init: --forget-memories goes with --undo');
    const root = findInitRoot(env);
    const known = findMemory([root], env.home)?.root === root;
    if (!known && !isYes && !(await askYes(`Make a memory in ${root}/.claude-mem?`, (text) => print.err(text)))) {
      print.out('Nothing was written.');
      return 1;
    }
    const { paths, written } = initRepository(env, root);
    const agents = named.length > 0 || isYes || known ? named : await askAgents(context, root);
    written.push(...(await changeHostFiles(env, root, { hosts: agents, way: 'add' })));
    for (const [flag, file] of [
      ['hooks', '.claude/settings.json'],
      ['mcp', '.mcp.json'],
    ] as const)
      if (values[flag] === true)
        written.push(
          ...(await changeHostFiles(env, root, { hosts: ['claude-code'], way: 'add', only: (path) => path === file })),
        );
    if (values['json'] === true) {
      print.json({ root, written, isNew: !known });
      if (consent !== undefined) await keepConsent(env, consent);
      return 0;
    }
    for (const file of written) print.out(`Written: ${join(root, file)}`);
    print.out(written.length > 0 ? `This repository has a memory: ${root}` : `Nothing to do: ${root} has its memory.`);
    if (!paths.worktree)
      print.out('There is no git here: it works, but nothing is shared, reviewed or told apart by branch.');
    if (written.length > 0 && paths.worktree) print.out('Commit .claude-mem/ to share it: git add .claude-mem');
    for (const { what, cure } of checkSharing(paths)) print.err(`${what}\n    ${cure ?? ''}`);
    for (const name of agents) await tellNext(context, name);
    if (values['hooks'] !== true && agents.length === 0 && !isPluginHere(env))
      print.out(`The plugin, once for each machine: ${programName(env)} install`);
    await settleConsent(context, consent, { asks: !isYes });
    if (!known) await offerImport(context, root);
    return 0;
  },
};

/** What people already have is said at once: the host deletes its transcripts. A look that fails is no matter of init. */
async function offerImport({ env, print }: CliContext, root: string): Promise<void> {
  try {
    const paths = findMemory([root], env.home);
    if (paths === undefined) return;
    const { findSources } = await import('../import/import-source.ts');
    const found = (await findSources(await openMemory(env, paths))).filter(({ count }) => count > 0);
    if (found.length === 0) return;
    const told = found.map(({ source, count, unit, note }) => {
      const of = source === 'sessions' ? ' of this repository' : ` (${source})`;
      return `${count} ${unit}${of}${source === 'sessions' && note !== undefined ? `, ${note.split(';')[0]}` : ''}`;
    });
    print.out(`There is a memory to begin with: ${told.join('; ')}. See: repomem import`);
  } catch {
    // Git or the disk: import itself says what is wrong.
  }
}

/** On a terminal, once: the agents that show here or on this machine, all or none. */
async function askAgents({ env, print }: CliContext, root: string): Promise<HostName[]> {
  if (!hasTerminal()) return [];
  const found = (await findHosts(env, root)).filter((name) => name !== 'claude-code');
  if (found.length === 0) return [];
  const titles = found.map((name) => hosts[name].title).join(', ');
  const isWanted = await askYes(`Also write the files that ${titles} read from a repository?`, (text) =>
    print.err(text),
  );
  return isWanted ? found : [];
}

async function tellNext({ print }: CliContext, name: HostName): Promise<void> {
  const { next, caveat } = await loadSetup(name);
  for (const line of next) print.out(line);
  if (caveat) print.out(`${hosts[name].title}: ${caveat}.`);
}

async function undoAgents({ env, print }: CliContext, names: readonly HostName[]): Promise<number> {
  const root = findInitRoot(env);
  const removed = await changeHostFiles(env, root, { hosts: names, way: 'remove' });
  for (const file of removed) print.out(`Taken back: ${file}`);
  if (removed.length === 0) print.out(`Nothing to take back: ${root} has no files for ${names.join(', ')}.`);
  return 0;
}

async function undo({ env, print }: CliContext, isYes: boolean, forgetMemories: boolean): Promise<number> {
  const paths = findMemory([env.cwd], env.home);
  const root = paths?.root ?? findInitRoot(env);
  const what = forgetMemories
    ? `Delete the memory of ${root} with all its records?`
    : `Take the memory of ${root} away?`;
  if (!isYes && !(await askYes(what, (text) => print.err(text)))) {
    print.out('Nothing was removed.');
    return 1;
  }
  const report = paths ? undoInit(env, paths, { forgetMemories }) : { removed: [], kept: [] };
  const files = await changeHostFiles(env, root, { hosts: initNames, way: 'remove' });
  const removed = [...report.removed, ...files];
  for (const file of removed) print.out(`Taken back: ${file}`);
  for (const file of report.kept) print.out(`Kept, because somebody changed it: ${file}`);
  if (removed.length === 0) print.out(`Nothing to take back: ${root} has no memory.`);
  else if (!forgetMemories) print.out('The records stay where they are; --forget-memories deletes them too.');
  return 0;
}
