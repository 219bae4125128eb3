// `.github/hooks/repomem.json` with Claude Code's event names, because those payloads name their event.
import { hookTable, ownFile, serverCommand, serverFile, type HostSetup } from '../host-files.ts';

const events =
  'SessionStart UserPromptSubmit PreToolUse PostToolUse PostToolUseFailure SubagentStop Stop PreCompact SessionEnd';
const hooks = hookTable('copilot', events, (command) => ({ type: 'command', bash: command, timeoutSec: 10 }));

export const setup: HostSetup = {
  files: () => [
    ownFile('.github/hooks/repomem.json', `${JSON.stringify({ version: 1, hooks }, null, 2)}\n`),
    serverFile(['.github/mcp.json'], 'mcpServers', serverCommand),
  ],
  trust: {
    path: '.copilot/config.json',
    isTrusted: (text, root) => text.includes(JSON.stringify(root)),
    cure: 'start copilot in the folder and trust it (with -p: --trust-folder)',
  },
  next: ['Copilot runs them in a trusted folder; with -p: copilot --trust-folder -p …'],
};
