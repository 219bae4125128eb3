import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type HostName, hosts, loadSetup } from '../agents/hosts.ts';
import { keepConsent } from '../learn/consent.ts';
import { openMemory } from '../memory/open.ts';
import { checkSharing } from '../setup/doctor-sharing.ts';
import { findHosts } from '../setup/hosts-here.ts';
import { findInitRoot, initRepository, undoInit } from '../setup/init.ts';
import { isPluginHere, programName } from '../setup/machine.ts';
import { findMemory, placeFor } from '../store/locate.ts';
import { askYes, consentOption, hasTerminal, settleConsent } from './ask.ts';
import { defineCommand, usageError, type CliContext } from './command.ts';
import { changeHostFiles, initNames, parseAgents } from './init-files.ts';

export const command = defineCommand({
  usage: 'init [--agent NAME…]',
  details:
    'Makes .claude-mem/ at the top of the working tree (without git: in this folder). Nothing that exists is changed, and\n' +
    'nothing is committed. It asks once on a terminal; elsewhere calling it is the answer.\n' +
    `With --agent it also writes the files that this agent reads from a repository, for a team to commit: ${initNames.join(', ')}.\n` +
    'Who has no repomem installed notices nothing of them.',
  words: { max: 0, hint: 'it works on the repository of the working directory' },
  options: {
    agent: { type: 'list', value: 'NAME', describe: 'also write hooks and MCP server for this agent' },
    yes: { type: 'flag', short: 'y', describe: 'do not ask' },
    hooks: 'also write hooks into .claude/settings.json, for those who want no plugin',
    mcp: 'also write the MCP server into .mcp.json',
    provider: consentOption,
    undo: 'take back what init wrote; the memories stay',
    'forget-memories': 'with --undo: delete the memories too',
  },
  async run(context, values) {
    const { env, print, isJson } = context;
    const { agent, yes, hooks, mcp, provider, undo, 'forget-memories': forgetMemories } = values;
    const named = parseAgents(agent);
    if (undo) return named.length > 0 ? undoAgents(context, named) : undoAll(context, yes, forgetMemories);
    if (forgetMemories) throw usageError('repomem init: --forget-memories goes with --undo');
    const root = findInitRoot(env);
    const isNew = findMemory([root], env.home)?.root !== root;
    if (isNew && !yes && !(await askYes(`Make a memory in ${root}/.claude-mem?`, print.err)))
      return context.answer({ root, written: [], isNew: false }, ['Nothing was written.'], 1);
    const { paths, written } = initRepository(env, root);
    const agents = named.length > 0 || yes || !isNew ? named : await askAgents(context, root);
    written.push(...(await changeHostFiles(env, root, 'add', agents)));
    const asked = [...(hooks ? ['.claude/settings.json'] : []), ...(mcp ? ['.mcp.json'] : [])];
    written.push(...(await changeHostFiles(env, root, 'add', ['claude-code'], (path) => asked.includes(path))));
    if (isJson) {
      if (provider !== undefined) await keepConsent(env, provider);
      return context.answer({ root, written, isNew }, []);
    }
    for (const file of written) print.out(`Written: ${join(root, file)}`);
    print.out(written.length > 0 ? `This repository has a memory: ${root}` : `Nothing to do: ${root} has its memory.`);
    if (!paths.worktree)
      print.out('There is no git here: it works, but nothing is shared, reviewed or told apart by branch.');
    else if (written.length > 0) print.out('Commit .claude-mem/ to share it: git add .claude-mem');
    for (const { what, cure } of checkSharing(paths)) print.err(`${what}\n    ${cure ?? ''}`);
    for (const name of agents) {
      const { next, caveat } = await loadSetup(name);
      for (const line of next) print.out(line);
      if (caveat) print.out(`${hosts[name].title}: ${caveat}.`);
    }
    if (!hooks && agents.length === 0 && !isPluginHere(env))
      print.out(`The plugin, once for each machine: ${programName(env)} install`);
    await settleConsent(env, print, provider, !yes);
    if (isNew) await offerImport(context, root);
    return 0;
  },
});

/** What people already have is said at once: the host deletes its transcripts. A look that fails is no matter of init. */
async function offerImport({ env, print }: CliContext, root: string): Promise<void> {
  try {
    const { findSources } = await import('../import/import-source.ts');
    const found = await findSources(await openMemory(env, findMemory([root], env.home)));
    const told = found
      .filter(({ count }) => count > 0)
      .map(({ source, count, unit, note }) =>
        source === 'sessions'
          ? `${count} ${unit} of this repository${note === undefined ? '' : `, ${note.split(';')[0]}`}`
          : `${count} ${unit} (${source})`,
      );
    if (told.length > 0) print.out(`There is a memory to begin with: ${told.join('; ')}. See: repomem import`);
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
  const isWanted = await askYes(`Also write the files that ${titles} read from a repository?`, print.err);
  return isWanted ? found : [];
}

async function undoAgents({ env, answer }: CliContext, names: readonly HostName[]): Promise<number> {
  const root = findInitRoot(env);
  const removed = await changeHostFiles(env, root, 'remove', names);
  const nothing = `Nothing to take back: ${root} has no files for ${names.join(', ')}.`;
  return answer({ root, removed }, removed.length > 0 ? removed.map((file) => `Taken back: ${file}`) : [nothing]);
}

async function undoAll({ env, print, answer }: CliContext, isYes: boolean, forgetMemories: boolean): Promise<number> {
  const found = findMemory([env.cwd], env.home);
  const root = found?.root ?? findInitRoot(env);
  const left = placeFor(root, env.home);
  // An earlier --undo took the settings, which make a folder a memory, and left the records.
  const paths = found ?? (forgetMemories && existsSync(left.memoryDir) ? left : undefined);
  const question = forgetMemories
    ? `Delete the memory of ${root} with all its records?`
    : `Take the memory of ${root} away?`;
  if (!isYes && !(await askYes(question, print.err)))
    return answer({ root, removed: [], kept: [] }, ['Nothing was removed.'], 1);
  const { removed, kept } = paths ? undoInit(env, paths, { forgetMemories }) : { removed: [], kept: [] };
  removed.push(...(await changeHostFiles(env, root, 'remove', initNames)));
  return answer({ root, removed, kept }, [
    ...removed.map((file) => `Taken back: ${file}`),
    ...kept.map((file) => `Kept, because somebody changed it: ${file}`),
    removed.length === 0 && `Nothing to take back: ${root} has no memory.`,
    removed.length > 0 && !forgetMemories && 'The records stay where they are; --forget-memories deletes them too.',
  ]);
}
