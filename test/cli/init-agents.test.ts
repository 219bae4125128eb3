import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli, runProcess } from '../helpers/built-cli.ts';
import { filesBelow } from '../helpers/scan.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) removeFolder(folder);
});

function open(files: Record<string, string> = { 'a.txt': 'a\n' }): { home: string; repo: TempRepo } {
  const home = tempDir();
  folders.push(home);
  return { home, repo: tempRepo(files, { at: join(home, 'work/repo') }) };
}

const all = ['claude-code', 'qwen', 'codex', 'copilot', 'gemini', 'opencode', 'pi', 'cline', 'cursor', 'openclaw'];
const flags = (names: readonly string[]): string[] => names.flatMap((name) => ['--agent', name]);

/** Path → text of all files but git's own and the memory's. */
function filesOf(repo: TempRepo): Record<string, string> {
  return Object.fromEntries(
    filesBelow(repo.dir)
      .map((file) => [file.slice(repo.dir.length + 1), readFileSync(file, 'utf8')] as const)
      .filter(([path]) => !/^(?:\.git|\.claude-mem)\//.test(path)),
  );
}

/** What a team may have in those files already. */
const others: Record<string, string> = {
  '.claude/settings.json': '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"say done"}]}]}}',
  '.qwen/settings.json': '{\n  // ours\n  "mcpServers": { "db": { "command": "db" } }\n}\n',
  '.codex/config.toml': 'model = "gpt"\n\n[mcp_servers.db]\ncommand = "db"\n',
  '.gemini/settings.json': '{\r\n\t"hooks": {\r\n\t\t"AfterTool": [\r\n\t\t\t{ "hooks": [] }\r\n\t\t]\r\n\t}\r\n}\r\n',
  '.github/mcp.json': '{ "mcpServers": { "db": { "command": "db" } } }\n',
  'opencode.jsonc': '{\n  "model": "x" /* the small one */\n}\n',
  '.cursor/hooks.json': '{ "version": 1, "hooks": { "stop": [{ "command": "say done" }] } }\n',
};

describe('init --agent', () => {
  it('writes what each agent reads, and takes every byte of it back', async () => {
    const { home, repo } = open({ 'a.txt': 'a\n', ...others });
    const run = await runCli(['init', '--yes', ...flags(all)], { cwd: repo.dir, home });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const written = filesOf(repo);
    for (const path of [
      '.codex/hooks.json',
      '.github/hooks/repomem.json',
      '.opencode/plugins/repomem.js',
      '.pi/extensions/repomem.ts',
      '.pi/mcp.json',
      '.cline/plugins/repomem.js',
      '.cursor/mcp.json',
      'skills/repomem/SKILL.md',
      '.mcp.json',
    ])
      expect(written[path], path).toContain('repomem');
    for (const path of Object.keys(others)) expect(written[path], path).toContain('repomem');
    expect(written['opencode.json']).toBeUndefined();
    expect(run.stdout).toContain('documentation');
    expect(JSON.stringify(written)).not.toContain(home);
    const again = await runCli(['init', '--yes', ...flags(all)], { cwd: repo.dir, home });
    expect(again.stdout).toContain('Nothing to do');
    expect(filesOf(repo)).toEqual(written);
    const one = await runCli(['init', '--undo', '--agent', 'qwen'], { cwd: repo.dir, home });
    expect(one.stdout.trim()).toBe('Taken back: .qwen/settings.json');
    expect(existsSync(join(repo.dir, '.claude-mem/settings.yaml'))).toBe(true);
    await runCli(['init', '--undo', '--yes'], { cwd: repo.dir, home });
    expect(filesOf(repo)).toEqual({ 'a.txt': 'a\n', ...others });
  });

  it('refuses an agent that it does not know, with the list, before anything is written', async () => {
    const { home, repo } = open();
    for (const way of ['--yes', '--undo']) {
      const unknown = await runCli(['init', way, '--agent', 'pi', '--agent', 'clippy'], { cwd: repo.dir, home });
      expect(unknown.code).toBe(2);
      for (const name of all) expect(unknown.stderr).toContain(name);
    }
    expect(existsSync(join(repo.dir, '.claude-mem'))).toBe(false);
    expect(filesOf(repo)).toEqual({ 'a.txt': 'a\n' });
  });

  it('leaves every file that is no JSON alone, and says where', async () => {
    const { home, repo } = open();
    await runCli(['init', '--yes', ...flags(all)], { cwd: repo.dir, home });
    const paths = Object.keys(filesOf(repo)).filter((path) => /\.jsonc?$/.test(path));
    expect(paths.length).toBeGreaterThan(9);
    await runCli(['init', '--undo', ...flags(all)], { cwd: repo.dir, home });
    for (const path of paths) {
      const file = repo.write(path, '{ "hooks": \n');
      const before = filesOf(repo);
      const broken = await runCli(['init', '--yes', ...flags(all)], { cwd: repo.dir, home });
      expect(broken.code, path).toBe(2);
      // Copilot's hooks are a file of our own: there anything else is another's.
      const reason = path.startsWith('.github/hooks/')
        ? ': not changed; another file'
        : ':2: not changed; expected JSON';
      expect(broken.stderr).toContain(path + reason);
      await runCli(['init', '--undo', ...flags(all)], { cwd: repo.dir, home });
      expect(filesOf(repo)).toEqual(before);
      rmSync(file);
    }
  });

  it('leaves servers and files of others alone that bear our name', async () => {
    const { home, repo } = open({ 'a.txt': 'a\n' });
    for (const [name, path, text] of [
      ['codex', '.codex/config.toml', '[mcp_servers.repomem]\ncommand = "mine"\n'],
      ['pi', '.pi/mcp.json', '{"mcpServers":{"repomem":{"command":"mine"}}}'],
      ['cline', '.cline/plugins/repomem.js', 'export default {};\n'],
    ] as const) {
      mkdirSync(dirname(join(repo.dir, path)), { recursive: true });
      writeFileSync(join(repo.dir, path), text);
      expect((await runCli(['init', '--yes', '--agent', name], { cwd: repo.dir, home })).code, path).toBe(2);
      expect(repo.read(path)).toBe(text);
    }
  });

  it('is not noticed by a colleague without repomem: hooks are silent, servers answer, plugins load and do nothing', async () => {
    const { home, repo } = open();
    await runCli(['init', '--yes', ...flags(all)], { cwd: repo.dir, home });
    rmSync(join(home, '.local'), { recursive: true });
    const written = filesOf(repo);
    const commands = Object.entries(written)
      .filter(([path]) => path.endsWith('.json'))
      .flatMap(([, text]) =>
        [...text.matchAll(/"(?:command|bash)": ("repomem=.*?[^\\]")/g)].map(
          (match) => JSON.parse(match[1] ?? '') as string,
        ),
      );
    expect(commands.length).toBeGreaterThan(30);
    for (const command of new Set(commands))
      expect(await runProcess('sh', ['-c', command], { cwd: repo.dir, home, input: '{}' })).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      });
    const { mcpServers } = JSON.parse(written['.cursor/mcp.json'] ?? '') as {
      mcpServers: { repomem: { command: string; args: string[] } };
    };
    const { command, args } = mcpServers.repomem;
    const info = '"capabilities":{},"clientInfo":{"name":"x","version":"1"}';
    for (const line of [
      `{"method":"initialize","params":{"protocolVersion":"2025-06-18",${info}},"jsonrpc":"2.0","id":0}`,
      `{"jsonrpc":"2.0","id":7,"method":"initialize","params":{"protocolVersion":"2025-06-18",${info}}}`,
    ]) {
      const run = await runProcess(command, args, {
        cwd: repo.dir,
        home,
        input: `{"jsonrpc":"2.0","id":4,"method":"server/discover"}\n${line}\n{"jsonrpc":"2.0","method":"notifications/initialized"}\n{"method":"prompts/list","jsonrpc":"2.0","id":9}\n`,
      });
      const { id } = JSON.parse(line) as { id: number };
      const [unknown, first, second] = run.stdout
        .trim()
        .split('\n')
        .map((answer): unknown => JSON.parse(answer));
      expect(unknown).toMatchObject({ id: 4, error: { code: -32601 } });
      expect(first).toMatchObject({ id, result: { protocolVersion: '2025-06-18', capabilities: { prompts: {} } } });
      // A server without anything to offer is reported, too.
      expect(second).toMatchObject({ id: 9, result: { prompts: [{ name: 'about' }] } });
    }
    for (const path of ['.opencode/plugins/repomem.js', '.cline/plugins/repomem.js']) {
      const load = `import(process.argv[1]).then(async (m) => console.log(typeof (m.default ?? m.Repomem), JSON.stringify(await m.Repomem?.({}) ?? {})))`;
      const run = await runProcess(process.execPath, ['-e', load, join(repo.dir, path)], { cwd: repo.dir, home });
      expect(run.stdout.trim(), run.stderr).toMatch(/^(?:object|function) \{\}$/);
    }
  });

  it('shows in doctor: hooked, trusted or not, last seen, what to do', async () => {
    const { home, repo } = open();
    mkdirSync(join(home, '.gemini'));
    writeFileSync(join(home, '.gemini/x'), '');
    await runCli(['init', '--yes', '--agent', 'codex'], { cwd: repo.dir, home });
    const ask = async (): Promise<string> => (await runCli(['doctor'], { cwd: repo.dir, home })).stdout;
    expect(await ask()).toMatch(/Codex CLI: hooked, not known to be trusted, no event yet\n.*\/hooks/);
    expect(await ask()).toMatch(/Gemini CLI: found on this machine, not hooked up here\n.*repomem init --agent gemini/);
    expect(await ask()).not.toContain('Qwen');
    mkdirSync(join(home, '.codex'));
    writeFileSync(
      join(home, '.codex/config.toml'),
      `[hooks.state."${repo.dir}/.codex/hooks.json:stop:0:0"]\ntrusted_hash = "sha256:0"\n`,
    );
    const event = {
      session_id: 's1',
      hook_event_name: 'Stop',
      transcript_path: null,
      cwd: repo.dir,
      turn_id: 't',
      last_assistant_message: 'done',
    };
    await runCli(['hook', 'Stop', '--agent', 'codex'], {
      cwd: repo.dir,
      home,
      input: JSON.stringify(event),
      env: { REPOMEM_WAIT: '1' },
    });
    expect(await ask()).toMatch(/Codex CLI: hooked, trusted, last event 20\d\d-/);
  });
});

describe('agents-md', () => {
  it('writes its block only when told to, changes nothing else of the file, and takes it back', async () => {
    const before = '# House rules\n\nRun the tests.\n';
    const { home, repo } = open({ 'AGENTS.md': before });
    await runCli(['init', '--yes'], { cwd: repo.dir, home });
    const call = (...args: string[]) => runCli(['agents-md', ...args], { cwd: repo.dir, home });
    expect((await call()).code).toBe(2);
    expect(repo.read('AGENTS.md')).toBe(before);
    await runCli(['add', 'Cursors are opaque', '--type', 'decision', '--body', 'They hold a page.'], {
      cwd: repo.dir,
      home,
    });
    expect((await call('--yes')).code).toBe(0);
    // What nobody reviewed is not put before every agent.
    expect(repo.read('AGENTS.md')).not.toContain('Cursors are opaque');
    repo.git('add', '-A');
    repo.git('commit', '-qm', 'memory');
    await call('--yes');
    const text = repo.read('AGENTS.md');
    expect(text.startsWith(before)).toBe(true);
    expect(text.match(/repomem:start/g)).toHaveLength(1);
    expect(text).toContain('Cursors are opaque');
    expect((await call('--yes')).stdout).toContain('Nothing to do');
    await call('--undo');
    expect(repo.read('AGENTS.md')).toBe(before);
  });
});
