import { hooksFile, hookTable, serverCommand, serverFile, type HostSetup } from '../host-files.ts';

const events = 'SessionStart UserPromptSubmit PostToolUse PostToolUseFailure SubagentStop Stop PreCompact SessionEnd';
// Seconds; Qwen reads values from 1000 as milliseconds.
const table = hookTable('qwen', events, (command) => ({ hooks: [{ type: 'command', command, timeout: 10 }] }));
/** Qwen adds its settings version to a file without one. */
const base = { $version: 4 };
const path = '.qwen/settings.json';

export const setup: HostSetup = {
  files: () => [hooksFile(path, table, base), serverFile([path], 'mcpServers', serverCommand, base)],
  next: ['Qwen Code reads .qwen/settings.json at its next start; it asks nothing.'],
};
