// 1,000 secrets in everything that a session says and does, through the hooks and the compressor as processes: none is found afterwards.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { scriptedClient } from '../helpers/scripted-client.ts';
import { runCli } from '../helpers/built-cli.ts';
import { hostSession, shown, type HostSession } from '../helpers/host-session.ts';
import { allObjects, leaksBelow, makeLeakFinder } from '../helpers/leaks.ts';
import { startMcp } from '../helpers/mcp-client.ts';
import { filesBelow } from '../helpers/scan.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { makeCases, type SecretCase } from '../privacy/corpus.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

type Plant = (session: HostSession, text: string, at: number, repo: string) => Promise<unknown> | void;

/** Where a secret may stand, in turn. */
const carriers: Record<string, Plant> = {
  prompt: (s, text) => s.prompt(`Please use this, because the old one stopped: ${text}`),
  command: (s, text) => s.tool('Bash', { command: `run-it <<'END'\n${text}\nEND`, description: 'run' }, shown('ok')),
  description: (s, text) => s.tool('Bash', { command: 'npm test', description: text }, shown('1 passed')),
  stdout: (s, text) => s.tool('Bash', { command: 'npm start' }, shown(`ready\n${text}\nlistening`)),
  stderr: (s, text) => s.fail('Bash', { command: 'npm start' }, `Exit code 1\nError: refused\n${text}`),
  edit: (s, text, at, repo) => {
    const file = { filePath: join(repo, `src/part-${at}.ts`), oldString: 'a', newString: text, originalFile: 'a' };
    const lines = [' head', '-a', ...text.split('\n').map((line) => `+${line}`)];
    const structuredPatch = [{ oldStart: 1, oldLines: 2, newStart: 1, newLines: lines.length - 1, lines }];
    return s.tool(
      'Edit',
      { file_path: file.filePath, old_string: 'a', new_string: text },
      { ...file, structuredPatch },
    );
  },
  write: (s, text, at, repo) => {
    const filePath = join(repo, `src/new-${at}.ts`);
    const response = { type: 'create', filePath, content: text, structuredPatch: [], originalFile: null };
    return s.tool('Write', { file_path: filePath, content: text }, response);
  },
  multiEdit: (s, text, at, repo) =>
    s.tool(
      'MultiEdit',
      { file_path: join(repo, `src/m-${at}.ts`), edits: [{ old_string: 'x', new_string: text }] },
      'done',
    ),
  editError: (s, text, at, repo) =>
    s.fail('Edit', { file_path: join(repo, `src/p-${at}.ts`) }, `String not found: ${text}`),
  web: (s, text) => s.tool('WebFetch', { url: 'https://example.com', prompt: 'x' }, { result: text, code: 200 }),
  mcpInput: (s, text) =>
    s.tool('mcp__db__query', { sql: text, key: text, type: text, session: text }, [{ type: 'text', text: 'ok' }]),
  mcpOutput: (s, text) => s.tool('mcp__db__query', { sql: 'select 1' }, [{ type: 'text', text }]),
  mcpKey: (s, text) => s.tool('mcp__db__put', { [text]: 1 }, [{ type: 'text', text: 'ok' }]),
  report: (s, text) => s.report(`The cause was found: the service refuses it.\n${text}`),
  said: (s, text) => s.say(`I decided to keep the retry, because the service refused this:\n${text}`),
  question: (s, text) =>
    s.tool(
      'AskUserQuestion',
      { questions: [{ question: `Which one of these? ${text}` }] },
      { answers: { [`Which one of these? ${text}`]: `the second: ${text}` } },
    ),
  task: (s, text) => s.tool('TaskCreate', { subject: text, description: text }, { task: { id: '1', subject: text } }),
  plan: (s, text) => s.tool('ExitPlanMode', { plan: `First rotate.\n${text}` }, { plan: text }),
  commit: (s, text) =>
    s.tool(
      'Bash',
      { command: `git commit -q -m 'Rotate the key because it leaked\n\n${text.replaceAll("'", '')}'` },
      shown(`[main abc1234] Rotate the key because it leaked: ${text.split('\n')[0]}`),
    ),
  compactSummary: (s, text) => s.raw('PostCompact', { trigger: 'auto', compact_summary: `We found out:\n${text}` }),
  stop: (s, text) =>
    s.stop(`It failed because the limit was 3; I raised it to 5 rather than removing it. Seen on the way:\n${text}`),
};

/** Carriers whose hook is a process of Node; the others' is the shell alone. */
const inProcess = new Set(['prompt', 'compactSummary', 'stop']);

/** Secrets that can stand in the name of a file, and that their own shape gives away. */
const isNameable = ({ secret, context }: SecretCase): boolean =>
  /^[\w.-]{16,120}$/.test(secret) && ['backticks', 'error', 'sentence', 'path'].includes(context);

async function open(): Promise<{ home: string; repo: TempRepo }> {
  const home = tempDir();
  folders.push(home);
  const repo = tempRepo({ 'src/app.ts': 'export const a = 1;\n' }, { at: join(home, 'work/repo') });
  giveMemory(repo, home);
  repo.git('add', '-A');
  repo.git('commit', '-qm', 'memory');
  return { home, repo };
}

describe('1,000 planted secrets', () => {
  it('are in no file, no object of git, no log, no request to a model and no output afterwards', async () => {
    const { home, repo } = await open();
    const seed = Number(process.env['REPOMEM_TEST_SEED'] ?? 20_261);
    const cases = makeCases([seed, seed + 1, seed + 2, seed + 3], 3).slice(0, 1000);
    expect(cases).toHaveLength(1000);
    const find = makeLeakFinder(
      cases.map(({ secret, type, context }, at) => ({ secret, label: `${at} ${type} ${context}` })),
    );
    const client = scriptedClient(home);
    const sessions = 8;
    const plants = Object.entries(carriers);
    const size = cases.length / sessions;
    for (let index = 0; index < sessions; index++) {
      const mine = cases.slice(index * size, (index + 1) * size);
      const isScripted = index % 2 === 1;
      const replied = isScripted ? mine.splice(0, 25) : [];
      // A reply of a model that repeats what it should not, in every field of its own.
      const record = (one: SecretCase, at: number): object => ({
        type: 'bugfix',
        title: at % 6 === 0 ? one.text.slice(0, 4000) : `The limit was too low in part ${index}-${at}`,
        description: at % 6 === 1 ? one.text : `Raised because callers ${index}-${at} were refused.`,
        body: at % 6 === 2 ? one.text : `Part ${at} of ${index} was refused.`,
        facts: at % 6 === 3 ? [one.text] : [`fact ${index}-${at}`],
        aliases: at % 6 === 4 ? [one.text] : [],
        concepts: at % 6 === 5 ? [one.text] : [],
        cites: ['src/app.ts:1-1', one.secret],
        supersedes: [one.secret],
        contradicts: [one.secret],
        confidence: 0.9,
        importance: 0.9,
      });
      client.answer({ records: replied.map(record) });
      const session = hostSession({
        repo: repo.dir,
        home,
        env: isScripted ? client.env : {},
      });
      await session.prompt('The check fails with a refused connection. Find the cause and repair it.');
      const waiting: Record<string, string[]> = {};
      for (const [at, one] of mine.entries()) {
        if (isNameable(one)) {
          const name = `src/${one.secret}.ts`;
          repo.write(name, 'export const b = 2;\n');
          const structuredPatch = [
            { oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: ['-b', '+export const b = 2;'] },
          ];
          const filePath = join(repo.dir, name);
          await session.tool(
            'Edit',
            { file_path: filePath, old_string: 'b', new_string: 'export const b = 2;' },
            { filePath, structuredPatch },
          );
          await session.tool('Read', { file_path: filePath }, { type: 'text', file: { filePath, numLines: 1 } });
          continue;
        }
        const [name = '', plant] = plants[(index * 7 + at) % plants.length] ?? [];
        // Which a whole process reads get four at a time; a text at the border of what is read stays alone.
        const isShared = inProcess.has(name) && one.context !== 'border';
        const texts = isShared ? (waiting[name] = [...(waiting[name] ?? []), one.text]) : [one.text];
        if (isShared && texts.length < 4) continue;
        if (isShared) delete waiting[name];
        await plant?.(session, texts.join('\n\n'), at, repo.dir);
      }
      for (const [name, texts] of Object.entries(waiting))
        await carriers[name]?.(session, texts.join('\n\n'), 0, repo.dir);
      await session.stop('Connections were refused because the limit was 3. It is 5 now and the check passes.');
      await session.end();
      const env: Record<string, string> = isScripted ? client.env : {};
      expect((await runCli(['compress'], { cwd: repo.dir, home, env })).code).toBe(0);
    }
    for (const folder of ['new', 'claims', 'tmp', 'dead']) {
      const path = join(repo.dir, '.git/repomem/spool/main', folder);
      expect(existsSync(path) ? readdirSync(path) : [], folder).toEqual([]);
    }
    // The user's own files with a secret in their names are the user's; what remains is ours.
    const isUsers = (path: string): boolean =>
      path.startsWith(join(repo.dir, 'src/')) || path === join(home, '.claude') || path === client.script;
    const records = filesBelow(join(repo.dir, '.claude-mem')).filter((file) => file.endsWith('.md'));
    expect(records.length).toBeGreaterThan(20);
    expect(leaksBelow(home, find, isUsers)).toEqual([]);
    expect(existsSync(client.calls)).toBe(true);

    repo.git('add', '-A', '.claude-mem');
    repo.git('commit', '-qm', 'records');
    expect(find(allObjects(repo.dir))).toEqual([]);

    const ids = records.map((file) => /([0-9a-z]{8})\.md$/.exec(file)?.[1] ?? '').filter(Boolean);
    const asked = [
      ['context'],
      ['list', '--json'],
      ['list', '--limit', '500'],
      ['search', 'refused', '--json'],
      ['status', '--json'],
      ['doctor'],
      ['log'],
      ['stats'],
      ['timeline', ids[0] ?? ''],
      ['show', ...ids.slice(0, 40)],
      ['show', '--json', ...ids.slice(0, 40)],
      ['lint'],
    ];
    for (const args of asked) {
      const run = await runCli(args, { cwd: repo.dir, home });
      expect(find(run.stdout + run.stderr), args.join(' ')).toEqual([]);
    }
    const mcp = await startMcp({ cwd: repo.dir, home });
    const answers = [
      await mcp.call('search', { query: 'refused', limit: 50 }),
      await mcp.call('search', { limit: 50 }),
      await mcp.call('context'),
      await mcp.call('get_observations', { ids: ids.slice(0, 20) }),
      await mcp.call('get_observations', { ids: ids.slice(20, 40) }),
      await mcp.call('timeline', { anchor: ids[0] }),
      await mcp.ask('resources/list'),
    ];
    await mcp.close();
    expect(answers.join('\n')).toContain(ids[0] ?? 'no id');
    expect(find(answers.join('\n'))).toEqual([]);
    expect(readFileSync(join(repo.dir, '.git/index')).length).toBeGreaterThan(0);
  }, 600_000);
});
