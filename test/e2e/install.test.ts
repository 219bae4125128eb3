// install and uninstall with the real client: registered, enabled, at work, and gone again.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { builtPackage, runProcess } from '../helpers/built-cli.ts';
import { askClient, describeClients, driveClient } from '../helpers/real-client.ts';
import { filesBelow, waitFor } from '../helpers/scan.ts';
import { removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';

const opened: { remove(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.remove();
});

const script = {
  turns: [
    { tools: [{ name: 'Bash', input: { command: 'cat version.txt | grep 2' } }] },
    // A file that was not read is not overwritten by every version of the client.
    { tools: [{ name: 'Read', input: { file_path: '{{REPO}}/version.txt' } }] },
    {
      text: 'The version stands only in version.txt, so that is where I raise it.',
      tools: [{ name: 'Write', input: { file_path: '{{REPO}}/version.txt', content: '2\n' } }],
    },
    { tools: [{ name: 'Bash', input: { command: 'cat version.txt | grep 2' } }] },
    { text: 'The check failed because version.txt still said 1. It says 2 now and the check passes.' },
  ],
};

/** The tarball, installed as npx does it: nobody changes it, so that both clients share one. */
let packed: string;
beforeAll(() => {
  packed = tempDir();
  const told = execFileSync(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', packed, builtPackage()],
    { encoding: 'utf8', cwd: packed, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const [{ filename } = { filename: '' }] = JSON.parse(told) as { filename: string }[];
  const tarball = join(packed, filename);
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--prefix', packed, tarball], {
    stdio: 'ignore',
    cwd: packed,
  });
  rmSync(tarball);
  expect(readPackages(packed)).toEqual(['repomem']);
});
afterAll(() => removeFolder(packed));

describeClients((client) => {
  it('installs the packed tarball, works, updates, and leaves nothing behind', async () => {
    const home = tempDir();
    const repo = tempRepo({ 'version.txt': '1\n' });
    opened.push(repo, { remove: () => removeFolder(home) });
    const unpacked = join(home, 'npx');
    cpSync(packed, unpacked, { recursive: true, verbatimSymlinks: true });
    const bin = join(unpacked, 'node_modules/.bin/repomem');
    const repomem = (...args: string[]) => runProcess(bin, args, { cwd: repo.dir, home, env: {} });

    const installed = await repomem('install', '--client', client.program);
    expect(installed.code, installed.stderr).toBe(0);
    expect(installed.stdout).toContain('installed and enabled: repomem@repomem');
    rmSync(unpacked, { recursive: true });
    const listed = await askClient(client, home, 'plugin', 'list');
    expect(listed.stdout).toMatch(/repomem@repomem[\s\S]*enabled/);

    const copy = join(home, '.local/share/repomem/marketplace/repomem/bin/repomem.js');
    const again = (...args: string[]) => runProcess(process.execPath, [copy, ...args], { cwd: repo.dir, home });
    expect((await again('init', '--yes')).code).toBe(0);
    const session = await driveClient(client, { repo: repo.dir, home, prompt: 'Raise the version to 2.', script });
    expect(session.code, session.stderr).toBe(0);
    const { found } = await waitFor(() => recordsOf(repo.dir)[0], 60_000);
    expect(found).toBeDefined();

    const updated = await runProcess(
      process.execPath,
      [join(builtPackage(), 'bin/repomem.js'), 'install', '--client', client.program],
      { cwd: home, home },
    );
    expect(updated.code, updated.stderr).toBe(0);
    expect(updated.stdout).toContain('updated and enabled');

    const before = recordsOf(repo.dir);
    const removed = await again('uninstall', '--client', client.program);
    expect(removed.code, removed.stderr).toBe(0);
    expect((await askClient(client, home, 'plugin', 'list', '--json')).stdout.trim()).toBe('[]');
    expect((await askClient(client, home, 'plugin', 'marketplace', 'list', '--json')).stdout.trim()).toBe('[]');
    expect(existsSync(join(home, '.local/share/repomem'))).toBe(false);
    expect(readFileSync(join(home, '.claude/settings.json'), 'utf8')).not.toContain('repomem');
    expect(recordsOf(repo.dir)).toEqual(before);
    const after = await driveClient(client, { repo: repo.dir, home, prompt: 'Raise the version to 2.', script });
    expect(after.code).toBe(0);
    expect(after.requests[0]).not.toMatch(/\d+ of \d+ shown/);
  });

  it('has a manifest and a marketplace that the client calls valid', async () => {
    const run = await askClient(client, builtPackage(), 'plugin', 'validate', builtPackage());
    expect(run.stdout + run.stderr).toContain('Validation passed');
    expect(run.code).toBe(0);
  });
});

describeClients(
  (client) => {
    it('stands installed after three installs, two of them at once', async () => {
      const home = tempDir();
      opened.push({ remove: () => removeFolder(home) });
      const install = () =>
        runProcess(process.execPath, [join(builtPackage(), 'bin/repomem.js'), 'install', '--client', client.program], {
          cwd: home,
          home,
        });
      const runs = [await install(), ...(await Promise.all([install(), install()]))];
      expect(
        runs.map((run) => run.code),
        runs.map((run) => run.stderr).join(''),
      ).toEqual([0, 0, 0]);
      expect(existsSync(join(home, '.local/share/repomem/marketplace/repomem/bin/repomem-hook.sh'))).toBe(true);
    });
  },
  { isLastEnough: true },
);

function readPackages(folder: string): string[] {
  const lock = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: Record<string, unknown>;
  };
  return Object.keys(lock.packages).map((path) => path.replace('node_modules/', ''));
}

function recordsOf(repo: string): string[] {
  const folder = join(repo, '.claude-mem');
  return existsSync(folder) ? filesBelow(folder).filter((file) => /\/\d{4}\/\d{2}\/\d{2}-.*\.md$/.test(file)) : [];
}
