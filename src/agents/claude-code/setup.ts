// Writes hooks and the MCP server to a repository's `.claude/settings.json` and `.mcp.json`, for use without the plugin.
import { copyFolder, hooksFile, serverCommand, serverFile, type HookTable, type HostSetup } from '../host-files.ts';

interface HookGroup {
  hooks: { command: string }[];
}

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
  const { hooks } = JSON.parse(text) as { hooks: Record<string, HookGroup[]> };
  return Object.fromEntries(
    Object.entries(hooks).map(([event, groups]) => [
      event,
      groups.map((group) => ({
        ...group,
        hooks: group.hooks.map((hook) => ({ ...hook, command: guard(hook.command) })),
      })),
    ]),
  );
}
