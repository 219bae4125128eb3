// Hooks and the MCP server in a repository's own `.claude/settings.json` and `.mcp.json`, for those who want no plugin.
import { copyFolder, hooksFile, serverCommand, serverFile, type HookTable } from '../host-files.ts';
import type { HostSetup } from '../host-setup.ts';

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

/** The hooks of the plugin, pointed at the copy in the user's data folder instead of the plugin's own one. */
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
