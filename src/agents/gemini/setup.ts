import { hooksFile, hookTable, serverCommand, serverFile, type HostSetup } from '../host-files.ts';

const path = '.gemini/settings.json';
const events = 'SessionStart BeforeAgent:UserPromptSubmit AfterTool:PostToolUse AfterAgent:Stop SessionEnd';
const table = hookTable('gemini', events, (command) => ({
  // Milliseconds.
  hooks: [{ name: 'repomem', type: 'command', command, timeout: 10_000 }],
}));

export const setup: HostSetup = {
  files: () => [hooksFile(path, table), serverFile([path], 'mcpServers', serverCommand)],
  trust: {
    path: '.gemini/trustedFolders.json',
    isTrusted: (text, root) => text.includes(JSON.stringify(root)),
    cure: 'start gemini in the folder and trust it (in a pipeline: GEMINI_CLI_TRUST_WORKSPACE=true)',
  },
  next: ['Gemini CLI runs them in a trusted folder; in a pipeline: GEMINI_CLI_TRUST_WORKSPACE=true.'],
};

/** Files for `gemini extensions install`, for use in every repository: the same hooks and server. */
export function extensionFiles(version: string): Record<string, string> {
  const manifest = {
    name: 'repomem',
    version,
    description: 'Memory for coding agents that lives in your git repository',
    mcpServers: { repomem: serverCommand },
  };
  return {
    'gemini-extension.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'hooks/hooks.json': `${JSON.stringify({ hooks: table }, null, 2)}\n`,
  };
}
