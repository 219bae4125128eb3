// Run by git as a pre-commit hook, with the variables that git gives its hooks.
import { stageFiles } from '../../src/git/state/add-to-index.ts';
import { placeFor } from '../../src/store/locate.ts';

const [dir = '', ...paths] = process.argv.slice(2);
await stageFiles(placeFor(dir, ''), paths, true);
