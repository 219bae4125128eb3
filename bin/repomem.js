#!/usr/bin/env node
import module from 'node:module';

module.enableCompileCache?.();
if (process.argv[2] === 'search')
  module
    .createRequire(import.meta.url)('../dist/quick.cjs')
    .main();
else await (await import('../dist/main.js')).main();
