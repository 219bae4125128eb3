import { hookCommand, hooksFile, serverCommand, serverFile, type HostSetup } from '../host-files.ts';

/** Cursor's event → ours. */
const events = {
  sessionStart: 'SessionStart',
  beforeSubmitPrompt: 'UserPromptSubmit',
  postToolUse: 'PostToolUse',
  postToolUseFailure: 'PostToolUseFailure',
  afterAgentResponse: 'PostToolUse',
  stop: 'Stop',
  preCompact: 'PreCompact',
  sessionEnd: 'SessionEnd',
};

const table = Object.fromEntries(
  Object.entries(events).map(([event, ours]) => [event, [{ command: hookCommand('cursor', ours), timeout: 10 }]]),
);

export const setup: HostSetup = {
  files: () => [
    hooksFile('.cursor/hooks.json', table, { version: 1 }),
    serverFile(['.cursor/mcp.json'], 'mcpServers', serverCommand),
  ],
  programs: ['cursor', 'cursor-agent'],
  homes: ['.cursor'],
  next: ['Cursor runs project hooks in a trusted workspace.'],
  caveat: 'written from its documentation, not tried with the client',
};
