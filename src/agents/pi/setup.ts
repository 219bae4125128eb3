import { ownFile, serverCommand, serverFile } from '../host-files.ts';
import type { HostSetup } from '../host-setup.ts';
import { stubOf } from '../stub.ts';

export const setup: HostSetup = {
  files: () => [
    ownFile(
      '.pi/extensions/repomem.ts',
      stubOf('pi/extension.mjs', [
        'export default async function (pi: unknown) {',
        '  if (found) (await found()).extend(pi);',
        '}',
      ]),
    ),
    serverFile(['.pi/mcp.json'], 'mcpServers', serverCommand),
  ],
  programs: ['pi'],
  homes: ['.pi'],
  next: ['Pi loads project extensions once the project is approved (pi --approve).'],
};
