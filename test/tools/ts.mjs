// `node --import ./test/tools/ts.mjs FILE.ts`: runs our tools as they are written, on Node versions that take no TypeScript.
import { register } from 'node:module';

register('./ts-hooks.mjs', import.meta.url);
