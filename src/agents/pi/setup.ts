import { ownFile, serverCommand, serverFile, type HostSetup, stubOf } from '../host-files.ts';

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
  trust: {
    path: '.pi/agent/trust.json',
    isTrusted: (text, root) => text.includes(`${JSON.stringify(root)}: true`),
    cure: 'in Pi: /trust (in a pipeline: pi --approve)',
  },
  next: ['Pi loads project extensions once the project is approved (pi --approve).'],
};
