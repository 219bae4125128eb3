import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { placeFor } from '../../src/store/locate.ts';
import { sweepPrivateDir } from '../../src/store/sweep-caches.ts';
import { removeFolder, tempRepo } from '../helpers/temp-repo.ts';

const repo = tempRepo({ '.claude-mem/settings.yaml': 'version: 1\n' });
afterEach(() => repo.remove());

it('removes caches of worktrees that are gone and of long ago, and no others', () => {
  const linked = `${repo.dir}-linked`;
  repo.git('worktree', 'add', '-q', linked);
  const name = linked.slice(linked.lastIndexOf('/') + 1);
  const kept = [
    'freshness-v1.json',
    'records-v1-main.jsonl',
    `records-v1-wt-${name}.jsonl`,
    `ancestors-v1-wt-${name}.json`,
  ];
  const gone = ['records-v1-wt-gone.jsonl', 'verdicts-v1-main.json'];
  for (const file of [...kept, ...gone]) repo.write(`.git/repomem/cache/${file}`, 'x');
  const folder = join(repo.dir, '.git/repomem/cache');
  const longAgo = new Date(Date.now() - 100 * 86_400_000);
  utimesSync(join(folder, 'verdicts-v1-main.json'), longAgo, longAgo);
  mkdirSync(join(folder, 'a-folder'));
  sweepPrivateDir(placeFor(repo.dir, '/nonexistent'), new Date());
  expect(readdirSync(folder).sort()).toEqual(['a-folder', ...kept].sort());
  removeFolder(linked);
});
