// `npm run hosts`: the real clients of other agents, each twice, headless and offline, with the files that init writes for them.
//   npm run hosts -- --lab FOLDER --clients FOLDER [NAME…]
// --lab: drivers and a scripted model (`drive.mjs`, `NAME/script.json`); --clients: NAME/node_modules of each client, installed outside the
// project; NAME@NODE drives it on another Node. A client that is not there is said and skipped. It fails where a record lacks its agent or
// its cite, or the second session was not told.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackage } from './build.mjs';

const all = ['qwen', 'codex', 'copilot', 'gemini', 'opencode', 'pi', 'cline'];
const { values, positionals } = parseArgs({
  options: { lab: { type: 'string' }, clients: { type: 'string' } },
  allowPositionals: true,
});
if (!values.lab || !values.clients) throw new Error('npm run hosts -- --lab FOLDER --clients FOLDER [NAME[@NODE]…]');
const { lab, clients } = values;
// Not below /tmp: one of the clients makes no links there.
const base = mkdtempSync(join(homedir(), 'repomem-hosts-'));
let failures = 0;
try {
  await buildPackage(join(base, 'package'));
  for (const word of positionals.length > 0 ? positionals : all) {
    const [name = '', node = process.execPath] = word.split('@');
    if (!existsSync(join(clients, name, 'node_modules'))) console.log(`${name}: no client here, skipped`);
    else {
      const reason = drive(name, node);
      console.log(`${name}: ${reason || 'a record with its cite, told to the second session'}`);
      if (reason) failures++;
    }
  }
} finally {
  rmSync(base, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;

/** What is wrong; '' when all is as it should be. */
function drive(name, node) {
  const repo = join(base, name, 'repo');
  const home = join(base, name, 'home');
  for (const folder of [repo, home]) mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(repo, 'fibonacci.py'),
    'def fib(n):\n    a, b = 0, 1\n    for _ in range(n):\n        a, b = b, a + b\n    return a\n',
  );
  const env = {
    ...process.env,
    HOME: home,
    GIT_AUTHOR_NAME: 'dev',
    GIT_AUTHOR_EMAIL: 'dev@example.com',
    GIT_COMMITTER_NAME: 'dev',
    GIT_COMMITTER_EMAIL: 'dev@example.com',
  };
  const run = (...command) =>
    execFileSync(command[0], command.slice(1), { cwd: repo, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const repomem = (...args) => run(process.execPath, join(base, 'package/bin/repomem.js'), ...args);
  run('git', 'init', '-q', '-b', 'main');
  repomem('init', '--yes', '--agent', name);
  run('git', 'add', '-A');
  run('git', 'commit', '-qm', 'init');
  for (const turn of ['first', 'second']) {
    const out = join(base, name, turn);
    const args = [
      'drive.mjs',
      name,
      '--clients',
      clients,
      '--node',
      node,
      '--no-hooks',
      '--repo',
      repo,
      '--home',
      home,
      '--out',
      out,
    ];
    const session = [
      '--script',
      `${name}/script.json`,
      '--prompt',
      'Make fib safe for negative numbers',
      '--timeout',
      '180',
    ];
    spawnSync(process.execPath, [...args, ...session], {
      cwd: lab,
      env: { ...process.env, LAB_TMP: base },
      stdio: 'ignore',
      timeout: 240_000,
    });
    if (turn === 'second') return told(out);
    repomem('compress');
    const wrong = recorded(repo, name);
    if (wrong) return wrong;
    run('git', 'checkout', '-q', '--', '.');
  }
  return '';
}

function recorded(repo, name) {
  const folder = join(repo, '.claude-mem/observations');
  const records = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.md'))
        .map((file) => readFileSync(join(folder, file), 'utf8'))
    : [];
  if (!records.some((text) => text.includes(`\nagent: ${name}\n`)))
    return `expected a record of agent ${name}; got ${records.length} records`;
  return records.some((text) => text.includes('path: fibonacci.py')) ? '' : 'no record cites fibonacci.py';
}

function told(out) {
  const [first = ''] = readFileSync(join(out, 'requests.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"messages"') || line.includes('"input"') || line.includes('"contents"'));
  return first.includes('repomem-memory') ? '' : 'the second session was told nothing';
}
