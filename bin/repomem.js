#!/usr/bin/env node
// The way in. A CommonJS file, as package.json beside it says: Node starts sooner with one. What the agent or a person waits for is one plain
// script each, and what V8 made of it is kept, for each command and event what this one runs: compiling takes longer than most of them. That is
// code that we run, so it lies where only the user can write, and is left alone anywhere else.
'use strict';
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write('repomem: needs Node 20.19 or newer; this is ' + process.version + '\n');
  process.exit(1);
}
const fs = require('node:fs');
const { Script } = require('node:vm');

const dist = `${__dirname}/../dist`;
const bundles = { hook: 'quick', search: 'quick', why: 'quick-why', 'git-hook': 'quick-git-hook' };
const [command = '', event = ''] = process.argv.slice(2);
const use = command === 'hook' && /^[A-Za-z]{1,32}$/.test(event) ? event : command;
const folder = findFolder();
const loaded = [];
let isNew = process.pid % 64 === 0;

/** The user's cache folder, or undefined. */
function findFolder() {
  const { XDG_CACHE_HOME: cache = '', HOME: home = '' } = process.env;
  if (cache.startsWith('/')) return `${cache}/repomem`;
  return home.startsWith('/') ? `${home}/.cache/repomem` : undefined;
}

/** Whether the folder is the user's own, and nobody else may write there. */
function isOwn() {
  try {
    const stat = fs.lstatSync(folder);
    return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/** A script of `dist` as a module: its exports. */
function load(name, isTrusted) {
  const file = `${dist}/${name}.cjs`;
  const text = fs.readFileSync(file, 'latin1');
  const [, build] = /^\/\/([0-9a-f]{16})\n/.exec(text) ?? [];
  const kept = build && folder && `${folder}/${name}-${use}-${build}-${process.version}-${process.arch}`;
  let cachedData;
  if (kept && isTrusted)
    try {
      cachedData = fs.readFileSync(kept);
    } catch {
      // Not yet.
    }
  const script = new Script(`(function(exports,require,module,__filename,__dirname){${text}\n})`, {
    filename: file,
    cachedData,
  });
  if (kept) loaded.push({ kept, script });
  if (!cachedData || script.cachedDataRejected) isNew = true;
  const module = { exports: {} };
  const requireHere = (id) => (id.startsWith('./') ? load(id.slice(2, -'.cjs'.length), isTrusted) : require(id));
  script.runInThisContext()(module.exports, requireHere, module, file, dist);
  return module.exports;
}

/** All of them anew when this run did something for the first time, and now and then: another may need more of the same scripts. */
function keep() {
  if (!isNew || loaded.length === 0) return;
  try {
    // No folder is made in a home that is not there, or is another's.
    for (const path of [folder.slice(0, folder.lastIndexOf('/')), folder])
      if (!fs.existsSync(path)) {
        if (fs.statSync(path.slice(0, path.lastIndexOf('/'))).uid !== process.getuid?.()) return;
        fs.mkdirSync(path, { mode: 0o700 });
      }
    if (!isOwn()) return;
    for (const { kept, script } of loaded) {
      const temporary = `${kept}.${process.pid}`;
      fs.writeFileSync(temporary, script.createCachedData(), { mode: 0o600, flag: 'wx' });
      fs.renameSync(temporary, kept);
    }
    const old = Date.now() - 30 * 86_400_000;
    for (const name of fs.readdirSync(folder)) {
      const path = `${folder}/${name}`;
      if (fs.statSync(path).mtimeMs < old) fs.rmSync(path, { force: true });
    }
  } catch {
    // Without it all goes on as before, only slower.
  }
}

if (Object.hasOwn(bundles, command))
  load(bundles[command], folder !== undefined && isOwn())
    .main()
    .then(keep);
else {
  require('node:module').enableCompileCache?.();
  import('../dist/main.js').then((program) => program.main());
}
