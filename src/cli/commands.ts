import type { Command, Entry } from './command.ts';

/** What a file of commands exports: one, or several by their names. */
type Module = { command: Command } | { commands: Readonly<Record<string, Command>> };
type Row = readonly [summary: string, load: () => Promise<Module>];

/** What the CLI can do, as its help lists it; each command is loaded when it is called. */
const table = {
  Start: {
    init: ['Give this repository a memory', () => import('./init.ts')],
    install: ['Install the plugin into Claude Code on this machine', () => import('./install.ts')],
    uninstall: ['Take the plugin out of Claude Code again', () => import('./install.ts')],
  },
  Read: {
    status: ['What this memory holds, and how it is set up', () => import('./reports.ts')],
    stats: ['What this memory costs and saves', () => import('./reports.ts')],
    list: ['List records, newest first', () => import('./search.ts')],
    search: ['Find records by question, word, file, date', () => import('./search.ts')],
    show: ['Print whole records', () => import('./read.ts')],
    timeline: ['What came before and after a record, a question or a date', () => import('./read.ts')],
    view: ['Look at the memory in the browser', () => import('./view.ts')],
    context: ['Print the block that a session starts with', () => import('./context.ts')],
  },
  Write: {
    add: ['Write a record by hand, or one that replaces another', () => import('./add.ts')],
    forget: ['Remove a record and bar it from being learned again', () => import('./upkeep.ts')],
    import: [
      'Take over what other tools, transcripts, decision records and git already know',
      () => import('./import.ts'),
    ],
    compress: ['Turn captured events into records now', () => import('./compress.ts')],
    compact: ['Fold old local records into digests', () => import('./upkeep.ts')],
    pause: ['Remember nothing of this session for now', () => import('./pause.ts')],
    resume: ['Remember again', () => import('./pause.ts')],
    'agents-md': [
      'Write the best of the memory into AGENTS.md, for agents without hooks',
      () => import('./context.ts'),
    ],
  },
  Git: {
    stage: ["Put this branch's shared records into git's index", () => import('./sharing.ts')],
    adopt: ['Move records of another branch to this one', () => import('./sharing.ts')],
    share: ['Move local records to where git sees them', () => import('./sharing.ts')],
    unshare: ['Move shared records to this machine alone', () => import('./sharing.ts')],
    check: ['What records cite that no longer stands, and why', () => import('./upkeep.ts')],
    confirm: ["Say that a record still holds: cite today's lines", () => import('./upkeep.ts')],
    why: ['Records and commits that explain a file or a line', () => import('./why.ts')],
    log: ['The memory’s history', () => import('./history.ts')],
    at: ['The memory as it stood at a revision', () => import('./read.ts')],
    diff: ['How the memory differs between revisions', () => import('./history.ts')],
    'install-git-hooks': ['Take records along with every commit', () => import('./install-git-hooks.ts')],
    'git-hook': ['What the installed git hooks call', () => import('./git-hook.ts')],
    prune: ['Delete records that have had their day', () => import('./upkeep.ts')],
    review: ['What a branch brings to the memory, for a person', () => import('./review.ts')],
    lint: ['The gate: what must not be committed or merged', () => import('./lint.ts')],
    trust: ['Trust records that came from elsewhere', () => import('./review.ts')],
  },
  'This machine': {
    index: ['Index records, and give them vectors where search by meaning is on', () => import('./compress.ts')],
    redact: ['Filter standard input: secrets and private passages out', () => import('./pause.ts')],
    mcp: ['Serve the memory to an agent over MCP', () => import('./view.ts')],
    settings: ['Show or change settings', () => import('./settings.ts')],
    completion: ['Print a completion script for your shell', () => import('./completion.ts')],
    doctor: ['Find out what is wrong, and what to do', () => import('./reports.ts')],
  },
} satisfies Record<string, Record<string, Row>>;

const rows = Object.values(table).flatMap((group) => Object.entries<Row>(group));

export const commands: Readonly<Record<string, Entry>> = Object.fromEntries(
  rows.map(([name, [summary, loadModule]]) => {
    const load = async (): Promise<Command> => {
      const module = await loadModule();
      return 'command' in module ? module.command : module.commands[name]!;
    };
    return [name, { summary, load }];
  }),
);

/** Heading → its commands and what each does. */
export const groups = Object.entries(table).map(
  ([heading, group]) =>
    [heading, Object.entries<Row>(group).map(([name, [summary]]) => [name, summary] as const)] as const,
);
