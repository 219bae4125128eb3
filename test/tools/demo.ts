// npm run demo [-- --keep]: a recorded session of the real client, replayed through the plugin's own hooks in a throw-away repository.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { replaySession } from '../helpers/replay.ts';
import { filesBelow } from '../helpers/scan.ts';
import { gitVars, removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';

const project = dirname(dirname(import.meta.dirname));
const fixtures = join(project, 'test/fixtures');
const read = (name: string): string => readFileSync(join(fixtures, name), 'utf8');

const dir = tempDir('repomem-demo-');
const home = join(dir, 'home');
mkdirSync(home);
const repo = tempRepo({ 'fibonacci.py': read('fibonacci.py') }, { at: join(dir, 'fibonacci') });
const env = { PATH: process.env['PATH'], LANG: 'C.UTF-8', HOME: home, ...gitVars };

const repomem = (...args: string[]): string =>
  execFileSync(process.execPath, [join(project, 'bin/repomem.js'), ...args], { cwd: repo.dir, env, encoding: 'utf8' });

function show(heading: string, text: string): void {
  const rule = '─'.repeat(Math.max(0, 96 - heading.length));
  process.stdout.write(`\n── ${heading} ${rule}\n${text.trimEnd()}\n`);
}

/** What the recorded session did to the files of the repository. */
function applyTool(payload: Record<string, unknown>): void {
  if (payload['hook_event_name'] !== 'PostToolUse') return;
  const input = payload['tool_input'] as Record<string, string>;
  const file = input['file_path'];
  if (file === undefined) return;
  if (payload['tool_name'] === 'Write') writeFileSync(file, input['content'] ?? '');
  if (payload['tool_name'] === 'Edit')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(input['old_string'] ?? '', () => input['new_string'] ?? ''),
    );
}

try {
  show('repomem init', repomem('init', '--yes'));
  repo.git('add', '-A');
  repo.git('commit', '-qm', 'Give the repository a memory');

  const runs = await replaySession({
    plugin: project,
    repo: repo.dir,
    home,
    hooks: read('fib-session.hooks.jsonl'),
    transcript: read('fib-session.transcript.jsonl'),
    env: gitVars,
    before: applyTool,
  });
  repomem('compress');
  const slowest = Math.max(...runs.map((run) => run.ms));
  const failed = runs.filter((run) => run.code !== 0).length;
  show(
    'A recorded session, replayed through the hooks of the plugin',
    `"Running fib(-5) crashes with a recursion error. Find out why and fix it. <private>…</private>"\n` +
      `${runs.length} hooks ran, ${failed} failed, the slowest took ${slowest.toFixed(0)} ms. No key, no daemon, no network.`,
  );

  const memory = join(repo.dir, '.claude-mem');
  const records = filesBelow(memory).filter((file) => /\/\d{4}\/\d{2}\/\d{2}-.*\.md$/.test(file));
  const name = (file: string): string => relative(repo.dir, file);
  show('What it left', records.map(name).sort().join('\n'));
  const shared = records.filter((file) => !name(file).includes('/local/'));
  const record = shared.find((file) => /^type: bugfix$/m.test(readFileSync(file, 'utf8'))) ?? shared[0] ?? records[0];
  if (record) show(name(record), readFileSync(record, 'utf8'));

  const start = spawnSync('sh', [join(project, 'bin/repomem-hook.sh'), 'SessionStart'], {
    cwd: repo.dir,
    env,
    encoding: 'utf8',
    input: JSON.stringify({ hook_event_name: 'SessionStart', source: 'startup', session_id: 'next', cwd: repo.dir }),
  });
  const answer = JSON.parse(start.stdout || '{}') as { hookSpecificOutput?: { additionalContext?: string } };
  show('What the next session starts with', answer.hookSpecificOutput?.additionalContext ?? start.stdout);
  show('repomem search "why does fib raise ValueError"', repomem('search', 'why does fib raise ValueError'));
  show('git status', repo.git('status', '--short', '--untracked-files=all'));
  if (records.length === 0 || failed > 0) process.exitCode = 1;
} finally {
  const look = `cd ${repo.dir} && HOME=${home} ${process.execPath} ${join(project, 'bin/repomem.js')} view`;
  if (process.argv.includes('--keep')) show('Kept: look at its memory in the browser with', look);
  else {
    removeFolder(dir);
    show('To look at this memory in the browser', 'npm run demo -- --keep\nkeeps it, and says how: repomem view');
  }
}
