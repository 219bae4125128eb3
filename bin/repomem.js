#!/usr/bin/env node
// Entry point: a CommonJS file, as package.json beside it says, because Node starts sooner with one. The commands that an agent, a commit or a
// person waits for run from one plain script; all others from modules.
'use strict';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write('repomem: needs Node 20.19 or newer; this is ' + process.version + '\n');
  process.exit(1);
}

useCompileCache();
if (['hook', 'search', 'why', 'git-hook'].includes(process.argv[2])) require('../dist/quick.cjs').main();
else import('../dist/main.js').then((program) => program.main());

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
