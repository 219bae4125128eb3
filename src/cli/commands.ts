import type { Entry } from './command.ts';

/** What the CLI can do: the summaries are its help, the loaders its lazy parts. */
export const commands: Readonly<Record<string, Entry>> = {
  init: { group: 'start', summary: 'Give this repository a memory', load: () => import('./init.ts') },
  install: {
    group: 'start',
    summary: 'Install the plugin into Claude Code on this machine',
    load: () => import('./install.ts'),
  },
  uninstall: {
    group: 'start',
    summary: 'Take the plugin out of Claude Code again',
    load: () => import('./uninstall.ts'),
  },
  status: { group: 'read', summary: 'What this memory holds, and how it is set up', load: () => import('./status.ts') },
  stats: { group: 'read', summary: 'What this memory costs and saves', load: () => import('./stats.ts') },
  list: { group: 'read', summary: 'List records, newest first', load: () => import('./list.ts') },
  search: { group: 'read', summary: 'Find records by question, word, file, date', load: () => import('./search.ts') },
  index: {
    group: 'machine',
    summary: 'Index records, and give them vectors where search by meaning is on',
    load: () => import('./index-command.ts'),
  },
  show: { group: 'read', summary: 'Print whole records', load: () => import('./show.ts') },
  timeline: {
    group: 'read',
    summary: 'What came before and after a record, a question or a date',
    load: () => import('./timeline.ts'),
  },
  view: { group: 'read', summary: 'Look at the memory in the browser', load: () => import('./view.ts') },
  context: { group: 'read', summary: 'Print the block that a session starts with', load: () => import('./context.ts') },
  add: {
    group: 'write',
    summary: 'Write a record by hand, or one that replaces another',
    load: () => import('./add.ts'),
  },
  forget: {
    group: 'write',
    summary: 'Remove a record and bar it from being learned again',
    load: () => import('./forget.ts'),
  },
  import: {
    group: 'write',
    summary: 'Take over what other tools, transcripts, decision records and git already know',
    load: () => import('./import.ts'),
  },
  compress: { group: 'write', summary: 'Turn captured events into records now', load: () => import('./compress.ts') },
  compact: { group: 'write', summary: 'Fold old local records into digests', load: () => import('./compact.ts') },
  pause: { group: 'write', summary: 'Remember nothing of this session for now', load: () => import('./pause.ts') },
  resume: {
    group: 'write',
    summary: 'Remember again',
    load: async () => ({ command: (await import('./pause.ts')).resume }),
  },
  redact: {
    group: 'machine',
    summary: 'Filter standard input: secrets and private passages out',
    load: () => import('./redact.ts'),
  },
  stage: {
    group: 'git',
    summary: "Put this branch's shared records into git's index",
    load: () => import('./stage.ts'),
  },
  adopt: { group: 'git', summary: 'Move records of another branch to this one', load: () => import('./adopt.ts') },
  share: { group: 'git', summary: 'Move local records to where git sees them', load: () => import('./share.ts') },
  unshare: {
    group: 'git',
    summary: 'Move shared records to this machine alone',
    load: async () => ({ command: (await import('./share.ts')).unshare }),
  },
  check: {
    group: 'git',
    summary: 'What records cite that no longer stands, and why',
    load: () => import('./check.ts'),
  },
  confirm: {
    group: 'git',
    summary: "Say that a record still holds: cite today's lines",
    load: () => import('./confirm.ts'),
  },
  why: { group: 'git', summary: 'Records and commits that explain a file or a line', load: () => import('./why.ts') },
  log: { group: 'git', summary: 'The memory’s history', load: () => import('./log.ts') },
  at: { group: 'git', summary: 'The memory as it stood at a revision', load: () => import('./at.ts') },
  diff: { group: 'git', summary: 'How the memory differs between revisions', load: () => import('./diff.ts') },
  'install-git-hooks': {
    group: 'git',
    summary: 'Take records along with every commit',
    load: () => import('./install-git-hooks.ts'),
  },
  'git-hook': { group: 'git', summary: 'What the installed git hooks call', load: () => import('./git-hook.ts') },
  prune: { group: 'git', summary: 'Delete records that have had their day', load: () => import('./prune.ts') },
  review: {
    group: 'git',
    summary: 'What a branch brings to the memory, for a person',
    load: () => import('./review.ts'),
  },
  lint: {
    group: 'git',
    summary: 'The gate: what must not be committed or merged',
    load: () => import('./lint.ts'),
  },
  trust: { group: 'git', summary: 'Trust records that came from elsewhere', load: () => import('./trust.ts') },
  'agents-md': {
    group: 'write',
    summary: 'Write the best of the memory into AGENTS.md, for agents without hooks',
    load: () => import('./agents-md.ts'),
  },
  mcp: { group: 'machine', summary: 'Serve the memory to an agent over MCP', load: () => import('./mcp.ts') },
  settings: { group: 'machine', summary: 'Show or change settings', load: () => import('./settings.ts') },
  completion: {
    group: 'machine',
    summary: 'Print a completion script for your shell',
    load: () => import('./completion.ts'),
  },
  doctor: { group: 'machine', summary: 'Find out what is wrong, and what to do', load: () => import('./doctor.ts') },
};
