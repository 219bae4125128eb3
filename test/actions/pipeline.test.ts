// The example pipelines, run as scripts in a repository with a remote: an agent works, its new records come back for review.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtCli, runCli, runProcess } from '../helpers/built-cli.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const top = resolve(import.meta.dirname, '../..');
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

interface Pipeline {
  env: Record<string, string>;
  /** Each a shell of its own; what installs is left out. */
  scripts: string[];
}

function github(): Pipeline {
  const { jobs } = parse(readFileSync(join(top, '.github/examples/agent-with-memory.yml'), 'utf8')) as {
    jobs: { agent: { env: Record<string, string>; steps: { name?: string; uses?: string; run?: string }[] } };
  };
  const { env, steps } = jobs.agent;
  expect(steps.filter(({ uses }) => uses).map(({ uses }) => uses?.replace(/@.*/, ''))).toEqual([
    'actions/checkout',
    'actions/setup-node',
  ]);
  const runs = steps.filter(({ run, name }) => run !== undefined && !name?.startsWith('Install'));
  // What somebody typed reaches a script by its environment alone.
  for (const { run } of runs) expect(run).not.toContain('${{');
  return { env: { ...env, GITHUB_REF_NAME: 'main', RUN: '7' }, scripts: runs.map(({ run = '' }) => run) };
}

function gitlab(): Pipeline {
  const jobs = parse(readFileSync(join(top, '.gitlab/agent-with-memory.gitlab-ci.yml'), 'utf8')) as Record<
    string,
    { variables: Record<string, string>; script: string[] }
  >;
  const { variables = {}, script = [] } = jobs['agent-with-memory'] ?? {};
  expect(script[0]).toContain('npm install');
  const ci = {
    CI_PIPELINE_ID: '7',
    CI_SERVER_HOST: 'git.invalid',
    CI_PROJECT_PATH: 'team/app',
    CI_COMMIT_BRANCH: 'main',
  };
  return { env: { ...variables, ...ci, REPOMEM_PUSH_TOKEN: 'to-push' }, scripts: [script.slice(1).join('\n')] };
}

/** An agent that knows the protocol, in place of the one that the examples name. */
const agent = `#!/bin/sh
tell() { printf '{"event":"%s","session":"s1","agent":"sunflower"%s}' "$1" "$2" | repomem hook "$1" --agent protocol; }
tell start >"$GIVEN"
tell prompt ',"prompt":"'"$2"'"'
echo '{ "retries": 4 }' >retries.json
tell tool ',"tool":{"name":"edit","kind":"edit","id":"c1","input":{"path":"retries.json","old_string":"three","new_string":"4"}}'
tell turn-end ',"text":"I decided to keep retries as a number, because the loader compares it and a word never equals one."'
tell end
`;

/** The repository in a clone as a runner makes it, and programs that stand in for others. */
async function open(): Promise<{ repo: TempRepo; remote: string; home: string; bin: string }> {
  const home = tempDir();
  folders.push(home);
  const repo = tempRepo({ 'retries.json': '{ "retries": "three" }\n' }, { at: join(home, 'work/repo') });
  giveMemory(repo, home);
  const told = ['add', 'The loader reads retries.json once', '--type', 'gotcha', '--body', 'A change needs a restart.'];
  await runCli(told, { cwd: repo.dir, home });
  repo.git('add', '-A');
  repo.git('commit', '-qm', 'memory');
  const remote = join(home, 'remote.git');
  repo.git('init', '-q', '--bare', remote);
  repo.git('-C', remote, 'config', 'receive.advertisePushOptions', 'true');
  repo.git('remote', 'add', 'origin', remote);
  repo.git('config', `url.${remote}.insteadOf`, 'https://agent:to-push@git.invalid/team/app.git');
  const bin = join(home, 'bin');
  mkdirSync(bin);
  const programs = { repomem: `#!/bin/sh\nexec '${process.execPath}' '${builtCli()}' "$@"\n`, claude: agent };
  for (const [name, text] of Object.entries({ ...programs, gh: '#!/bin/sh\necho "gh $*"\n' })) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  return { repo, remote, home, bin };
}

it.each([
  ['GitHub', github],
  ['GitLab', gitlab],
])('%s: the agent starts with the memory, and its records come as a branch to review', async (name, read) => {
  const { repo, remote, home, bin } = await open();
  const { env, scripts } = read();
  expect(env['REPOMEM_WAIT']).toBe('1');
  const given = join(home, 'given');
  const vars = {
    ...env,
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    TASK: 'Make retries a number',
    GIVEN: given,
  };
  let said = '';
  for (const script of scripts) {
    const run = await runProcess('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd: repo.dir, home, env: vars });
    expect(run.code, run.stderr).toBe(0);
    said += run.stdout;
  }
  expect(readFileSync(given, 'utf8')).toContain('The loader reads retries.json once');
  if (name === 'GitHub') expect(said).toContain('gh pr create --fill --base main');
  const changes = repo.git('-C', remote, 'show', '--name-status', '--format=', 'agent/7').trim().split('\n');
  expect(changes.filter((line) => !/^A\t\.claude-mem\/observations\/.*\.md$/.test(line))).toEqual(['M\tretries.json']);
  expect(changes).toHaveLength(2);
  expect(repo.git('-C', remote, 'show', 'agent/7')).toMatch(/^\+agent: sunflower$/m);

  // An agent without hooks is given its memory so.
  const context = await runCli(['context', '--json'], { cwd: repo.dir, home });
  expect((JSON.parse(context.stdout) as { text: string }).text).toContain('The loader reads retries.json once');
});
