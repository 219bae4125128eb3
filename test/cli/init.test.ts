import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli, runProcess } from '../helpers/built-cli.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) removeFolder(folder);
});

/** A folder with a home and a repository in it. */
function open(files: Record<string, string> = {}): { home: string; repo: TempRepo } {
  const home = tempDir();
  folders.push(home);
  return { home, repo: tempRepo(files, { at: join(home, 'work/repo') }) };
}

const init = (cwd: string, home: string, ...args: string[]) => runCli(['init', ...args], { cwd, home });
const memoryFiles = ['.gitattributes', '.gitignore', 'README.md', 'settings.yaml'];

describe('init', () => {
  it('makes the memory at the top of the working tree, says what it wrote and how to go on', async () => {
    const { home, repo } = open({ 'src/a.ts': 'a\n' });
    const run = await init(join(repo.dir, 'src'), home);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    for (const file of memoryFiles) {
      expect(existsSync(join(repo.dir, '.claude-mem', file))).toBe(true);
      expect(run.stdout).toContain(`Written: ${join(repo.dir, '.claude-mem', file)}`);
    }
    expect(run.stdout).toMatch(/The plugin, once for each machine: .*repomem(?:\.js)? install/);
    expect(repo.git('status', '--short')).toBe('?? .claude-mem/\n');
  });

  it('tells a program what it wrote', async () => {
    const { home, repo } = open();
    const read = async () => JSON.parse((await init(repo.dir, home, '--yes', '--json')).stdout) as unknown;
    const written = memoryFiles.map((file) => `.claude-mem/${file}`);
    expect(await read()).toEqual({ root: repo.dir, written: expect.arrayContaining(written), isNew: true });
    expect(await read()).toEqual({ root: repo.dir, written: [], isNew: false });
  });

  it('does nothing the second time', async () => {
    const { home, repo } = open();
    await init(repo.dir, home);
    writeFileSync(join(repo.dir, '.claude-mem/README.md'), 'ours\n');
    const run = await init(repo.dir, home, '--yes');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('Nothing to do');
    expect(repo.read('.claude-mem/README.md')).toBe('ours\n');
  });

  it('lists the repository among those of the user, once', async () => {
    const { home, repo } = open();
    await init(repo.dir, home);
    await init(repo.dir, home);
    const list = JSON.parse(readFileSync(join(home, '.config/repomem/repositories.json'), 'utf8')) as unknown;
    expect(list).toEqual({ repositories: [{ root: repo.dir, since: expect.stringMatching(/Z$/) }] });
    await init(repo.dir, home, '--undo');
    expect(readFileSync(join(home, '.config/repomem/repositories.json'), 'utf8')).not.toContain(repo.dir);
  });

  it('works without git in the folder itself, and says what is missing', async () => {
    const { home } = open();
    const plain = join(home, 'plain');
    mkdirSync(plain);
    const run = await init(plain, home);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('no git here');
    expect(existsSync(join(plain, '.claude-mem/settings.yaml'))).toBe(true);
  });

  it('works in a linked worktree, a submodule and before the first commit', async () => {
    const { home, repo } = open({ 'a.txt': 'a\n' });
    const linked = join(home, 'work/linked');
    repo.git('worktree', 'add', '-q', '-b', 'other', linked);
    expect((await init(linked, home)).code).toBe(0);
    expect(existsSync(join(linked, '.claude-mem/settings.yaml'))).toBe(true);
    expect(existsSync(join(repo.dir, '.claude-mem'))).toBe(false);
    const outer = tempRepo({ 'b.txt': 'b\n' }, { at: join(home, 'work/outer') });
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repo.dir, 'inner');
    expect((await init(join(outer.dir, 'inner'), home)).code).toBe(0);
    expect(existsSync(join(outer.dir, 'inner/.claude-mem/settings.yaml'))).toBe(true);
    expect(existsSync(join(outer.dir, '.claude-mem'))).toBe(false);
    const fresh = tempRepo({}, { at: join(home, 'work/fresh') });
    expect((await init(fresh.dir, home)).code).toBe(0);
  });

  it('refuses the home folder, the root of the disk and a folder that is gone', async () => {
    const { home } = open();
    const inHome = await init(home, home);
    expect(inHome).toMatchObject({ code: 2, stdout: '' });
    expect(inHome.stderr).toContain('the home folder gets no memory');
    const inRoot = await init('/', home);
    expect(inRoot.code).toBe(2);
    expect(inRoot.stderr).toContain('the root of the disk');
    expect(existsSync('/.claude-mem')).toBe(false);
    symlinkSync(home, join(home, 'link'));
    expect((await init(join(home, 'link'), home)).code).toBe(2);
    expect(existsSync(join(home, '.claude-mem'))).toBe(false);
  });

  it('refuses a bare repository, beside it too, and a .git that leads nowhere', async () => {
    const { home } = open();
    const bare = join(home, 'bare.git');
    mkdirSync(bare);
    await runProcess('git', ['init', '-q', '--bare'], { cwd: bare, home });
    for (const cwd of [bare, join(bare, 'refs')]) {
      const run = await init(cwd, home);
      expect(run.code).toBe(2);
      expect(run.stderr).toContain('bare repository');
      expect(run.stderr).toContain('git worktree add');
    }
    const beside = join(home, 'beside');
    mkdirSync(beside);
    writeFileSync(join(beside, '.git'), `gitdir: ${bare}\n`);
    expect((await init(beside, home)).stderr).toContain('bare repository');
    writeFileSync(join(beside, '.git'), 'gitdir: ../nowhere\n');
    expect((await init(beside, home)).stderr).toContain('leads to no repository');
  });

  it.skipIf(process.getuid?.() !== 0)('says that a folder cannot be written', async () => {
    const dir = tempDir();
    folders.push(dir);
    await runProcess('chmod', ['755', dir], { cwd: dir });
    const run = await runCli(['init'], { cwd: dir, home: '/nonexistent', uid: 65_534 });
    expect(run.code, run.stderr).toBe(2);
    expect(run.stderr).toMatch(/permission denied \(EACCES\)\n.*check its owner/);
  });

  it('says that a file stands where the folder should', async () => {
    const { home, repo } = open({ '.claude-mem': 'a file\n' });
    const run = await init(repo.dir, home);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/\.claude-mem: .*expected a folder/);
    expect(repo.read('.claude-mem')).toBe('a file\n');
  });

  it('takes back what it wrote and keeps the records, unless told otherwise', async () => {
    const { home, repo } = open({ 'a.txt': 'a\n' });
    await init(repo.dir, home, '--hooks', '--mcp');
    const record = '.claude-mem/observations/2026/11/2026-11-20-a-7k3qz9wd.md';
    repo.write(record, '---\ntype: gotcha\ntitle: a\n---\n');
    const undone = await init(repo.dir, home, '--undo');
    expect(undone.code).toBe(0);
    expect(repo.git('status', '--short', '-uall')).toBe(`?? ${record}\n`);
    // As the first undo said, though it took away what makes the folder a memory.
    expect((await init(repo.dir, home, '--undo', '--forget-memories')).code).toBe(0);
    expect(repo.git('status', '--short', '-uall')).toBe('');
    expect(existsSync(join(repo.dir, '.git/repomem'))).toBe(false);
    expect((await init(repo.dir, home, '--undo')).stdout).toContain('Nothing to take back');
  });

  it('refuses what it does not know', async () => {
    const { home, repo } = open();
    expect((await init(repo.dir, home, 'there')).code).toBe(2);
    expect((await init(repo.dir, home, '--forget-memories')).stderr).toContain('goes with --undo');
    expect(existsSync(join(repo.dir, '.claude-mem'))).toBe(false);
  });
});

describe('init --hooks', () => {
  const settings =
    '{\n    "permissions": { "allow": ["Bash(ls)"] },\n    "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "true"}]}]}\n}';

  it('adds its hooks and leaves every other byte; --undo gives the file back', async () => {
    const { home, repo } = open({ '.claude/settings.json': settings });
    expect((await init(repo.dir, home, '--hooks')).code).toBe(0);
    const written = repo.read('.claude/settings.json');
    expect(written).toContain('"permissions": { "allow": ["Bash(ls)"] }');
    const parsed = JSON.parse(written) as { hooks: Record<string, unknown[]> };
    expect(parsed.hooks['Stop']).toHaveLength(2);
    expect(Object.keys(parsed.hooks)).toContain('PostToolUseFailure');
    expect((await init(repo.dir, home, '--hooks')).stdout).toContain('Nothing to do');
    expect(repo.read('.claude/settings.json')).toBe(written);
    expect((await init(repo.dir, home, '--undo')).code).toBe(0);
    expect(repo.read('.claude/settings.json')).toBe(settings);
  });

  it('hurts nobody who has no repomem, and captures for who has', async () => {
    const { home, repo } = open({ 'a.txt': 'a\n' });
    await init(repo.dir, home, '--hooks');
    const { hooks } = JSON.parse(repo.read('.claude/settings.json')) as {
      hooks: Record<string, { hooks: { command: string }[] }[]>;
    };
    const payload = {
      session_id: 's',
      hook_event_name: 'PostToolUse',
      tool_name: 'Bash',
      tool_input: {},
      cwd: repo.dir,
    };
    for (const [event, groups] of Object.entries(hooks)) {
      const command = groups[0]?.hooks[0]?.command ?? '';
      const stranger = await runProcess('sh', ['-c', command], {
        cwd: repo.dir,
        home: join(home, 'elsewhere'),
        input: JSON.stringify({ ...payload, hook_event_name: event }),
      });
      expect(stranger, event).toEqual({ code: 0, stdout: '', stderr: '' });
    }
    expect(existsSync(join(repo.dir, '.git/repomem/spool'))).toBe(false);
    const command = hooks['PostToolUse']?.[0]?.hooks[0]?.command ?? '';
    await runProcess('sh', ['-c', command], { cwd: repo.dir, home, input: JSON.stringify(payload) });
    expect(existsSync(join(repo.dir, '.git/repomem/spool/main/new'))).toBe(true);
  });

  it('refuses settings that are no JSON, or a link, without changing them', async () => {
    const { home, repo } = open({ '.claude/settings.json': '{ "hooks": { none } }\n', '.mcp.json': '[]\n' });
    const run = await init(repo.dir, home, '--hooks');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('.claude/settings.json:1: not changed; expected JSON');
    expect(repo.read('.claude/settings.json')).toBe('{ "hooks": { none } }\n');
    expect((await init(repo.dir, home, '--mcp')).stderr).toContain('.mcp.json: not changed');
    rmSync(join(repo.dir, '.claude/settings.json'));
    writeFileSync(join(home, 'other.json'), '{}\n');
    symlinkSync(join(home, 'other.json'), join(repo.dir, '.claude/settings.json'));
    expect((await init(repo.dir, home, '--hooks')).code).toBe(2);
    expect(readFileSync(join(home, 'other.json'), 'utf8')).toBe('{}\n');
  });
});

describe('init --mcp', () => {
  it('adds its server beside others, and takes only that one back', async () => {
    const before = '{"mcpServers":{"db":{"command":"db"}}}';
    const { home, repo } = open({ '.mcp.json': before });
    expect((await init(repo.dir, home, '--mcp')).code).toBe(0);
    const { mcpServers } = JSON.parse(repo.read('.mcp.json')) as { mcpServers: Record<string, unknown> };
    expect(Object.keys(mcpServers)).toEqual(['db', 'repomem']);
    await init(repo.dir, home, '--undo');
    expect(repo.read('.mcp.json')).toBe(before);
  });

  it("refuses to replace somebody else's server of that name", async () => {
    const before = '{ "mcpServers": { "repomem": { "command": "mine" } } }\n';
    const { home, repo } = open({ '.mcp.json': before });
    expect((await init(repo.dir, home, '--mcp')).stderr).toContain('stands there already');
    expect(repo.read('.mcp.json')).toBe(before);
  });
});
