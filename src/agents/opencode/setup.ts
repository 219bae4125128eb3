import { ownFile, serverCommand, serverFile, type HostSetup, stubOf } from '../host-files.ts';

export const setup: HostSetup = {
  files: () => [
    ownFile(
      '.opencode/plugins/repomem.js',
      stubOf('opencode/plugin.mjs', [
        'export const Repomem = async (input) => (found ? (await found()).plugin(input) : {});',
      ]),
    ),
    // OpenCode adds its schema to a file without one.
    serverFile(
      ['opencode.json', 'opencode.jsonc'],
      'mcp',
      { type: 'local', command: [serverCommand.command, ...serverCommand.args], enabled: true },
      { $schema: 'https://opencode.ai/config.json' },
    ),
  ],
  homes: ['.config/opencode', '.local/share/opencode'],
  next: ['OpenCode loads .opencode/plugins/ at its next start; it asks nothing.'],
};
