import { hooksFile, hookTable, serverCommand, serverFile, type HostSetup } from '../host-files.ts';

const events =
  'sessionStart:SessionStart beforeSubmitPrompt:UserPromptSubmit postToolUse:PostToolUse ' +
  'postToolUseFailure:PostToolUseFailure afterAgentResponse:PostToolUse stop:Stop preCompact:PreCompact sessionEnd:SessionEnd';
const table = hookTable('cursor', events, (command) => ({ command, timeout: 10 }));

export const setup: HostSetup = {
  files: () => [
    hooksFile('.cursor/hooks.json', table, { version: 1 }),
    serverFile(['.cursor/mcp.json'], 'mcpServers', serverCommand),
  ],
  programs: ['cursor', 'cursor-agent'],
  next: ['Cursor runs project hooks in a trusted workspace.'],
  caveat: 'written from its documentation, not tried with the client',
};
