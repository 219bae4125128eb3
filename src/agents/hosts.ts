// The table of hosts: one folder and one row each. Code is loaded per row, so that one host does not load the others.
import type { Host, HostName } from './agent.ts';
import type { HostSetup } from './host-setup.ts';
import { at, firstText, isFields } from './json-fields.ts';

interface HostRow {
  /** Display name. */
  title: string;
  load(): Promise<{ host: Host }>;
  setup(): Promise<{ setup: HostSetup }>;
  /** Part of the path of its transcripts: distinguishes payloads of hosts with the same dialect. */
  transcripts?: string;
  /** Keys that only its payloads have. */
  keys?: readonly string[];
  /** Set in the environment of its hooks. */
  variable?: string;
}

export const hosts = {
  'claude-code': {
    title: 'Claude Code',
    load: async () => ({ host: (await import('./claude-code/host.ts')).claudeCode }),
    setup: () => import('./claude-code/setup.ts'),
    transcripts: '/.claude/',
    variable: 'CLAUDECODE',
  },
  qwen: {
    title: 'Qwen Code',
    load: () => import('./qwen/host.ts'),
    setup: () => import('./qwen/setup.ts'),
    transcripts: '/.qwen/',
    variable: 'QWEN_CODE_SESSION_ID',
  },
  codex: {
    title: 'Codex CLI',
    load: () => import('./codex/host.ts'),
    setup: () => import('./codex/setup.ts'),
    transcripts: '/.codex/',
    keys: ['turn_id'],
  },
  copilot: {
    title: 'GitHub Copilot CLI',
    load: () => import('./copilot/host.ts'),
    setup: () => import('./copilot/setup.ts'),
    transcripts: '/.copilot/',
    keys: ['toolResult', 'tool_result', 'initialPrompt', 'initial_prompt'],
    variable: 'COPILOT_CLI',
  },
  gemini: {
    title: 'Gemini CLI',
    load: () => import('./gemini/host.ts'),
    setup: () => import('./gemini/setup.ts'),
    transcripts: '/.gemini/',
    variable: 'GEMINI_SESSION_ID',
  },
  opencode: { title: 'OpenCode', load: () => import('./opencode/host.ts'), setup: () => import('./opencode/setup.ts') },
  pi: { title: 'Pi', load: () => import('./pi/host.ts'), setup: () => import('./pi/setup.ts') },
  cline: { title: 'Cline', load: () => import('./cline/host.ts'), setup: () => import('./cline/setup.ts') },
  cursor: {
    title: 'Cursor',
    load: () => import('./cursor/host.ts'),
    setup: () => import('./cursor/setup.ts'),
    keys: ['cursor_version'],
    variable: 'CURSOR_VERSION',
  },
  openclaw: { title: 'OpenClaw', load: () => import('./openclaw/host.ts'), setup: () => import('./openclaw/setup.ts') },
  protocol: {
    title: "repomem's own hook protocol",
    load: () => import('./protocol/host.ts'),
    setup: () => import('./protocol/setup.ts'),
  },
} as const satisfies Record<HostName, HostRow>;

const rows: readonly [HostName, HostRow][] = Object.entries(hosts) as [HostName, HostRow][];

export function isHostName(name: string): name is HostName {
  return Object.hasOwn(hosts, name);
}

export const hostNames = Object.keys(hosts) as readonly HostName[];

/**
 * Identifies the host of a payload: the one named in the command, else by the payload itself, else by variables (also inherited by
 * hosts started inside another host), else Claude Code, whose dialect most others use.
 */
export function findHost(
  named: string,
  payload: unknown,
  vars: Readonly<Record<string, string | undefined>> = {},
): HostName {
  if (isHostName(named)) return named;
  const transcript = firstText(payload, 'transcript_path', 'transcriptPath');
  const told = rows.find(
    ([, row]) =>
      (row.transcripts !== undefined && transcript.includes(row.transcripts)) ||
      (isFields(payload) && row.keys?.some((key) => at(payload, key) !== undefined)),
  );
  if (told) return told[0];
  // Claude Code's payloads name their transcript.
  const isPlain = vars['CLAUDECODE'] !== undefined && transcript !== '';
  const set = isPlain
    ? undefined
    : rows.find(([name, row]) => name !== 'claude-code' && row.variable !== undefined && vars[row.variable]);
  return set?.[0] ?? 'claude-code';
}

export async function loadHost(name: HostName): Promise<Host> {
  return (await hosts[name].load()).host;
}

export async function loadSetup(name: HostName): Promise<HostSetup> {
  return (await hosts[name].setup()).setup;
}

/** Loads all hosts, for the compressor: sessions may come from any host. */
export async function loadHosts(): Promise<ReadonlyMap<HostName, Host>> {
  return new Map(await Promise.all(hostNames.map(async (name) => [name, await loadHost(name)] as const)));
}
