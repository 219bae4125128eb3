import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hostNames } from '../../src/agents/hosts.ts';
import { builtCli, builtPackage, runCli, runProcess } from '../helpers/built-cli.ts';
import { playHost } from '../helpers/recorded-host.ts';
import { filesBelow } from '../helpers/scan.ts';
import { repoWithMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, type TempRepo } from '../helpers/temp-repo.ts';

const folders: string[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) removeFolder(folder);
});

async function open(): Promise<{ home: string; repo: TempRepo }> {
  const home = tempDir();
  folders.push(home);
  const repo = repoWithMemory(home, { 'fibonacci.py': 'def fib(n):\n    a, b = 0, 1\n    return a\n' });
  return { home, repo };
}

/** The text of every record, shared and local. */
function recordsOf(repo: TempRepo): string[] {
  const folder = join(repo.dir, '.claude-mem');
  return filesBelow(folder)
    .filter((file) => /(?:observations|sessions)\/.*\.md$/.test(file))
    .map((file) => readFileSync(file, 'utf8'));
}

/** Where each host looks for the text in what a hook printed. */
const contextIn: Readonly<Record<string, (text: string) => unknown>> = {
  copilot: (text) => (JSON.parse(text) as { additionalContext?: string }).additionalContext,
  ...Object.fromEntries(
    ['qwen', 'codex', 'gemini'].map((name) => [
      name,
      (text: string) =>
        (JSON.parse(text) as { hookSpecificOutput?: { additionalContext?: string } }).hookSpecificOutput
          ?.additionalContext,
    ]),
  ),
};

const cases = [
  ['qwen', 'qwen'],
  ['codex', 'codex'],
  ['codex', 'codex-code-mode'],
  ['copilot', 'copilot'],
  ['copilot', 'copilot-pascal'],
  ['gemini', 'gemini'],
  ['opencode', 'opencode'],
  ['pi', 'pi'],
  ['cline', 'cline'],
  ['openclaw', 'openclaw'],
] as const;

describe('a recorded session of another agent', () => {
  it.each(cases)(
    '%s (%s) leaves records, one of which names the edited file; the next session is told of it',
    async (host, recording) => {
      const { home, repo } = await open();
      const first = await playHost(host, recording, { repo, home });
      expect(first.length).toBeGreaterThan(0);
      await runCli(['compress'], { cwd: repo.dir, home });
      const records = recordsOf(repo).filter((text) => !/^type: session$/m.test(text));
      expect(records.length).toBeGreaterThan(0);
      expect(records.join('\n')).toMatch(/^ {2}- \{ path: fibonacci\.py, lines: /m);
      expect(recordsOf(repo).join('\n')).toMatch(/^- Edited: .*`fibonacci\.py`/m);
      for (const text of recordsOf(repo)) expect(text).toMatch(new RegExp(`^agent: ${host}$`, 'm'));
      expect(recordsOf(repo).join('\n')).not.toContain('repomem-memory');
      const id = /-([0-9a-z]{8})\.md$/.exec(
        filesBelow(join(repo.dir, '.claude-mem')).find((file) => readFileSync(file, 'utf8') === records[0]) ?? '',
      )?.[1];
      const session = '5e55aaaa-0000-4000-8000-000000000002';
      const second = await playHost(host, recording, { repo, home, session, endsOnceTold: true });
      const told = contextIn[host]?.(second[0] ?? '') ?? second[0];
      expect(told).toContain(`${id}`);
      expect(
        repo
          .git('status', '--short')
          .split('\n')
          .filter(Boolean)
          .every((line) => /\.claude-mem|fibonacci/.test(line)),
      ).toBe(true);
    },
  );

  it('is kept once, and told once, where two files of the repository deliver it', async () => {
    const { home, repo } = await open();
    const env = { COPILOT_CLI: '1', REPOMEM_WAIT: '0' };
    const [named, unnamed] = await Promise.all([
      playHost('copilot', 'copilot-pascal', { repo, home, env }),
      playHost('copilot', 'copilot-pascal', { repo, home, env, isUnnamed: true }),
    ]);
    expect([...named, ...unnamed].filter((text) => text.includes('repomem-memory'))).toHaveLength(1);
    await runCli(['compress'], { cwd: repo.dir, home });
    const titles = recordsOf(repo).map((text) => /^title: .*/m.exec(text)?.[0]);
    expect(titles.length).toBeGreaterThan(0);
    const observations = recordsOf(repo).filter((text) => !/^type: session$/m.test(text));
    expect(new Set(observations.map((text) => /^title: .*/m.exec(text)?.[0])).size).toBe(observations.length);
    for (const text of recordsOf(repo)) expect(text).toMatch(/^agent: copilot$/m);
  });
});

interface PluginTool {
  name: string;
  execute(...args: unknown[]): Promise<unknown>;
}

describe('the tools that a plugin brings', () => {
  const load = (path: string): Promise<{ makePlugin(): object; default: object }> =>
    import(pathToFileURL(join(builtPackage(), 'src/agents', path)).href);
  const names = ['search', 'timeline', 'get_observations', 'remember', 'context', 'forget'].map(
    (name) => `repomem__${name}`,
  );

  it('are those of the MCP server, and answer from the memory of the session’s folder', async () => {
    const { home, repo } = await open();
    vi.stubEnv('HOME', home);
    const flags = ['--type', 'decision', '--body', 'They are not defined.', '--file', 'fibonacci.py'];
    await runCli(['add', 'Negative numbers are refused', ...flags], { cwd: repo.dir, home });

    const cline: PluginTool[] = [];
    const plugin = (await load('cline/plugin.mjs')).makePlugin() as {
      setup(api: object, context: object): void;
    };
    plugin.setup({ registerTool: (tool: PluginTool) => cline.push(tool) }, { workspaceInfo: { rootPath: repo.dir } });
    expect(cline.map(({ name }) => name)).toEqual(names);
    expect(await cline[0]?.execute({ query: 'negative' })).toContain('Negative numbers are refused');
    await expect(cline[2]?.execute({ ids: ['zzzzzzzz'] })).rejects.toThrow('zzzzzzzz');
    await expect(cline[2]?.execute({})).rejects.toThrow('ids');

    const manifest = readFileSync(join(builtPackage(), 'src/agents/openclaw/plugin/openclaw.plugin.json'), 'utf8');
    expect((JSON.parse(manifest) as { contracts: { tools: string[] } }).contracts.tools).toEqual(names);
    const claw: PluginTool[] = [];
    const registerTool = (toolsOf: (context: object) => PluginTool[]) =>
      claw.push(...toolsOf({ workspaceDir: repo.dir }));
    ((await load('openclaw/plugin/index.js')).default as { register(api: object): void }).register({
      on: () => {},
      registerTool,
    });
    expect(claw.map(({ name }) => name)).toEqual(names);
    expect(JSON.stringify(await claw[0]?.execute('id', { query: 'negative' }))).toContain(
      'Negative numbers are refused',
    );
  });
});

describe('the hook protocol', () => {
  it('is enough for an adapter of ten lines for an agent that nobody knows', async () => {
    const { home, repo } = await open();
    // Written from `repomem help protocol` alone.
    const adapter = join(home, 'adapter.mjs');
    writeFileSync(
      adapter,
      `import { spawnSync } from 'node:child_process';
const [repomem, session] = process.argv.slice(2);
const tell = (event, more = {}) => {
  const input = JSON.stringify({ event, session, agent: 'sunflower', ...more });
  const { stdout } = spawnSync(process.execPath, [repomem, 'hook', event, '--agent', 'protocol'], { input, encoding: 'utf8' });
  return stdout ? JSON.parse(stdout).context : '';
};
const start = tell('start');
tell('prompt', { prompt: 'Make fib refuse negative numbers' });
tell('tool', { tool: { name: 'poke', kind: 'edit', id: 'c1', input: { path: 'fibonacci.py', old_string: 'a, b = 0, 1', new_string: 'a, b = 1, 1' } } });
tell('turn-end', { text: 'fib refuses negative numbers now, because range(-1) silently gave 0.' });
tell('end');
console.log(start);
`,
    );
    // What it tells is kept, to be held against the page.
    const told = join(home, 'told.jsonl');
    const recorder = join(home, 'recorder.mjs');
    writeFileSync(
      recorder,
      `import { appendFileSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
const input = readFileSync(0, 'utf8');
appendFileSync(process.env.TOLD, input + '\\n');
const args = [process.env.PROGRAM, ...process.argv.slice(2)];
process.stdout.write(spawnSync(process.execPath, args, { input, encoding: 'utf8' }).stdout);
`,
    );
    const env = { REPOMEM_WAIT: '1', TOLD: told, PROGRAM: builtCli() };
    const play = (session: string) =>
      runProcess(process.execPath, [adapter, recorder, session], { cwd: repo.dir, home, env });
    repo.write('fibonacci.py', 'def fib(n):\n    a, b = 1, 1\n    return a\n');
    expect((await play('one')).stdout).toContain('No project memory yet');
    const records = recordsOf(repo);
    expect(records.join('\n')).toMatch(/^agent: sunflower$/m);
    expect(records.join('\n')).toContain('Edited: `fibonacci.py`');
    expect((await play('two')).stdout).toMatch(/gotcha|decision|bugfix|change|feature|discovery/);
    expect(await runCli(['lint', '--protocol', told], { cwd: repo.dir, home })).toMatchObject({ code: 0 });
    const page = (await runCli(['help', 'protocol'], { cwd: repo.dir, home })).stdout;
    const keys = new Set(readFileSync(told, 'utf8').match(/(?<=")\w+(?=":)/g));
    expect(keys.size).toBeGreaterThan(8);
    for (const key of keys) expect(page, key).toMatch(new RegExp(`^ +${key}\\b|\`${key}\``, 'm'));
  });

  it('is held to by lint --protocol', async () => {
    const { home, repo } = await open();
    const page = await runCli(['help', 'protocol'], { cwd: repo.dir, home });
    const lines = page.stdout.split('\n').flatMap((line) => (line.startsWith('  {') ? [line.trim()] : []));
    expect(lines.length).toBeGreaterThan(3);
    const good = repo.write('good.jsonl', [...lines, '{"answer":{"context":"x"}}', ''].join('\n'));
    expect(await runCli(['lint', '--protocol', good], { cwd: repo.dir, home })).toMatchObject({ code: 0 });
    const bad = repo.write(
      'bad.jsonl',
      '{"event":"prompt","session":"s"}\n{"event":"nap","session":1}\nno\n{"answer":{"additionalContext":"x"}}\n',
    );
    const run = await runCli(['lint', '--protocol', bad], { cwd: repo.dir, home });
    expect(run.code).toBe(1);
    for (const place of [
      'bad.jsonl:1: prompt',
      'bad.jsonl:2: event',
      'bad.jsonl:2: session',
      'bad.jsonl:3',
      'bad.jsonl:4: additionalContext',
    ])
      expect(run.stdout).toContain(place);
    expect((await runCli(['lint', '--protocol'], { cwd: repo.dir, home })).code).toBe(2);
  });

  it('never fails a host: an agent that is not known, an event that is not, no input', async () => {
    const { home, repo } = await open();
    for (const [args, input] of [
      [['hook', 'start', '--agent', 'nobody'], '{"event":"start","session":"s"}'],
      [['hook', 'nap', '--agent', 'protocol'], '{"event":"nap","session":"s"}'],
      [['hook', 'prompt', '--agent=protocol'], ''],
      [['hook'], '[]'],
    ] as const)
      expect(await runCli(args, { cwd: repo.dir, home, input })).toMatchObject({ code: 0, stderr: '' });
    const odd = { hook_event_name: 'PreToolUse', event: 'start', session_id: {}, session: 's', tool_name: 'edit' };
    const whole = JSON.stringify({ ...odd, tool_input: [null], prompt: 5, cwd: 'nowhere', transcript_path: true });
    // No host gets to read what is no object: there one of them each is enough.
    const broken = ['{"session_id":"s","event":"start', '\u0000[[[', 'null'];
    for (const [at, name] of hostNames.entries())
      for (const input of [whole, broken[at % broken.length] ?? '']) {
        const run = await runCli(['hook', 'PreToolUse', '--agent', name], { cwd: repo.dir, home, input });
        expect(run, name).toMatchObject({ code: 0, stderr: '' });
        if (run.stdout !== '') expect(typeof JSON.parse(run.stdout)).toBe('object');
      }
    const log = readFileSync(join(repo.dir, '.git/repomem/log/hook.log'), 'utf8');
    expect(log).toContain('--agent nobody');
    expect(existsSync(join(repo.dir, '.git/repomem'))).toBe(true);
    expect(readdirSync(repo.dir)).toContain('fibonacci.py');
  });
});
