// install and uninstall without a client, and with a stand-in that writes down what it was asked.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { builtPackage, runProcess } from '../helpers/built-cli.ts';
import { filesBelow } from '../helpers/scan.ts';
import { tempDir } from '../helpers/temp-repo.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function openHome(): string {
  const home = tempDir();
  folders.push(home);
  return home;
}

/** A `claude` that keeps its arguments in a file and answers lists with `lists`, else with the given exit code. */
function fakeClient(home: string, lists: unknown[] = [], code = 0): string {
  const program = join(home, 'bin/claude');
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(
    program,
    `#!/bin/sh\necho "$*" >>"${home}/asked"\ncase "$*" in *--json) echo '${JSON.stringify(lists)}'; exit 0;; esac\necho 'it says no' >&2\nexit ${code}\n`,
  );
  chmodSync(program, 0o755);
  return program;
}

const run = (home: string, args: string[], env: Record<string, string> = {}, from = builtPackage()) =>
  runProcess(process.execPath, [join(from, 'bin/repomem.js'), ...args], {
    cwd: home,
    home,
    env: { PATH: '/usr/bin:/bin', ...env },
  });

const asked = (home: string): string[] => readFileSync(join(home, 'asked'), 'utf8').trimEnd().split('\n');
const marketplace = (home: string): string => join(home, '.local/share/repomem/marketplace');

describe('install', () => {
  it('copies the package and has the client add the marketplace and install the plugin', async () => {
    const home = openHome();
    const result = await run(home, ['install', '--client', fakeClient(home)]);
    expect(result.code, result.stderr).toBe(0);
    expect(asked(home)).toEqual([
      'plugin marketplace list --json',
      `plugin marketplace add ${marketplace(home)}`,
      'plugin list --json',
      'plugin install repomem@repomem',
    ]);
    const manifest = JSON.parse(readFileSync(join(marketplace(home), '.claude-plugin/marketplace.json'), 'utf8')) as {
      plugins: { source: string }[];
    };
    expect(manifest.plugins[0]?.source).toBe('./repomem');
  });

  it('copies what npm would pack, and never a lockfile, tests or another marketplace', async () => {
    const home = openHome();
    const from = join(home, 'checkout');
    cpSync(builtPackage(), from, { recursive: true });
    for (const name of ['package-lock.json', 'secret.txt', 'node_modules/x/index.js', 'test/a.test.ts']) {
      mkdirSync(join(from, name, '..'), { recursive: true });
      writeFileSync(join(from, name), '{}');
    }
    await run(home, ['install', '--client', fakeClient(home)], {}, from);
    const top = readdirSync(join(marketplace(home), 'repomem'));
    for (const name of ['bin', 'dist', 'package.json', '.claude-plugin']) expect(top).toContain(name);
    for (const name of ['package-lock.json', 'secret.txt', 'node_modules', 'test']) expect(top).not.toContain(name);
    expect(
      filesBelow(join(marketplace(home), 'repomem')).filter((file) => /marketplace\.json|lock/.test(file)),
    ).toEqual([]);
  });

  it('updates what is there: the old copy is replaced whole, the plugin taken out and put in again', async () => {
    const home = openHome();
    await run(home, ['install', '--client', fakeClient(home)]);
    writeFileSync(join(marketplace(home), 'repomem/dist/old-chunk.js'), '');
    mkdirSync(join(marketplace(home), '.old'));
    rmSync(join(home, 'asked'));
    const lists = [
      { id: 'repomem@repomem', scope: 'user', enabled: true, version: '0.0.9' },
      { id: 'repomem@elsewhere', scope: 'user', enabled: true, version: '0.0.9' },
      { name: 'repomem', source: 'directory', path: marketplace(home) },
    ];
    const result = await run(home, ['install', '--client', fakeClient(home, lists)]);
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout).toContain('Replaced');
    expect(result.stdout).toContain('Also enabled: repomem@elsewhere');
    expect(asked(home)).toContain('plugin marketplace update repomem');
    expect(asked(home).slice(-2)).toEqual([
      'plugin uninstall repomem@repomem --keep-data',
      'plugin install repomem@repomem',
    ]);
    expect(existsSync(join(marketplace(home), 'repomem/dist/old-chunk.js'))).toBe(false);
    expect(readdirSync(marketplace(home)).sort()).toEqual(['.claude-plugin', 'repomem']);
  });

  it('finds the client on the PATH, and in the folders where its installers put it', async () => {
    const home = openHome();
    fakeClient(home);
    expect((await run(home, ['install'], { PATH: `${home}/bin:/usr/bin:/bin` })).code).toBe(0);
    mkdirSync(join(home, '.local/bin'), { recursive: true });
    cpSync(join(home, 'bin/claude'), join(home, '.local/bin/claude'));
    expect((await run(home, ['install'])).code).toBe(0);
  });

  it('says how to go on by hand when there is no client', async () => {
    const home = openHome();
    const result = await run(home, ['install']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(`/plugin marketplace add ${marketplace(home)}`);
    expect(result.stderr).toContain('/plugin install repomem@repomem');
    expect(existsSync(join(marketplace(home), 'repomem/bin/repomem.js'))).toBe(true);
  });

  it("passes on the client's own words when it refuses", async () => {
    const home = openHome();
    const result = await run(home, ['install', '--client', fakeClient(home, [], 1)]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('it says no');
    expect((await run(home, ['install', '--client', join(home, 'none')])).stderr).toContain('expected a program');
  });

  it('keeps to XDG_DATA_HOME, and ignores one that is not absolute', async () => {
    const home = openHome();
    const client = fakeClient(home);
    await run(home, ['install', '--client', client], { XDG_DATA_HOME: join(home, 'data') });
    expect(existsSync(join(home, 'data/repomem/marketplace/repomem'))).toBe(true);
    await run(home, ['install', '--client', client], { XDG_DATA_HOME: 'data2' });
    expect(existsSync(join(home, 'data2'))).toBe(false);
    expect(existsSync(marketplace(home))).toBe(true);
  });
});

describe('a checkout that nobody built', () => {
  it('builds itself at its first use, and says what is missing where it cannot', async () => {
    const home = openHome();
    const from = join(home, 'checkout');
    const top = join(import.meta.dirname, '../..');
    for (const name of ['bin', 'src', 'package.json', 'LICENSE', 'test/tools'])
      cpSync(join(top, name), join(from, name), { recursive: true });
    expect(await run(home, ['hook', 'Stop'], {}, from)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const start = await run(home, ['hook', 'SessionStart'], {}, from);
    expect(start).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\{"systemMessage":".*npm ci"\}$/m) as string,
    });
    expect((await run(home, ['--version'], {}, from)).stderr).toMatch(/not built: cd '.*checkout' && npm ci/);
    symlinkSync(join(top, 'node_modules'), join(from, 'node_modules'));
    expect((await run(home, ['--version'], {}, from)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('uninstall', () => {
  it('takes back plugin, marketplace and copy, and nothing else', async () => {
    const home = openHome();
    await run(home, ['install', '--client', fakeClient(home)]);
    rmSync(join(home, 'asked'));
    const lists = [
      { id: 'repomem@repomem', scope: 'user', enabled: true },
      { name: 'repomem', source: 'directory', path: marketplace(home) },
    ];
    mkdirSync(join(home, '.config/repomem'), { recursive: true });
    writeFileSync(join(home, '.config/repomem/settings.yaml'), 'autoInit: true\n');
    const result = await run(home, ['uninstall', '--client', fakeClient(home, lists)]);
    expect(result.code, result.stderr).toBe(0);
    expect(asked(home)).toContain('plugin uninstall repomem@repomem');
    expect(asked(home).at(-1)).toBe('plugin marketplace remove repomem');
    expect(existsSync(join(home, '.local/share/repomem'))).toBe(false);
    expect(existsSync(join(home, '.config/repomem/settings.yaml'))).toBe(true);
  });

  it('has nothing to do the second time, and still clears the copy without a client', async () => {
    const home = openHome();
    const client = fakeClient(home);
    const nothing = await run(home, ['uninstall', '--client', client]);
    expect(nothing).toMatchObject({ code: 0, stderr: '' });
    expect(nothing.stdout).toContain('nothing to take back');
    await run(home, ['install', '--client', client]);
    // A command that npm put there is npm's to take away.
    mkdirSync(join(home, 'lib/node_modules/repomem/bin'), { recursive: true });
    writeFileSync(join(home, 'lib/node_modules/repomem/bin/repomem.js'), '', { mode: 0o755 });
    symlinkSync('../lib/node_modules/repomem/bin/repomem.js', join(home, 'bin/repomem'));
    const env = { PATH: `${home}/bin:/usr/bin:/bin` };
    expect((await run(home, ['uninstall', '--client', client], env)).stdout).toContain('npm uninstall -g repomem');
    rmSync(join(home, 'bin/repomem'));
    await run(home, ['install', '--client', client]);
    const without = await run(home, ['uninstall']);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('/plugin uninstall repomem@repomem');
    expect(existsSync(marketplace(home))).toBe(false);
  });

  it('tells a program what was done, by both commands, and why nothing was', async () => {
    const home = openHome();
    const client = fakeClient(home);
    const answer = async (...args: string[]): Promise<unknown> => {
      const { stdout, stderr } = await run(home, [...args, '--json']);
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    };
    expect(await answer('install', '--client', client, '--provider', 'extractive')).toEqual({
      version: expect.stringMatching(/^\d/) as string,
      folder: marketplace(home),
      plugin: 'repomem@repomem',
      did: expect.arrayContaining([
        expect.stringContaining('Copied: '),
        'Plugin installed and enabled: repomem@repomem',
        expect.stringContaining('written by rules alone'),
      ]) as string[],
    });
    expect(await answer('install')).toMatchObject({
      error: { code: 'install', hint: expect.stringContaining('/plugin install repomem@repomem') as string },
    });
    expect(await answer('uninstall', '--client', client)).toMatchObject({
      did: expect.arrayContaining([`Removed: ${marketplace(home)}`]) as string[],
    });
  });
});
