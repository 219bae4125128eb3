// Which repomem reviews: the one that this action came with, built on the spot if need be, or a version from npm. Never the one in the
// checkout under review.
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, realpathSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';

const env = process.env;
const temp = env.RUNNER_TEMP || env.TMPDIR || '/tmp';

/** Nothing of a package is run while it is installed. */
const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

function npm(args, cwd) {
  // Without a shell; npm is a script there on Windows only.
  execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
}

function fromNpm(version) {
  const isVersion = /^[0-9A-Za-z][0-9A-Za-z.-]{0,40}$/.test(version);
  const isTarball = /^(?:https:\/\/|file:|\/)[^\s]{1,300}\.tgz$/.test(version);
  const isGit = /^git\+(?:https|ssh|file):\/\/[^\s#]{1,300}#[0-9A-Za-z._/-]{1,100}$/.test(version);
  if (!isVersion && !isTarball && !isGit)
    throw new Error(
      `version: expected such as 1.2.3, https://…/repomem-1.2.3.tgz or git+https://…/repomem.git#COMMIT; got '${version}'`,
    );
  const folder = join(temp, 'repomem-npm');
  // A git address is built by its own script, which is what was asked for; a tarball is built already.
  const how = isGit ? quietly.filter((flag) => flag !== '--ignore-scripts') : quietly;
  npm(['install', '--prefix', folder, ...how, isVersion ? `repomem@${version}` : version], temp);
  return join(folder, 'node_modules/repomem/bin/repomem.js');
}

function fromHere(root) {
  const workspace = env.GITHUB_WORKSPACE ? realpathSync(env.GITHUB_WORKSPACE) : undefined;
  const isUnderReview = workspace !== undefined && `${root}${sep}`.startsWith(`${workspace}${sep}`);
  if (isUnderReview && env.GITHUB_EVENT_NAME?.startsWith('pull_request'))
    throw new Error(
      'the action stands in the checkout that is reviewed; name it by repository and ref (uses: OWNER/repomem/.github/actions/review@REF), or give it a version',
    );
  if (!existsSync(join(root, 'dist/main.js'))) {
    npm(['ci', ...quietly], root);
    npm(['run', '--silent', 'build'], root);
  }
  return join(root, 'bin/repomem.js');
}

try {
  const root = realpathSync(resolve(env.REPOMEM_ACTION_PATH ?? import.meta.dirname, '../../..'));
  const bin = env.REPOMEM_VERSION ? fromNpm(env.REPOMEM_VERSION) : fromHere(root);
  if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, `bin=${bin}\n`);
  else process.stdout.write(`${bin}\n`);
} catch (error) {
  process.stdout.write(`::error::repomem: ${String(error.message).replace(/\s+/g, ' ')}\n`);
  process.exitCode = 1;
}
