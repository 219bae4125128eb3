// `.codex/hooks.json` and the MCP server in `.codex/config.toml`: a plugin's server does not start in Codex.
import { blockFile, hooksFile, hookTable, serverCommand, type HostFile, type HostSetup } from '../host-files.ts';
import { RepomemError } from '../../domain/errors.ts';

const events = 'SessionStart UserPromptSubmit PreToolUse PostToolUse SubagentStop Stop PreCompact SessionEnd';
/** Tokens of 4 characters; by default Codex passes 2,500 and cuts the middle. */
const additionalContextLimit = 8000;

/** Codex asks the user to trust each hook by its text: keep the text unchanged between versions. */
const table = hookTable('codex', events, (command, event) => {
  // Seconds; Codex itself limits SessionEnd to 3 and says so.
  const timeout = event === 'SessionEnd' ? 3 : 10;
  return { hooks: [{ type: 'command', command, timeout, additionalContextLimit }] };
});

const server = blockFile(
  '.codex/config.toml',
  `[mcp_servers.repomem]\ncommand = "${serverCommand.command}"\nargs = ["-c", '''${serverCommand.args[1]}''']`,
  { open: '# repomem: begin', close: '# repomem: end' },
);

const config: HostFile = {
  ...server,
  add(text, where) {
    if (/^\s*\[mcp_servers\.(?:repomem|"repomem")\]/m.test(text === undefined ? '' : server.remove(text, where)))
      throw new RepomemError(
        'bad-settings',
        `${where}: mcp_servers.repomem: a server of that name stands there already`,
        { hint: 'take it out and try again' },
      );
    return server.add(text, where);
  },
};

export const setup: HostSetup = {
  files: () => [hooksFile('.codex/hooks.json', table), config],
  trust: {
    path: '.codex/config.toml',
    isTrusted: (text, root) => text.includes(`hooks.state."${root}/.codex/hooks.json:`),
    cure: 'in Codex: /hooks, and trust those of repomem (they do not run before, and nothing is said)',
  },
  next: ['In Codex: trust the folder, then /hooks and trust those of repomem: before that they do not run.'],
};
