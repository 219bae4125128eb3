// Builds the package for whoever installs it from git. For `npm i -g git+…` npm runs this in a clone without development
// packages, since the inner install takes the outer one's `global` for its own: they are installed first.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
if (!existsSync(join(root, 'node_modules/esbuild'))) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_config_(?:global|location|prefix)$/i.test(name),
  );
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'], {
    cwd: root,
    env: { ...Object.fromEntries(inherited), npm_config_global: 'false' },
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
const { buildDist } = await import('./build.mjs');
await buildDist();
