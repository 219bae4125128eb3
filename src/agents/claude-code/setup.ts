// Writes hooks and the MCP server to a repository's `.claude/settings.json` and `.mcp.json`, for use without the plugin.
import { copyFolder, hooksFile, serverCommand, serverFile, type HookTable, type HostSetup } from '../host-files.ts';

export const setup: HostSetup = {
  files: (readPackage) => [
    hooksFile('.claude/settings.json', guardHooks(readPackage('hooks/hooks.json'))),
    serverFile(['.mcp.json'], 'mcpServers', serverCommand),
  ],
  programs: ['claude'],
  homes: ['.claude'],
  next: ['Claude Code asks once whether the folder is trusted.'],
};

const guard = (command: string): string =>
  `repomem="${copyFolder}"; ${command.replaceAll('${CLAUDE_PLUGIN_ROOT}', '$repomem')}`;

/** The plugin's hooks, pointed at the copy in the user's data folder. */
function guardHooks(text: string): HookTable {
  const whole = JSON.parse(text, (key, value: unknown) => (key === 'command' ? guard(String(value)) : value)) as {
    hooks: HookTable;
  };
  return whole.hooks;
}
