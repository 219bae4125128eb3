import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtCli, runProcess, type Run } from '../helpers/built-cli.ts';
import { seededRandom, shapedTypes } from '../helpers/fake-secrets.ts';
import { tempDir, type TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, memoryRepo, recordFile, recordPath } from '../memory/memory-at.ts';
import { startStandIn, type Comment, type StandIn } from './stand-in.ts';

const action = resolve(import.meta.dirname, '../../.github/actions/review');
const template = resolve(import.meta.dirname, '../../.gitlab/repomem.gitlab-ci.yml');
const marker = '<!-- repomem-review -->\n';
const secret = shapedTypes['githubPat']?.make(seededRandom(11)) ?? '';

let repo: TempRepo;
let api: StandIn;
let outside: string;
let base: string;
beforeEach(async () => {
  outside = tempDir();
  api = await startStandIn();
  repo = memoryRepo({
    'src/a.ts': 'one\n',
    [recordPath('11111111')]: recordFile({ id: '11111111', title: 'What stands' }),
  });
  base = repo.git('rev-parse', 'HEAD').trim();
  repo.git('checkout', '-qb', 'topic');
  repo.write(recordPath('22222222'), recordFile({ id: '22222222', title: 'New @someone', supersedes: ['11111111'] }));
  commitAll(repo, 'first');
});
afterEach(async () => {
  await api.close();
  repo.remove();
  rmSync(outside, { recursive: true, force: true });
});

const summary = (): string =>
  existsSync(join(outside, 'summary')) ? readFileSync(join(outside, 'summary'), 'utf8') : '';

/** What GitHub sends for a pull request, as far as the script reads it. */
function pullRequest(): object {
  const head = repo.git('rev-parse', 'HEAD').trim();
  return { action: 'synchronize', number: 5, pull_request: { number: 5, base: { sha: base }, head: { sha: head } } };
}

function runAction(event: object = pullRequest(), env: Record<string, string> = {}): Promise<Run> {
  writeFileSync(join(outside, 'event.json'), JSON.stringify(event));
  return runProcess(process.execPath, [join(action, 'review.mjs')], {
    cwd: outside,
    env: {
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: api.url,
      GITHUB_EVENT_PATH: join(outside, 'event.json'),
      GITHUB_OUTPUT: join(outside, 'output'),
      GITHUB_REPOSITORY: 'acme/widgets',
      GITHUB_STEP_SUMMARY: join(outside, 'summary'),
      GITHUB_WORKSPACE: repo.dir,
      REPOMEM_BIN: builtCli(),
      REPOMEM_TOKEN: 'token-of-the-job',
      ...env,
    },
  });
}

const stranger = (body: string): Comment => ({
  id: 1,
  body,
  user: { login: 'mallory', type: 'User' },
  author: { id: 9 },
});

describe('the GitHub action', () => {
  it('writes one comment, rewrites it when the pull request changes, and lets equal ones be', async () => {
    api.comments.push(stranger('Looks good'), stranger(`${marker}mine`));
    const first = await runAction();
    expect(first, first.stdout).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(api.comments).toHaveLength(3);
    const own = api.comments[2] as Comment;
    expect(own.body.startsWith(`${marker}### Project memory: 1 new record`)).toBe(true);
    expect(own.body).toContain('`New @someone` replaces `11111111`');
    repo.write(recordPath('33333333'), recordFile({ id: '33333333', title: 'And another' }));
    commitAll(repo, 'second');
    await runAction();
    expect(api.comments).toHaveLength(3);
    expect(own.body).toContain('2 new records');
    expect(api.comments[1]?.body).toBe(`${marker}mine`);
    await runAction();
    expect(api.asked.filter((one) => !one.startsWith('GET'))).toEqual([
      'POST /repos/acme/widgets/issues/5/comments',
      `PATCH /repos/acme/widgets/issues/comments/${own.id}`,
    ]);
    expect(summary()).toBe('');
  });

  it('finds its comment behind a hundred others, with a token of a person too', async () => {
    api.login = 'ci-user';
    for (let n = 0; n < 120; n++) api.comments.push({ ...stranger('x'), id: n });
    api.comments.push({ id: 500, body: `${marker}old`, user: { login: 'ci-user', type: 'User' }, author: { id: 7 } });
    await runAction();
    expect(api.comments).toHaveLength(121);
    expect(api.comments[120]?.body).toContain('1 new record');
  });

  it('writes the job summary where the token of a fork may not comment', async () => {
    api.refuses = 403;
    const run = await runAction();
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(api.comments).toEqual([]);
    expect(summary()).toContain('### Project memory: 1 new record');
  });

  it('sets the check by lint, with annotations that show no secret', async () => {
    repo.write(recordPath('44444444'), recordFile({ id: '44444444', title: `Key ${secret}` }));
    commitAll(repo, 'leak');
    const run = await runAction();
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(
      new RegExp(
        `^::error file=${recordPath('44444444').replaceAll('.', '\\.')},line=3,title=repomem::looks like a secret`,
      ),
    );
    expect(readFileSync(join(outside, 'output'), 'utf8')).toBe('errors=1\n');
    expect(api.comments[0]?.body).toContain('Must be mended');
    expect(JSON.stringify([run, api.comments])).not.toContain(secret);
  });

  it('reviews a memory that stands in a folder of the repository', async () => {
    repo.write('packages/web/.claude-mem/settings.yaml', 'version: 1\n');
    repo.write(`packages/web/${recordPath('55555555')}`, recordFile({ id: '55555555', body: `Key ${secret}` }));
    commitAll(repo, 'another memory');
    await runAction();
    const run = await runAction(pullRequest(), { REPOMEM_DIRECTORY: 'packages/web/' });
    expect(run.stdout).toContain(`::error file=packages/web/${recordPath('55555555')},line=7`);
    expect(api.comments.map(({ body }) => body.split('\n', 1)[0])).toEqual([
      '<!-- repomem-review -->',
      '<!-- repomem-review packages/web -->',
    ]);
    expect((await runAction(pullRequest(), { REPOMEM_DIRECTORY: '../..' })).code).toBe(1);
  });

  it('says nothing where there is nothing to say, and takes back what it said', async () => {
    repo.git('rm', '-q', recordPath('22222222'));
    repo.write('src/b.ts', 'b\n');
    commitAll(repo, 'no memory');
    await runAction();
    expect(api.comments).toEqual([]);
    api.comments.push({
      id: 3,
      body: `${marker}old`,
      user: { login: 'github-actions[bot]', type: 'Bot' },
      author: { id: 7 },
    });
    await runAction();
    expect(api.comments[0]?.body).toContain('nothing new');
  });

  it('fails with what to do in a shallow checkout, and leaves a repository without a memory alone', async () => {
    const clone = join(outside, 'clone');
    repo.git('clone', '-q', '--depth', '1', '--branch', 'topic', `file://${repo.dir}`, clone);
    const shallow = await runAction(pullRequest(), { GITHUB_WORKSPACE: clone });
    expect(shallow.code).toBe(1);
    expect(shallow.stdout).toContain('fetch-depth: 0');
    expect(summary()).toContain('Not reviewed');
    mkdirSync(join(outside, 'empty'));
    repo.git('init', '-q', join(outside, 'empty'));
    const none = await runAction(pullRequest(), { GITHUB_WORKSPACE: join(outside, 'empty') });
    expect(none).toMatchObject({ code: 0, stdout: '::notice::repomem: this repository has no memory\n' });
  });

  it('reviews a push and a named range in the summary, and no other event', async () => {
    const after = repo.git('rev-parse', 'HEAD').trim();
    await runAction({ before: base, after });
    expect(summary()).toContain('1 new record');
    expect(await runAction({ schedule: '0 0 * * *' })).toMatchObject({ code: 0 });
    await runAction({ schedule: '0 0 * * *' }, { REPOMEM_BASE: 'main', REPOMEM_HEAD: 'topic' });
    expect(summary().match(/1 new record/g)).toHaveLength(2);
    expect(api.asked).toEqual([]);
  });

  it('never takes the program out of the checkout under review', async () => {
    const find = (env: Record<string, string>): Promise<Run> =>
      runProcess(process.execPath, [join(action, 'find.mjs')], {
        cwd: outside,
        env: { GITHUB_EVENT_NAME: 'pull_request', RUNNER_TEMP: outside, ...env },
      });
    const root = resolve(action, '../../..');
    const inside = await find({ REPOMEM_ACTION_PATH: action, GITHUB_WORKSPACE: root });
    expect(inside.code).toBe(1);
    expect(inside.stdout).toContain('::error::repomem: the action stands in the checkout');
    const own = join(outside, 'action');
    mkdirSync(join(own, 'dist'), { recursive: true });
    mkdirSync(join(own, '.github/actions/review'), { recursive: true });
    writeFileSync(join(own, 'dist/main.js'), '');
    const beside = await find({ REPOMEM_ACTION_PATH: join(own, '.github/actions/review'), GITHUB_WORKSPACE: repo.dir });
    expect(beside).toMatchObject({ code: 0, stdout: `${join(own, 'bin/repomem.js')}\n` });
    expect((await find({ REPOMEM_VERSION: '--global' })).code).toBe(1);
  });

  it('hands names on as GitHub asks for them', () => {
    const yaml = parse(readFileSync(join(action, 'action.yml'), 'utf8')) as {
      runs: { using: string; steps: { shell: string; run: string; env: Record<string, string> }[] };
    };
    expect(yaml.runs.using).toBe('composite');
    // Values reach the scripts as variables: an expression inside a script could become a command.
    for (const step of yaml.runs.steps) {
      expect(step.shell).toBe('bash');
      expect(step.run).not.toContain('${{');
    }
    const script = ['find.mjs', 'review.mjs'].map((name) => readFileSync(join(action, name), 'utf8')).join('');
    for (const name of yaml.runs.steps.flatMap(({ env }) => Object.keys(env)))
      expect(script + 'REPOMEM_ACTION_PATH').toContain(name);
  });
});

describe('the GitLab template', () => {
  const job = (parse(readFileSync(template, 'utf8')) as Record<string, { script: string[] }>)['repomem-review'];

  /** Everything but the installation, as one script. */
  function runJob(env: Record<string, string> = {}): Promise<Run> {
    const script = ['set -e', ...(job?.script.slice(2) ?? [])].join('\n');
    return runProcess('bash', ['-c', script], {
      cwd: repo.dir,
      env: {
        CI_API_V4_URL: `${api.url}/api/v4`,
        CI_COMMIT_SHA: repo.git('rev-parse', 'HEAD').trim(),
        CI_JOB_TOKEN: 'job',
        CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
        CI_MERGE_REQUEST_IID: '3',
        CI_PROJECT_ID: '42',
        REPOMEM_BIN: builtCli(),
        REPOMEM_TOKEN: 'project-token-0123456789',
        ...env,
      },
    });
  }

  it('installs what is named, and says so where nothing is: a name that npm gives to anybody is no default', async () => {
    const install = `npm() { echo "npm $*"; }\n${job?.script.slice(0, 2).join('\n')}`;
    const run = (name: string) =>
      runProcess('bash', ['-ec', install], { cwd: repo.dir, env: { REPOMEM_PACKAGE: name } });
    const none = await run('');
    expect(none.code).not.toBe(0);
    expect(none.stderr).toContain('expected the address of a tarball');
    expect((await run('git+https://forge.invalid/o/repomem.git#abc')).stdout).toMatch(/ignore-scripts=false .*#abc/);
    expect((await run('https://forge.invalid/repomem.tgz')).stdout).toMatch(/ignore-scripts=true .*repomem\.tgz/);
    for (const name of ['.github/examples/agent-with-memory.yml', '.gitlab/agent-with-memory.gitlab-ci.yml'])
      expect(readFileSync(resolve(import.meta.dirname, '../..', name), 'utf8')).toContain('${REPOMEM_PACKAGE:?');
  });

  it('writes one note and rewrites it', async () => {
    api.login = 'bot';
    const run = await runJob();
    expect(run, run.stderr).toMatchObject({ code: 0 });
    expect(api.comments).toHaveLength(1);
    expect(repo.read('repomem-review.md')).toContain('1 new record');
    repo.write(recordPath('33333333'), recordFile({ id: '33333333', title: 'And another' }));
    repo.git('add', '.claude-mem');
    repo.git('commit', '-qm', 'second');
    await runJob();
    expect(api.comments).toHaveLength(1);
    expect(api.comments[0]?.body).toContain('2 new records');
    expect(api.asked.filter((one) => !one.startsWith('GET'))).toEqual([
      'POST /api/v4/projects/42/merge_requests/3/notes',
      'PUT /api/v4/projects/42/merge_requests/3/notes/1000',
    ]);
  });

  it('leaves the artifact where the token may not write, and fails on what lint finds', async () => {
    api.login = 'bot';
    api.refuses = 403;
    repo.write(recordPath('44444444'), recordFile({ id: '44444444', body: `Key ${secret}` }));
    commitAll(repo, 'leak');
    const run = await runJob();
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('No note was written');
    expect(repo.read('repomem-review.md')).toContain('Must be mended');
  });
});
