import { ownFile, type HostSetup, stubOf } from '../host-files.ts';

export const setup: HostSetup = {
  // Cline reads no MCP server from the repository: the plugin brings the tools.
  files: () => [
    ownFile(
      '.cline/plugins/repomem.js',
      stubOf('cline/plugin.mjs', [
        "const nothing = { name: 'repomem', manifest: { capabilities: ['hooks'] }, setup() {}, hooks: {} };",
        'export default found ? (await found()).makePlugin() : nothing;',
      ]),
    ),
  ],
  next: ['The Cline CLI loads .cline/plugins/ at its next start; it asks nothing.'],
  caveat: 'tried with the CLI; the editor extension was not',
};
