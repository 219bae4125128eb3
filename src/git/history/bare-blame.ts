// `git blame` with none of the repository's own settings: a `blame.ignoreRevsFile` that is missing or lists unknown commits makes every
// blame fail, and git has no option against it. Runs in a temporary repository that borrows the objects of this one.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { askGit } from '../run/git-query.ts';
import { runIn, variablesOf } from '../run/runner.ts';
import type { OpenOptions } from '../run/simple-git.ts';

/** `args`: of `git blame`, with full ids as revisions. Throws as askGit does, and system errors on a read-only disk. */
export async function blameWithoutSettings(
  paths: MemoryPaths,
  args: readonly string[],
  options: OpenOptions,
): Promise<string> {
  const commonDir = paths.commonDir ?? '';
  mkdirSync(paths.privateDir, { recursive: true, mode: 0o700 });
  const bare = mkdtempSync(join(paths.privateDir, 'blame-'));
  try {
    const head = runIn(paths, ['rev-parse', 'HEAD'], options).stdout.trim();
    mkdirSync(join(bare, 'refs'));
    mkdirSync(join(bare, 'objects/info'), { recursive: true });
    writeFileSync(join(bare, 'objects/info/alternates'), `${join(commonDir, 'objects')}\n`);
    writeFileSync(join(bare, 'HEAD'), `${head}\n`);
    const format =
      head.length === 64 ? '[core]\nrepositoryFormatVersion = 1\n[extensions]\nobjectFormat = sha256\n' : '';
    writeFileSync(join(bare, 'config'), format);
    if (existsSync(join(commonDir, 'shallow'))) copyFileSync(join(commonDir, 'shallow'), join(bare, 'shallow'));
    const env = { ...variablesOf(options), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    const here = [`--git-dir=${bare}`, `--work-tree=${paths.worktree ?? ''}`];
    return await askGit(paths, [...here, ...args], { ...options, env });
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
}
