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
    // By default Pi shows the tools to scripts of its `codemode` alone; a server that is exposed adds tools of Pi's own for resources.
    serverFile(['.pi/mcp.json'], 'mcpServers', {
      ...serverCommand,
      exposure: 'hidden',
      toolExposure: { '*': 'direct' },
    }),
  ],
  programs: ['pi'],
  homes: ['.pi'],
  next: ['Pi loads project extensions once the project is approved (pi --approve).'],
};
