#!/usr/bin/env node
import module from 'node:module';

module.enableCompileCache?.();
// What somebody waits for is one plain script each.
const quick = new Map([
  ['search', 'quick'],
  ['why', 'quick-why'],
  ['git-hook', 'quick-git-hook'],
]).get(process.argv[2]);
if (quick)
  module
    .createRequire(import.meta.url)(`../dist/${quick}.cjs`)
    .main();
else await (await import('../dist/main.js')).main();
