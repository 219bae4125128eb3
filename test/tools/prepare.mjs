// Builds the package for whoever installs it from git. For `npm i -g git+…` npm runs an install within its temporary clone that takes the outer
// one's `global` for its own: it brings no development packages and links the clone, which is deleted at the end, into the global folder.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, realpathSync, unlinkSync } from 'node:fs';
import { join, sep } from 'node:path';

const root = realpathSync(join(import.meta.dirname, '../..'));
if (root.includes(`${sep}_cacache${sep}tmp${sep}`)) unlinkClone();
if (!existsSync(join(root, 'node_modules/esbuild'))) installDevelopmentPackages();
const { buildDist } = await import('./build.mjs');
await buildDist();

/** What npm unpacks at the end would be written through the link. Its inner install still needs the program to be there. */
function unlinkClone() {
  const prefix = process.env['npm_config_global_prefix'] ?? process.env['npm_config_prefix'] ?? '';
  for (const folder of ['lib/node_modules', 'node_modules']) {
    const link = join(prefix, folder, 'repomem');
    if (prefix === '' || !existsSync(link) || realpathSync(link) !== root) continue;
    unlinkSync(link);
    for (const name of ['package.json', 'bin']) cpSync(join(root, name), join(link, name), { recursive: true });
  }
}

function installDevelopmentPackages() {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_config_(?:global|location|prefix|global_prefix)$/i.test(name),
  );
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'], {
    cwd: root,
    env: { ...Object.fromEntries(inherited), npm_config_global: 'false' },
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
