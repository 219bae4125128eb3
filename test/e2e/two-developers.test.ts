// A person's afternoon: two developers, one bare remote. What A's session learned reaches B's next session by way of a review.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { builtPackage, runCli, runHook, runProcess, type Run } from '../helpers/built-cli.ts';
import { hostSession, shown } from '../helpers/host-session.ts';
import { replaySession } from '../helpers/replay.ts';
import { filesBelow, filesWith } from '../helpers/scan.ts';
import { gitVars, removeFolder, tempDir } from '../helpers/temp-repo.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const read = (name: string): string => readFileSync(join(fixtures, name), 'utf8');

interface Developer {
  dir: string;
  home: string;
  git(...args: string[]): Promise<Run>;
  repomem(...args: string[]): Promise<Run>;
  /** What a session is told at its start. */
  startsWith(): Promise<string>;
}

let folder: string;
let sessions = 0;
beforeEach(() => {
  folder = tempDir();
});
afterEach(() => removeFolder(folder));

function developer(name: string): Developer {
  const home = join(folder, name);
  const dir = join(home, 'work');
  mkdirSync(home);
  const env = { GIT_AUTHOR_NAME: name, GIT_COMMITTER_NAME: name };
  return {
    dir,
    home,
    git: (...args) => runProcess('git', args, { cwd: existsSync(dir) ? dir : home, home, env }),
    repomem: (...args) => runCli(args, { cwd: dir, home, env }),
    async startsWith() {
      const payload = { source: 'startup', session_id: `${name}-${++sessions}` };
      const { stdout } = await runHook('SessionStart', payload, { cwd: dir, home, env });
      const answer = JSON.parse(stdout || '{}') as { hookSpecificOutput?: { additionalContext?: string } };
      return answer.hookSpecificOutput?.additionalContext ?? '';
    },
  };
}

async function succeed(run: Promise<Run>): Promise<string> {
  const { code, stdout, stderr } = await run;
  expect(code, stderr + stdout).toBe(0);
  return stdout;
}

/** The recorded session, with what its tools did to the files; and one in which a check fails and an edit cures it. */
async function work({ dir, home }: Developer): Promise<void> {
  await replaySession({
    plugin: builtPackage(),
    repo: dir,
    home,
    hooks: read('fib-session.hooks.jsonl'),
    transcript: read('fib-session.transcript.jsonl'),
    env: gitVars,
    before: (payload) => {
      const input = payload['tool_input'] as Record<string, string> | undefined;
      const file = input?.['file_path'];
      if (payload['hook_event_name'] !== 'PostToolUse' || !input || file === undefined) return;
      if (payload['tool_name'] === 'Write') writeFileSync(file, input['content'] ?? '');
      if (payload['tool_name'] === 'Edit') {
        const text = readFileSync(file, 'utf8').replace(input['old_string'] ?? '', () => input['new_string'] ?? '');
        writeFileSync(file, text);
      }
    },
  });
  const filePath = join(dir, 'fibonacci.py');
  const [oldString, newString] = ['    if n < 0:\n', '    n = int(n)\n    if n < 0:\n'];
  writeFileSync(filePath, readFileSync(filePath, 'utf8').replace(oldString, newString));
  const s = hostSession({ repo: dir, home });
  const check = { command: 'python3 -m unittest test_fibonacci' };
  await s.prompt('The test of texts fails. Mend it.');
  await s.fail('Bash', check, 'Exit code 1\n  File "fibonacci.py", line 2, in fib\nTypeError: n is a str, not an int');
  const lines = ['+    n = int(n)', '     if n < 0:'];
  await s.tool(
    'Edit',
    { file_path: filePath, old_string: oldString, new_string: newString },
    {
      filePath,
      oldString,
      newString,
      structuredPatch: [{ oldStart: 2, oldLines: 1, newStart: 2, newLines: 2, lines }],
    },
  );
  await s.tool('Bash', check, shown('Ran 2 tests in 0.000s\n\nOK'));
  await s.stop('`fib` turns texts into numbers before it compares, because arguments of a command line are texts.');
  await s.end();
}

it('carries what one developer’s session learned to the other’s, by way of a branch and its review', async () => {
  const remote = join(folder, 'remote.git');
  await succeed(runProcess('git', ['init', '-q', '--bare', '-b', 'main', remote], { cwd: folder }));
  const [a, b] = [developer('ada'), developer('ben')];
  await succeed(a.git('clone', '-q', remote, a.dir));
  await succeed(a.git('checkout', '-qb', 'main'));
  writeFileSync(join(a.dir, 'fibonacci.py'), read('fibonacci.py'));
  await succeed(a.repomem('init', '--yes'));
  await succeed(a.repomem('install-git-hooks', '--trailer'));
  await succeed(a.git('add', '-A'));
  await succeed(a.git('commit', '-qm', 'Begin'));
  await succeed(a.git('push', '-q', '-u', 'origin', 'main'));
  await succeed(b.git('clone', '-q', remote, b.dir));
  expect(await b.startsWith()).toContain('0 of 0 shown');

  // Ada's session leaves records; her commit takes them along, and nothing else of hers.
  await succeed(a.git('checkout', '-qb', 'fix-negative'));
  await work(a);
  await succeed(a.repomem('compress'));
  const records = filesBelow(join(a.dir, '.claude-mem/observations'));
  const fix = records.find((file) => /^type: bugfix$/m.test(readFileSync(file, 'utf8'))) ?? '';
  const id = fix.slice(-11, -3);
  const title = /^title: "?(.+?)"?$/m.exec(readFileSync(fix, 'utf8'))?.[1] ?? 'no title';
  await succeed(a.git('add', '*.py'));
  await succeed(a.git('commit', '-qm', 'Refuse negative numbers'));
  const committed = await succeed(a.git('show', '--format=%B', '--name-only', 'HEAD'));
  expect(committed).toContain(`Memory: ${id}`);
  expect(committed.match(/\.claude-mem\/observations\/.*\.md/g)).toHaveLength(records.length);
  expect(committed).not.toContain('.claude-mem/local');
  expect(await succeed(a.git('status', '--short'))).not.toContain('.claude-mem');
  expect(await a.startsWith()).toContain(title);
  await succeed(a.git('push', '-q', '-u', 'origin', 'fix-negative'));

  // Ben looks at the branch: his sessions are not told what nobody has reviewed.
  await succeed(b.git('fetch', '-q'));
  await succeed(b.git('checkout', '-q', 'fix-negative'));
  const unreviewed = await b.startsWith();
  expect(unreviewed).not.toContain(title);
  expect(unreviewed).toContain(`${records.length} unreviewed, not shown`);
  expect((await b.repomem('show', id)).code).toBe(2);
  expect((await b.repomem('lint', 'origin/main..HEAD')).code).toBe(0);
  expect(await succeed(b.repomem('review', 'origin/main..HEAD'))).toContain(id);
  expect(await succeed(b.repomem('diff'))).toContain(id);

  // He merges; his next session starts with Ada's records, and git says whose they are.
  await succeed(b.git('checkout', '-q', 'main'));
  await succeed(b.git('merge', '-q', '--squash', 'fix-negative'));
  await succeed(b.git('commit', '-qm', 'Refuse negative numbers (#1)', '--author', 'ada <ada@example.com>'));
  await succeed(b.git('push', '-q'));
  const reviewed = await b.startsWith();
  expect(reviewed).toContain(title);
  expect(reviewed).not.toContain('unreviewed');
  const why = JSON.parse(await succeed(b.repomem('why', 'fibonacci.py', '--json'))) as {
    records: { id: string; added?: { summary: string; author: string } }[];
  };
  expect(why.records.find((record) => record.id === id)?.added).toMatchObject({
    author: 'ada',
    summary: 'Refuse negative numbers (#1)',
  });

  // Ada comes back to main, drops her branch, and starts with the same memory.
  await succeed(a.git('checkout', '-q', 'main'));
  await succeed(a.git('pull', '-q', '--ff-only'));
  await succeed(a.git('branch', '-qD', 'fix-negative'));
  expect(await a.startsWith()).toContain(title);
  expect(await succeed(a.git('status', '--short'))).not.toContain('.claude-mem');
  for (const one of [a, b, { dir: remote }]) expect(filesWith(one.dir, 'hunter2-staging')).toEqual([]);
});
