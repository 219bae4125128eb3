// Small loader file in a repository for hosts with code hooks: loads the adapter where repomem is installed.
import { copyPath } from './host-files.ts';

/** `rest` may use `found`, a function that loads the adapter; undefined when it is not installed. */
export function stubOf(adapter: string, rest: readonly string[]): string {
  return [
    '// repomem, the memory of this repository. It does nothing where repomem is not installed.',
    "import { existsSync } from 'node:fs';",
    "import { env } from 'node:process';",
    "import { pathToFileURL } from 'node:url';",
    '',
    "const data = env.XDG_DATA_HOME || (env.HOME ?? '') + '/.local/share';",
    `const adapter = data + '/${copyPath}/src/agents/${adapter}';`,
    'const found = existsSync(adapter) ? () => import(pathToFileURL(adapter).href) : undefined;',
    ...rest,
    '',
  ].join('\n');
}
