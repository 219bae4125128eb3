// Who writes the records is asked once, in a real terminal, and nothing leaves the machine before somebody said yes.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtCli, runCli, runHook } from '../helpers/built-cli.ts';
import { startEndpoint } from '../helpers/fake-endpoint.ts';
import { filesBelow, waitFor } from '../helpers/scan.ts';
import { gitVars, removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

let home: string;
let repo: TempRepo;
let vars: Record<string, string>;
beforeEach(() => {
  home = tempDir();
  repo = tempRepo({ 'a.txt': 'a\n' }, { at: join(home, 'work/repo') });
  mkdirSync(join(home, 'bin'));
  // A client that installs plugins, and would answer if it were asked a question.
  const program = `#!/bin/sh\necho "$*" >>'${home}/asked'\ncase "$*" in *--json) echo '[]';; esac\n`;
  writeFileSync(join(home, 'bin/claude'), program);
  chmodSync(join(home, 'bin/claude'), 0o755);
  vars = { PATH: [join(home, 'bin'), process.env['PATH']].join(delimiter) };
});
afterEach(() => removeFolder(home));

const settings = (): string => {
  const file = join(home, '.config/repomem/settings.yaml');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** `repomem ARGS` in a pseudo-terminal of util-linux's script; `keys` are pressed when the question stands there. */
function inTerminal(args: string, keys: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qec', `'${process.execPath}' '${builtCli()}' ${args}`, '/dev/null'], {
      cwd: repo.dir,
      env: {
        ...gitVars,
        ...vars,
        HOME: home,
        LANG: 'C.UTF-8',
        TERM: 'dumb',
        npm_config_prefix: join(home, '.npm-global'),
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let shown = '';
    let isBegun = false;
    let isPressed = false;
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString('utf8');
      if (!isBegun && shown.includes('[Y/n]')) {
        isBegun = true;
        child.stdin.write('\r');
      }
      if (isPressed || !shown.includes('[n] rules alone')) return;
      isPressed = true;
      child.stdin.write(keys);
    });
    child.on('error', reject);
    child.on('close', () => resolve(shown));
  });
}

const hasTerminal = existsSync('/usr/bin/script') && process.platform === 'linux';

describe.runIf(hasTerminal)('the question, in a terminal (script of util-linux)', () => {
  it.each([
    ['init --mcp', 'y', 'provider: claude'],
    ['init --mcp', 'n', 'provider: extractive'],
    ['install', 'y', 'provider: claude'],
  ])('of %s is answered by the key %s', async (args, key, line) => {
    const shown = await inTerminal(args, key);
    expect(shown).toMatch(/about \d+ thousand tokens a session/);
    expect(settings()).toContain(line);
    // Answered once: not asked again.
    expect(await inTerminal('init', '')).not.toContain('[n] rules alone');
  });

  it.each([
    ['Enter', '\r'],
    ['Ctrl-C', '\u0003'],
  ])('is not answered by %s', async (_, key) => {
    const shown = await inTerminal('install', key);
    expect(shown).toContain('No model is asked');
    expect(settings()).not.toContain('provider');
  });
});

describe('without a terminal', () => {
  it('is answered by --provider, and by nothing else', async () => {
    const open = await runCli(['init', '--yes'], { cwd: repo.dir, home, env: vars });
    expect(open.stdout).toContain('No model is asked: records are written by rules alone');
    expect(settings()).toBe('');
    for (const command of ['status', 'doctor'])
      expect((await runCli([command], { cwd: repo.dir, home, env: vars })).stdout).toContain(
        'repomem settings provider claude',
      );
    const said = await runCli(['init', '--yes', '--provider', 'claude'], { cwd: repo.dir, home, env: vars });
    expect(said.code, said.stderr).toBe(0);
    expect(settings()).toContain('provider: claude');
    const status = await runCli(['status'], { cwd: repo.dir, home, env: vars });
    expect(status.stdout).toContain('provider   claude: your own client with model haiku');
    expect(status.stdout).not.toContain('repomem settings provider claude');
    const bad = await runCli(['init', '--provider', 'gpt'], { cwd: repo.dir, home, env: vars });
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('expected claude or extractive') });
  });

  it('tells the user once, at the start of a session, how a model is switched on', async () => {
    await runCli(['init', '--yes'], { cwd: repo.dir, home, env: vars });
    const start = (session: string) =>
      runHook('SessionStart', { session_id: session, source: 'startup' }, { cwd: repo.dir, home, env: vars });
    expect(JSON.parse((await start('one')).stdout)).toHaveProperty(
      'systemMessage',
      expect.stringContaining('repomem settings provider claude'),
    );
    expect((await start('two')).stdout).not.toContain('repomem settings provider claude');
  });

  it('sends no byte anywhere, with keys, endpoints and a client at hand, and a project that names a model', async () => {
    const endpoint = await startEndpoint('anthropic', [{ text: '{}' }]);
    const keys = {
      ...vars,
      ANTHROPIC_API_KEY: 'a-key',
      ANTHROPIC_BASE_URL: endpoint.url,
      OPENAI_API_KEY: 'a-key',
      OPENAI_BASE_URL: `${endpoint.url}/v1`,
      GEMINI_API_KEY: 'a-key',
    };
    await runCli(['init', '--yes'], { cwd: repo.dir, home, env: keys });
    repo.write('.claude-mem/settings.yaml', 'version: 1\nprovider: anthropic\n');
    repo.git('add', '-A');
    repo.git('commit', '-qm', 'memory');
    const hook = (event: string, payload: object) =>
      runHook(event, { session_id: 's', ...payload }, { cwd: repo.dir, home, env: keys });
    await hook('UserPromptSubmit', { prompt: 'From now on use `pnpm` here, never npm.' });
    await hook('Stop', { last_assistant_message: 'Noted: this repository uses pnpm, and never npm.' });
    await hook('SessionEnd', { reason: 'other' });
    const compressed = await runCli(['compress'], { cwd: repo.dir, home, env: keys });
    expect(compressed.code, compressed.stderr).toBe(0);
    const records = await waitFor(
      () => filesBelow(join(repo.dir, '.claude-mem')).find((file) => /-\w{8}\.md$/.test(file)),
      10_000,
    );
    expect(records.found).toBeDefined();
    const auto = { ...keys, REPOMEM_PROVIDER: 'auto' };
    await hook('UserPromptSubmit', { prompt: 'And yarn is never used either.' });
    await runCli(['compress'], { cwd: repo.dir, home, env: auto });
    expect(endpoint.asked).toEqual([]);
    expect(existsSync(join(home, 'asked'))).toBe(false);
    await endpoint.close();
  });
});
