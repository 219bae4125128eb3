import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/host.ts';
import { answerCall } from '../../src/recall/hook-answer.ts';
import { indexInBackground } from '../../src/meaning/background.ts';
import { openMemory } from '../../src/memory/open.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, envAt, memoryRepo, recordFile, recordPath } from '../memory/memory-at.ts';

let repo: TempRepo;
let count = 0;

beforeEach(async () => {
  repo = memoryRepo({ 'a.ts': 'one\ntwo\n' });
  repo.write(
    recordPath('b0000001'),
    recordFile({
      id: 'b0000001',
      title: 'First',
      cites: [{ path: 'a.ts', lines: [1, 2], blob: '814f4a4229', text: '00000000' }],
    }),
  );
  repo.write(recordPath('b0000002'), recordFile({ id: 'b0000002', title: 'Second' }));
  commitAll(repo, 'memory');
  await indexInBackground(envAt(repo.dir), (await openMemory(envAt(repo.dir))).paths);
});
afterEach(() => repo.remove());

async function start(known?: MemoryPaths): Promise<string> {
  const paths = known ?? (await openMemory(envAt(repo.dir))).paths;
  const call = claudeCode.readCall({ session_id: `s${++count}`, hook_event_name: 'SessionStart', source: 'startup' });
  return (await answerCall(envAt(repo.dir), paths, call))?.context ?? '';
}

/** What a start says with every cache gone: the truth that a kept answer must equal. */
async function startAnew(): Promise<string> {
  rmSync(join(repo.dir, '.git/repomem/cache'), { recursive: true, force: true });
  return start();
}

const isKept = (): boolean =>
  existsSync(join(repo.dir, '.git/repomem/cache')) &&
  readdirSync(join(repo.dir, '.git/repomem/cache')).some((name) => name.startsWith('last-block-'));

describe('a session start', () => {
  it('says the same bytes again while nothing moves', async () => {
    const first = await start();
    expect(first).toContain('2 of 2 shown');
    expect(isKept()).toBe(true);
    expect(await start()).toBe(first);
  });

  const moves: [string, () => void][] = [
    ['a record is edited', () => repo.write(recordPath('b0000002'), recordFile({ id: 'b0000002', title: 'Edited' }))],
    ['a record is added', () => repo.write(recordPath('b0000003'), recordFile({ id: 'b0000003', title: 'Third' }))],
    ['a record is deleted', () => rmSync(join(repo.dir, recordPath('b0000001')))],
    [
      'a record is committed',
      () => {
        repo.write(recordPath('b0000004'), recordFile({ id: 'b0000004', title: 'Fourth' }));
        commitAll(repo, 'more');
      },
    ],
    [
      'a local record appears',
      () =>
        repo.write(
          '.claude-mem/local/observations/2026/11/2026-11-20-x-b0000005.md',
          recordFile({ id: 'b0000005', title: 'Local' }),
        ),
    ],
    ['the cited file changes', () => repo.write('a.ts', 'three\nfour\n')],
    ['the settings change', () => repo.write('.claude-mem/settings.yaml', 'version: 1\ncontext:\n  maxRecords: 1\n')],
    ['a branch is checked out', () => void repo.git('checkout', '-qb', 'other')],
    [
      'the branch holds what nobody reviewed',
      () => {
        repo.git('checkout', '-qb', 'pull');
        repo.write(recordPath('b0000006'), recordFile({ id: 'b0000006', title: 'Stranger' }));
        commitAll(repo, 'pull');
      },
    ],
  ];
  it.each(moves)('says what is true when %s', async (_, move) => {
    await start();
    await start();
    move();
    const told = await start();
    expect(told).toBe(await startAnew());
    const kept = await start();
    expect(kept).toBe(told);
  });

  it('sees a second edit of a file that was changed already', async () => {
    repo.write(recordPath('b0000002'), recordFile({ id: 'b0000002', title: 'Edited' }));
    expect(await start()).toContain('Edited');
    repo.write(recordPath('b0000002'), recordFile({ id: 'b0000002', title: 'Edited again, longer' }));
    expect(await start()).toContain('Edited again, longer');
  });

  it('keeps nothing where git would not see an edit', async () => {
    repo.git('update-index', '--assume-unchanged', recordPath('b0000002'));
    await start();
    repo.write(recordPath('b0000002'), recordFile({ id: 'b0000002', title: 'Unseen by git' }));
    const told = await start();
    expect(told).toContain('Unseen by git');
    expect(told).toBe(await startAnew());
  });

  it('keeps nothing where git ignores the records', async () => {
    writeFileSync(join(repo.dir, '.git/info/exclude'), '.claude-mem/observations/\n');
    repo.write(recordPath('b0000007'), recordFile({ id: 'b0000007', title: 'Ignored' }));
    await start();
    repo.write(recordPath('b0000007'), recordFile({ id: 'b0000007', title: 'Ignored and edited' }));
    expect(await start()).toBe(await startAnew());
  });

  it('keeps nothing that moved after it was read and before git looked', async () => {
    // Without a cache the records are read while git works.
    rmSync(join(repo.dir, '.git/repomem/cache'), { recursive: true, force: true });
    const local = '.claude-mem/local/observations/2026/11/2026-11-20-x-b0000005.md';
    repo.write(local, recordFile({ id: 'b0000005', title: 'Local' }));
    const other = join(repo.dir, '.git', 'other.md');
    writeFileSync(other, recordFile({ id: 'b0000005', title: 'Local, edited' }));
    // A git that takes its time, in which somebody edits a record.
    const folder = join(repo.dir, '.git', 'slow');
    const path = process.env['PATH'] ?? '';
    const edit = `case "$*" in *' status '*) sleep 2; cat '${other}' > '${join(repo.dir, local)}' ;; esac`;
    mkdirSync(folder);
    writeFileSync(join(folder, 'git'), `#!/bin/sh\n${edit}\nPATH='${path}' exec git "$@"\n`, { mode: 0o755 });
    const { paths } = await openMemory(envAt(repo.dir));
    process.env['PATH'] = `${folder}:${path}`;
    try {
      expect(await start(paths)).not.toContain('edited');
    } finally {
      process.env['PATH'] = path;
    }
    expect(await start()).toContain('Local, edited');
  });
});
