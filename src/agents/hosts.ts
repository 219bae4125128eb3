// The table of hosts: one folder and one row each. Code is loaded per row, so that one host does not load the others.
import type { HostSetup } from './host-files.ts';
import type { Host } from './agent.ts';
import { at, firstText, isFields } from './json-fields.ts';

interface HostRow {
  /** Display name. */
  title: string;
  /** Absent: it uses repomem's own protocol, and has no transcript to read: it is in a database or in a file that is rewritten. */
  load?(): Promise<Host>;
  setup(): Promise<{ setup: HostSetup }>;
  /** The folder of its transcripts, absent: `.` and its name: distinguishes payloads of hosts with the same dialect. */
  folder?: string;
  /** Keys that only its payloads have. */
  keys?: readonly string[];
  /** Set in the environment of its hooks. */
  variable?: string;
}

/** The names are used in records (`agent:`), in `--agent` and in file names of spooled events. */
export const hosts = {
  'claude-code': {
    title: 'Claude Code',
    load: async () => (await import('./claude-code/host.ts')).claudeCode,
    setup: () => import('./claude-code/setup.ts'),
    folder: '.claude',
  },
  qwen: {
    title: 'Qwen Code',
    load: async () => (await import('./qwen/host.ts')).host,
    setup: () => import('./qwen/setup.ts'),
    variable: 'QWEN_CODE_SESSION_ID',
  },
  codex: {
    title: 'Codex CLI',
    load: async () => (await import('./codex/host.ts')).host,
    setup: () => import('./codex/setup.ts'),
    keys: ['turn_id'],
  },
  copilot: {
    title: 'GitHub Copilot CLI',
    load: async () => (await import('./copilot/host.ts')).host,
    setup: () => import('./copilot/setup.ts'),
    keys: ['toolResult', 'tool_result', 'initialPrompt', 'initial_prompt'],
    variable: 'COPILOT_CLI',
  },
  gemini: {
    title: 'Gemini CLI',
    load: async () => (await import('./gemini/host.ts')).host,
    setup: () => import('./gemini/setup.ts'),
    variable: 'GEMINI_SESSION_ID',
  },
  opencode: { title: 'OpenCode', setup: () => import('./opencode/setup.ts') },
  pi: { title: 'Pi', load: async () => (await import('./pi/host.ts')).host, setup: () => import('./pi/setup.ts') },
  cline: { title: 'Cline', setup: () => import('./cline/setup.ts') },
  cursor: {
    title: 'Cursor',
    load: async () => (await import('./cursor/host.ts')).host,
    setup: () => import('./cursor/setup.ts'),
    keys: ['cursor_version'],
    variable: 'CURSOR_VERSION',
  },
  openclaw: { title: 'OpenClaw', setup: () => import('./openclaw/setup.ts') },
  protocol: { title: "repomem's own hook protocol", setup: () => import('./protocol/setup.ts') },
} as const satisfies Record<string, HostRow>;

export type HostName = keyof typeof hosts;

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
    ([name, row]) =>
      transcript.includes(`/${row.folder ?? `.${name}`}/`) ||
      (isFields(payload) && row.keys?.some((key) => at(payload, key) !== undefined)),
  );
  if (told) return told[0];
  // Claude Code's payloads name their transcript.
  if (vars['CLAUDECODE'] !== undefined && transcript !== '') return 'claude-code';
  const set = rows.find(([, { variable }]) => variable !== undefined && vars[variable]);
  return set?.[0] ?? 'claude-code';
}

export async function loadHost(name: HostName): Promise<Host> {
  const { load }: HostRow = hosts[name];
  return load ? load() : (await import('./protocol/speak.ts')).speakProtocol(name);
}

export async function loadSetup(name: HostName): Promise<HostSetup> {
  return (await hosts[name].setup()).setup;
}

/** Loads all hosts, for the compressor: sessions may come from any host. */
export async function loadHosts(): Promise<ReadonlyMap<HostName, Host>> {
  return new Map(await Promise.all(hostNames.map(async (name) => [name, await loadHost(name)] as const)));
}
