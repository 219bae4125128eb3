import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TempRepo {
  dir: string;
  git(...args: string[]): string;
  write(path: string, text: string | Uint8Array): string;
  read(path: string): string;
  remove(): void;
}

/** A fresh folder with a real path, for the caller to remove. */
export function tempDir(prefix = 'repomem-test-'): string {
  return realpathSync(mkdtempSync(join(tmpdir(), prefix)));
}

/** Removes it with all that is in it, though a compressor that a hook started may still write there for a moment. */
export function removeFolder(dir: string): void {
  for (let tries = 0; ; tries++) {
    try {
      rmSync(dir, { recursive: true, force: true });
      return;
    } catch (error) {
      if (tries > 100) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}

/** Git's variables for tests: a fixed author, nobody's configuration, no background work. */
export const gitVars = {
  GIT_AUTHOR_NAME: 'dev',
  GIT_AUTHOR_EMAIL: 'dev@example.com',
  GIT_COMMITTER_NAME: 'dev',
  GIT_COMMITTER_EMAIL: 'dev@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

const quietConfig = '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[commit]\n\tgpgsign = false\n';

/** A real git repository on branch main with the given files committed; no commit when there are none. */
export function tempRepo(files: Record<string, string> = {}, options: { at?: string } = {}): TempRepo {
  const dir = options.at ?? tempDir();
  mkdirSync(dir, { recursive: true });
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: dir, ...gitVars },
    });
  const write = (path: string, text: string | Uint8Array): string => {
    const file = join(dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  // Without the dozen sample hooks: their folder alone.
  git('init', '-q', '-b', 'main', '--template=');
  for (const name of ['hooks', 'info']) mkdirSync(join(dir, '.git', name), { recursive: true });
  appendFileSync(join(dir, '.git/config'), quietConfig);
  for (const [path, text] of Object.entries(files)) write(path, text);
  if (Object.keys(files).length > 0) {
    git('add', '-A');
    git('commit', '-qm', 'init');
  }
  return {
    dir,
    git,
    write,
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    remove: () => removeFolder(dir),
  };
}
