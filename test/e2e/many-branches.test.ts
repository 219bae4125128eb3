// Many branches that write into one memory, brought together in every way that people use: no conflict, and the order does not matter.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemoryRecord } from '../../src/domain/record.ts';
import { pruneMemory } from '../../src/curate/prune.ts';
import { stageMemory } from '../../src/curate/stage.ts';
import { readRecordSet } from '../../src/memory/records.ts';
import { emptyRecord, forget, writeRecord } from '../../src/curate/write.ts';
import { seededRandom } from '../helpers/fake-secrets.ts';
import { gitVars, removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { memoryAt, recordFile, recordPath } from '../memory/memory-at.ts';

const branchCount = 20;
const baseCount = 8;
const baseIds = Array.from({ length: baseCount }, (_, n) => `b4s3r3c${n}`);

/** Long and alike, as records on one subject are: git's detection of renames must find nothing to pair. */
const bodyOf = (subject: string): string =>
  Array.from({ length: 14 }, (_, n) => `Sentence ${n} on ${n % 4 === 0 ? subject : 'the queue and its workers'}.`).join(
    '\n',
  );

let folder: string;
let origin: TempRepo;

beforeAll(async () => {
  folder = tempDir();
  const files = Object.fromEntries(
    baseIds.map((id, n) => [
      recordPath(id, `base-${n}`),
      recordFile({ id, title: `Base record ${n}`, body: bodyOf(`base ${n}`) }),
    ]),
  );
  const settings = { '.claude-mem/settings.yaml': 'version: 1\n', '.claude-mem/.gitattributes': '* -text\n' };
  origin = tempRepo({ 'a.txt': 'a\n', ...settings, ...files }, { at: join(folder, 'origin') });
  for (let n = 0; n < branchCount; n++) await makeBranch(n);
  origin.git('checkout', '-q', 'main');
}, 240_000);
afterAll(() => removeFolder(folder));

/** Five records, one of them superseding an old one, and a tombstone; every third also forgets what it rewrites. */
async function makeBranch(n: number): Promise<void> {
  origin.git('checkout', '-q', '-b', `work-${n}`, 'main');
  const memory = await memoryAt(origin.dir);
  const write = (more: Partial<MemoryRecord>): string =>
    writeRecord(memory, { ...emptyRecord(memory, 'gotcha'), ...more }, 'shared');
  for (let k = 0; k < 4; k++) write({ title: `Branch ${n} learned thing ${k}`, body: bodyOf(`branch ${n}, ${k}`) });
  const old = n % baseCount;
  write({ title: `Base record ${old}, better`, body: bodyOf(`base ${old}`), supersedes: [baseIds[old] ?? ''] });
  const forgotten = n % 3 === 0 ? old : (n * 5 + 3) % baseCount;
  await forget(await memoryAt(origin.dir), baseIds[forgotten] ?? '', `Branch ${n} knows better.`);
  origin.write(`src/${n}.txt`, `${n}\n`);
  await stageMemory(await memoryAt(origin.dir));
  origin.git('add', 'src');
  // As many people commit: whatever was deleted goes along.
  origin.git('commit', '-qam', `Branch ${n}`);
}

interface Together {
  tree: string[];
  active: string[];
  conflicts: string[];
}

async function bringTogether(seed: number): Promise<Together> {
  const dir = join(folder, `order-${seed}`);
  const env = { PATH: process.env['PATH'], HOME: folder, ...gitVars };
  const conflicts: string[] = [];
  const git = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync('git', args, { cwd: dir, env, encoding: 'utf8' });
    if (status !== 0) conflicts.push(`${args.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  };
  spawnSync('git', ['clone', '-q', origin.dir, dir], { env });
  const { int } = seededRandom(seed);
  const order = Array.from({ length: branchCount }, (_, n) => ({ n, at: int(1_000_000) })).sort((a, b) => a.at - b.at);
  for (const { n } of order) {
    const work = `origin/work-${n}`;
    const way = int(4);
    if (way === 0) git('merge', '-q', '--no-ff', '-m', `Merge ${n}`, work);
    else if (way === 1) {
      git('merge', '-q', '--squash', work);
      git('commit', '-qm', `Squash ${n}`);
    } else if (way === 2) {
      git('checkout', '-q', '-B', 'passing', work);
      git('rebase', '-q', 'main');
      git('checkout', '-q', 'main');
      git('merge', '-q', '--ff-only', 'passing');
    } else git('cherry-pick', '-x', work);
    if (conflicts.length > 0) break;
  }
  // As after a push: what stands on the remote's default branch is reviewed.
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  const recordSet = await readRecordSet(await memoryAt(dir, { HOME: folder }));
  return {
    tree: git('ls-tree', '-r', 'HEAD', '.claude-mem').split('\n'),
    active: recordSet.assessed.filter(({ isActive }) => isActive).map(({ excerpt }) => excerpt.id),
    conflicts,
  };
}

describe('twenty branches of one memory', () => {
  it('come together without a conflict, and to the same memory in every order and way', async () => {
    const [first, ...others] = [await bringTogether(1), await bringTogether(2), await bringTogether(3)];
    expect(first.conflicts).toEqual([]);
    expect(first.active).toHaveLength(branchCount * 5);
    for (const other of others) expect(other).toEqual(first);
    for (const id of baseIds) expect(first.active).not.toContain(id);
  }, 240_000);

  it('lose the forgotten files by prune on the default branch, which then meets a branch that forgets another way', async () => {
    const dir = join(folder, 'pruned');
    const env = { PATH: process.env['PATH'], HOME: folder, ...gitVars };
    const git = (...args: string[]) => spawnSync('git', args, { cwd: dir, env, encoding: 'utf8' });
    spawnSync('git', ['clone', '-q', origin.dir, dir], { env });
    git('merge', '-q', '--no-edit', 'origin/work-0');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    const vars = { HOME: folder };
    const pruned = await pruneMemory(await memoryAt(dir, vars), false);
    expect(pruned.records.map(({ id, reason }) => `${id} ${reason}`)).toEqual([`${baseIds[0]} forgotten`]);
    git('commit', '-qam', 'Prune');
    // It rewrites the record that the first branch forgot.
    for (const n of [8, 16]) expect(git('merge', '--no-edit', `origin/work-${n}`).status).toBe(0);
    expect(git('status', '--short').stdout).toBe('');
  }, 240_000);
});

describe('two people on the default branch', () => {
  it('forget the same record for a better one each, commit all, and meet without a conflict', async () => {
    const env = { PATH: process.env['PATH'], HOME: folder, ...gitVars };
    const clones = ['ann', 'bob'].map((name) => join(folder, name));
    for (const dir of clones) {
      spawnSync('git', ['clone', '-q', '-b', 'main', origin.dir, dir], { env });
      const memory = await memoryAt(dir, { HOME: folder });
      const title = `Base record 0, better by ${dir}`;
      writeRecord(memory, { ...emptyRecord(memory, 'gotcha'), title, body: bodyOf('base 0') }, 'shared');
      expect(await forget(memory, baseIds[0] ?? '', 'Not so.')).toMatchObject({ isKept: true });
      spawnSync('git', ['add', '-A'], { cwd: dir, env });
      spawnSync('git', ['commit', '-qm', 'Better'], { cwd: dir, env });
    }
    const [ann = '', bob = ''] = clones;
    const pull = spawnSync('git', ['pull', '-q', '--no-rebase', '--no-edit', bob, 'main'], {
      cwd: ann,
      env,
      encoding: 'utf8',
    });
    expect(pull, pull.stdout).toMatchObject({ status: 0 });
  });
});
