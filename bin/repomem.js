#!/usr/bin/env node
// Entry point: a CommonJS file, as package.json beside it says, because Node starts sooner with one. The commands that an agent, a commit or a
// person waits for run from one plain script each; all others from modules.
'use strict';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write('repomem: needs Node 20.19 or newer; this is ' + process.version + '\n');
  process.exit(1);
}

useCompileCache();
start();

function start(isBuilt = false) {
  const { existsSync } = require('node:fs');
  const command = process.argv[2];
  const quick = new Map([
    ['hook', 'hook'],
    ['search', 'search'],
    ['why', 'search'],
    ['git-hook', 'git-hook'],
  ]).get(command);
  const file = `${__dirname}/../dist/${quick === undefined ? 'main.js' : `quick-${quick}.cjs`}`;
  if (!isBuilt && !existsSync(file)) return build();
  if (quick !== undefined) require(file).main();
  else import(file).then((program) => program.main());
}

/** A marketplace that was added from a checkout or a git address holds the sources alone; the client has fetched what builds them. */
function build() {
  const { spawnSync } = require('node:child_process');
  const { existsSync } = require('node:fs');
  const top = require('node:path').dirname(__dirname);
  const { status } = spawnSync(process.execPath, [`${top}/test/tools/build.mjs`], {
    cwd: top,
    stdio: 'ignore',
    timeout: 60_000,
  });
  if (status === 0 && existsSync(`${top}/dist/main.js`)) return start(true);
  const text = `repomem: it is not built: cd '${top}' && npm ci`;
  if (process.argv[2] === 'hook') {
    if (process.argv[3] === 'SessionStart') process.stdout.write(`${JSON.stringify({ systemMessage: text })}\n`);
    return;
  }
  process.stderr.write(`${text}\n`);
  process.exitCode = 2;
}

/** Node's own compile cache, where this Node has one, in a folder that only the user can write: what lies there is run. */
function useCompileCache() {
  const { enableCompileCache } = require('node:module');
  if (enableCompileCache === undefined || process.getuid === undefined) return;
  const { lstatSync, mkdirSync } = require('node:fs');
  const { XDG_CACHE_HOME: cache = '', HOME: home = '' } = process.env;
  const base = cache.startsWith('/') ? cache : home.startsWith('/') ? `${home}/.cache` : undefined;
  if (base === undefined) return;
  const uid = process.getuid();
  const isOwn = (path) => {
    const stat = lstatSync(path);
    return stat.isDirectory() && stat.uid === uid && (stat.mode & 0o022) === 0;
  };
  try {
    // Nothing is created in a home that is missing or somebody else's.
    if (lstatSync(base.slice(0, base.lastIndexOf('/')) || '/').uid !== uid) return;
    mkdirSync(`${base}/repomem/compiled`, { recursive: true, mode: 0o700 });
    if ([base, `${base}/repomem`, `${base}/repomem/compiled`].every(isOwn))
      enableCompileCache(`${base}/repomem/compiled`);
  } catch {
    // Without the cache everything works, more slowly.
  }
}
