#!/usr/bin/env node
// The quick way in, for what the agent or a person waits for: `hook …` and `search …`. Everything else is repomem.js's.
require('node:module').enableCompileCache?.();
require('../dist/quick.cjs').main();
