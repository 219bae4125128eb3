import { hookCommand, hooksFile, serverCommand, serverFile, together, type HostSetup } from '../host-files.ts';

/** Seconds; Qwen reads values from 1000 as milliseconds. */
const timeout = 10;
const events = [
  'SessionStart',
  'UserPromptSubmit',
  'PostToolUse',
  'PostToolUseFailure',
  'SubagentStop',
  'Stop',
  'PreCompact',
  'SessionEnd',
];
/** Qwen adds its settings version to a file without one. */
const base = { $version: 4 };
const path = '.qwen/settings.json';

const table = Object.fromEntries(
  events.map((event) => [event, [{ hooks: [{ type: 'command', command: hookCommand('qwen', event), timeout }] }]]),
);

export const setup: HostSetup = {
  files: () => [together(hooksFile(path, table, base), serverFile([path], 'mcpServers', serverCommand, base))],
  programs: ['qwen'],
  homes: ['.qwen'],
  next: ['Qwen Code reads .qwen/settings.json at its next start; it asks nothing.'],
};
