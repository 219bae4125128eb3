import { describe, expect, it } from 'vitest';
import { hidePaths, relativePath } from '../../src/agents/event-paths.ts';

describe('paths of a worktree below the home', () => {
  const roots = { worktree: '/srv/people/ada/work/app', home: '/srv/people/ada' };

  it('are relative to the worktree, also when the home was hidden before', () => {
    for (const path of ['/srv/people/ada/work/app/src/a.ts', '~/work/app/src/a.ts'])
      expect(relativePath(path, roots)).toBe('src/a.ts');
    expect(relativePath('src/a.ts', roots, '~/work/app')).toBe('src/a.ts');
    expect(relativePath('../a.ts', roots, '~/work/app/src')).toBe('a.ts');
    expect(relativePath('~/work/app', roots)).toBe('.');
    expect(relativePath('~/work/apple/a.ts', roots)).not.toContain('work');
  });

  it('are relative below a path that looks like another user’s home', () => {
    const other = { worktree: '/home/ben/app', home: '/root' };
    expect(relativePath('~/app/src/a.ts', other)).toBe('src/a.ts');
    expect(relativePath('/home/ben/app/src/a.ts', other)).toBe('src/a.ts');
  });

  it('leave texts without the way to the worktree', () => {
    expect(hidePaths('see `~/work/app/src/a.ts` in ~/work/app, not ~/work/apple', roots)).toBe(
      'see `src/a.ts` in ., not ~/work/apple',
    );
  });

  it('stay hidden outside the worktree', () => {
    expect(relativePath('~/.ssh/config', roots)).toBe('~/…/config');
  });
});

describe('the same file under another name', () => {
  const roots = {
    worktree: '/w/repo',
    home: '/home/u',
    worktrees: ['/w/repo/.agents/one', '/w/two'],
    resolve: (path: string) => path.replace('/link/', '/w/repo/').normalize('NFC'),
  };
  it.each([
    ['/w/repo/src/a.ts', 'src/a.ts'],
    ['/w/repo/.agents/one/src/a.ts', 'src/a.ts'],
    ['/w/two/src/a.ts', 'src/a.ts'],
    ['/link/src/a.ts', 'src/a.ts'],
    ['file:///w/repo/src/a%20b.ts', 'src/a b.ts'],
    ['/w/repo/src/cafe\u0301.ts', 'src/caf\u00e9.ts'],
    ['/w/twofold/a.ts', '…/a.ts'],
  ])('%s is %s', (path, expected) => {
    expect(relativePath(path, roots)).toBe(expected);
  });

  it('tells no path of another worktree', () => {
    expect(hidePaths('see /w/two/src/a.ts and /w/repo/.agents/one', roots)).toBe('see src/a.ts and .');
  });
});
