// lint, review and prune as people and hooks call them.
import { chmodSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtCli, runCli, type Run } from '../helpers/built-cli.ts';
import { seededRandom, shapedTypes } from '../helpers/fake-secrets.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, memoryRepo, recordFile, recordPath } from '../memory/memory-at.ts';

const secret = shapedTypes['githubPat']?.make(seededRandom(21)) ?? '';
let repo: TempRepo;
beforeEach(() => {
  repo = memoryRepo({
    'a.txt': 'one\n',
    [recordPath('11111111')]: recordFile({ id: '11111111', title: 'What stands' }),
  });
});
afterEach(() => repo.remove());

const run = (...args: string[]): Promise<Run> => runCli(args, { cwd: repo.dir });

function leak(): void {
  repo.write(recordPath('22222222'), recordFile({ id: '22222222', title: 'Leaks', body: `Key ${secret}` }));
}

describe('repomem lint', () => {
  it('exits with 0 and one line where all is well', async () => {
    expect(await run('lint')).toMatchObject({
      code: 0,
      stdout: '2 files checked: 0 errors, 0 warnings, 0 notices\n',
      stderr: '',
    });
  });

  it('exits with 1 and names file, line, reason and cure, never the secret', async () => {
    leak();
    const found = await run('lint');
    expect(found.code).toBe(1);
    expect(found.stdout).toContain(`error    ${recordPath('22222222')}:7: looks like a secret`);
    expect(found.stdout).toMatch(/→ take it out.*redact\.allow/);
    repo.write('.claude-mem/observations/rhyme.md', '---\ntype: poem\ntitle: Roses\n---\nx\n');
    const { stdout } = await run('lint', '.claude-mem/observations/rhyme.md');
    expect(stdout).toMatch(
      /rhyme\.md:2: type: .*\n +→ .*README\.md lists the types.*schema\/observation\.schema\.json/,
    );
    expect(stdout).toContain('1 file checked: 1 error, 0 warnings');
    expect(found.stdout).not.toContain(secret);
    expect((await run('lint', recordPath('11111111'))).code).toBe(0);
    expect((await run('lint', recordPath('22222222'))).code).toBe(1);
  });

  it('prints one JSON value for programs', async () => {
    leak();
    const { code, stdout } = await run('lint', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      scope: 'worktree',
      checked: 3,
      findings: [{ code: 'secret', severity: 'error', line: 7 }],
    });
  });

  it('checks what is staged, and what a range of commits brought', async () => {
    leak();
    expect((await run('lint', '--staged')).code).toBe(0);
    repo.git('add', '-A');
    expect((await run('lint', '--staged')).code).toBe(1);
    repo.git('commit', '-qm', 'leak');
    repo.git('rm', '-q', recordPath('22222222'));
    repo.git('commit', '-qm', 'oops');
    expect((await run('lint')).code).toBe(0);
    const range = await run('lint', 'HEAD~2..HEAD');
    expect(range.code).toBe(1);
    expect(range.stdout).toMatch(/\(in [0-9a-f]{8}\): looks like a secret/);
  });

  it('stands in git’s own hook on the index of the commit under way', () => {
    const hook = `#!/bin/sh\nHOME=/nonexistent exec '${process.execPath}' '${builtCli()}' lint --staged\n`;
    chmodSync(repo.write('.git/hooks/pre-commit', hook), 0o755);
    repo.write('a.txt', 'two\n');
    repo.git('commit', '-qam', 'clean');
    repo.write(recordPath('11111111'), recordFile({ id: '11111111', title: 'What stands', body: `Key ${secret}` }));
    for (const args of [
      ['-am', 'all'],
      ['-m', 'path', recordPath('11111111')],
    ])
      expect(() => repo.git('commit', '-q', ...args)).toThrow();
    repo.write('a.txt', 'three\n');
    // The leak is in the working tree, not in this commit.
    repo.git('commit', '-qm', 'path', 'a.txt');
    expect(repo.git('show', '--stat', '--format=%s')).toContain('a.txt');
  });

  it('says how it is used', async () => {
    expect(await run('lint', '--staged', 'a.txt')).toMatchObject({ code: 2 });
    expect(await run('lint', 'a.txt')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('.claude-mem') as string,
    });
    expect(await run('lint', 'nowhere..HEAD')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nowhere') as string,
    });
    expect(await run('lint', '--staged', '--fix')).toMatchObject({ code: 2 });
    expect((await run('lint', '--help')).stdout).toContain('repomem lint [--staged | BASE..HEAD | FILE…] [--fix]');
  });
});

describe('repomem review', () => {
  it('prints text, Markdown and JSON of the same review', async () => {
    repo.git('checkout', '-qb', 'topic');
    repo.write(recordPath('33333333'), recordFile({ id: '33333333', title: 'Newer', supersedes: ['11111111'] }));
    commitAll(repo, 'more');
    const text = await run('review');
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toContain('Memory: 1 new record');
    expect(text.stdout).toContain('33333333 decision Newer replaces 11111111 decision What stands');
    const markdown = await run('review', 'main..topic', '--format', 'markdown');
    expect(markdown.stdout).toContain('- `33333333` decision `Newer` replaces `11111111` decision `What stands`');
    expect(JSON.parse((await run('review', 'main', '--json')).stdout)).toMatchObject({
      added: [{ id: '33333333', by: 'dev' }],
      superseding: [{ other: { id: '11111111' }, how: 'named' }],
      isQuiet: false,
    });
    expect((await run('review', 'topic')).stderr).toContain('what topic brings: repomem review HEAD..topic');
    expect((await run('review', '--format', 'html')).code).toBe(2);
    expect((await run('review', 'a', 'b')).code).toBe(2);
  });

  it('needs commits, and says so', async () => {
    const empty = memoryRepo();
    try {
      empty.git('update-ref', '-d', 'HEAD');
      const none = await runCli(['review'], { cwd: empty.dir });
      expect(none).toMatchObject({ code: 2, stdout: '' });
      expect(none.stderr).toContain('commit');
    } finally {
      empty.remove();
    }
  });
});

describe('repomem prune', () => {
  it('says what would go, deletes it unstaged, and names the commands that commit it alone', async () => {
    repo.write(recordPath('33333333'), recordFile({ id: '33333333', title: 'Newer', supersedes: ['11111111'] }));
    expect(await run('prune')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not committed yet') as string,
    });
    commitAll(repo, 'more');
    expect((await run('prune', '--superseded', '--dry-run')).stdout).toContain('11111111 What stands');
    const dry = await run('prune', '--dry-run');
    expect(dry.stdout).toContain('11111111 What stands\n         replaced: 33333333');
    expect(repo.git('status', '--porcelain')).toBe('');
    const done = await run('prune');
    expect(done.stdout).toContain('git add -u .claude-mem');
    expect(repo.git('status', '--porcelain')).toBe(` D ${recordPath('11111111')}\n`);
    expect(JSON.parse((await run('prune', '--json')).stdout)).toMatchObject({ records: [], isDone: true });
    // What it names stays known: a link to a pruned record is no mistake.
    expect((await run('lint')).stdout).toContain('0 warnings');
  });
});
