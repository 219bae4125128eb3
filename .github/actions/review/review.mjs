// Runs `repomem review` and `repomem lint` over a pull request, keeps one comment up to date, and ends as lint says. Node's own modules
// alone. What it prints is read by the runner as commands: nothing of a record goes there but escaped.
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { posix, resolve } from 'node:path';

const bodyMaxChars = 60_000;
const pagesMax = 30;
const env = process.env;
/** Relative to the checkout, with forward slashes; '.' at its top. */
const directory = posix.normalize(env.REPOMEM_DIRECTORY || '.').replace(/(?<=.)\/+$/, '');

/** First line of our comment: by it we find it again. One for each memory of a repository. */
const marker = `<!-- repomem-review${directory === '.' ? '' : ` ${directory.replace(/[<>]|--/g, '')}`} -->`;

/** What a run that failed says: as JSON on standard output, or in words on standard error. */
function errorOf({ stdout, stderr }) {
  try {
    const { message, hint } = JSON.parse(stdout).error;
    return [message, hint].filter(Boolean).join('\n');
  } catch {
    return stderr.trim();
  }
}

async function main() {
  if (/^(?:\/|\.\.(?:\/|$))/.test(directory))
    throw new Error(`directory: expected one of the repository; got '${directory}'`);
  const event = readEvent();
  const range = rangeOf(event);
  if (range === undefined) {
    say('notice', 'no pull request and no range: nothing to review');
    return 0;
  }
  const lint = run(['lint', range, '--json']);
  if (lint.status === 2 && errorOf(lint).includes('no memory here')) {
    say('notice', 'this repository has no memory');
    return 0;
  }
  const review = run(['review', range, '--format', 'json']);
  const text = run(['review', range, '--format', 'markdown']);
  const failed = [lint, review, text].find(({ status }) => status !== 0 && status !== 1);
  if (failed) {
    say('error', errorOf(failed) || 'repomem did not end as expected');
    summarize(`### Project memory\n\nNot reviewed: \`${failed.stderr.trim().replace(/[\s`<>]+/g, ' ')}\`\n`);
    return 1;
  }
  const { findings } = JSON.parse(lint.stdout);
  const errors = findings.filter(({ severity }) => severity === 'error');
  for (const finding of errors.slice(0, 50)) annotate(finding);
  if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, `errors=${errors.length}\n`);
  await publish(event, cutBody(text.stdout), JSON.parse(review.stdout).isQuiet === true);
  return lint.status === 0 ? 0 : 1;
}

function readEvent() {
  try {
    return JSON.parse(readFileSync(env.GITHUB_EVENT_PATH ?? '', 'utf8'));
  } catch {
    return {};
  }
}

/** Inputs first, then the pull request, then what was pushed. Full ids or names; git refuses what begins with a dash. */
function rangeOf(event) {
  const pull = event.pull_request;
  const group = event.merge_group;
  const isNewBranch = /^0+$/.test(event.before ?? '0');
  const base = env.REPOMEM_BASE || pull?.base?.sha || group?.base_sha || (isNewBranch ? '' : event.before);
  const head = env.REPOMEM_HEAD || pull?.head?.sha || group?.head_sha || event.after || 'HEAD';
  return base ? `${base}..${head}` : undefined;
}

/** Without tokens in its environment; outside hooks, with the checkout as its place. */
function run(args) {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TEMP', 'SystemRoot', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM'];
  const variables = Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  const child = spawnSync(process.execPath, [env.REPOMEM_BIN ?? '', ...args], {
    cwd: resolve(env.GITHUB_WORKSPACE || process.cwd(), directory),
    env: { ...variables, NO_COLOR: '1' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 300_000,
  });
  return { status: child.status ?? 3, stdout: child.stdout ?? '', stderr: child.error?.message ?? child.stderr ?? '' };
}

function cutBody(text) {
  if (text.length <= bodyMaxChars) return text;
  return `${text.slice(0, text.lastIndexOf('\n', bodyMaxChars))}\n\n…\n`;
}

async function publish(event, text, isQuiet) {
  const number = event.pull_request?.number;
  const canTry = Number.isInteger(number) && env.REPOMEM_TOKEN && env.REPOMEM_COMMENT !== 'false';
  if (!canTry) return summarize(text);
  try {
    await keepComment(number, `${marker}\n${text}`, isQuiet);
  } catch (error) {
    // The token of a fork may read and no more.
    if (error.status !== 401 && error.status !== 403 && error.status !== 404)
      say('warning', `the comment was not written: ${error.message}`);
    summarize(text);
  }
}

/** One comment, ours: written when there is something to say, rewritten when that changes. */
async function keepComment(number, body, isQuiet) {
  const own = await findComment(number);
  if (own === undefined) {
    if (!isQuiet) await call('POST', `issues/${number}/comments`, { body });
  } else if (own.body.replace(/\r\n/g, '\n').trim() !== body.trim())
    await call('PATCH', `issues/comments/${own.id}`, { body });
}

async function findComment(number) {
  const login = await readLogin();
  for (let page = 1; page <= pagesMax; page++) {
    const comments = await call('GET', `issues/${number}/comments?per_page=100&page=${page}`);
    const own = comments.find(
      ({ body, user }) =>
        typeof body === 'string' &&
        body.startsWith(marker) &&
        (login === undefined ? user?.type === 'Bot' : user?.login === login),
    );
    if (own || comments.length < 100) return own;
  }
  return undefined;
}

/** Undefined for the tokens of workflows and apps, which are bots and may not ask. Anybody can write our marker: it must be our own comment. */
async function readLogin() {
  try {
    return (await request('GET', `${api()}/user`)).login;
  } catch (error) {
    if (error.status === 401 || error.status === 403 || error.status === 404) return undefined;
    throw error;
  }
}

const api = () => (env.GITHUB_API_URL || 'https://api.github.com').replace(/\/$/, '');

function call(method, path, body) {
  return request(method, `${api()}/repos/${env.GITHUB_REPOSITORY}/${path}`, body);
}

async function request(method, url, body, isRetry = false) {
  const answer = await fetch(url, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${env.REPOMEM_TOKEN}`,
      'user-agent': 'repomem-review',
      'x-github-api-version': '2022-11-28',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    redirect: 'error',
    signal: AbortSignal.timeout(20_000),
  });
  if (answer.ok) return answer.json();
  // Reading twice is harmless; writing twice might make two comments.
  if (answer.status >= 500 && method === 'GET' && !isRetry) return request(method, url, body, true);
  throw Object.assign(new Error(`${method} ${new URL(url).pathname}: ${answer.status}`), { status: answer.status });
}

function summarize(text) {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${text}\n`);
}

function annotate({ path, line, reason, cure }) {
  const place = [`file=${property(posix.join(directory, path))}`, ...(line === undefined ? [] : [`line=${line}`])].join(
    ',',
  );
  process.stdout.write(`::error ${place},title=repomem::${data(`${reason} → ${cure}`)}\n`);
}

function say(level, text) {
  process.stdout.write(`::${level}::${data(`repomem: ${text.replace(/^repomem: /, '')}`)}\n`);
}

function data(text) {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text) {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

try {
  process.exitCode = await main();
} catch (error) {
  say('error', error.message);
  process.exitCode = 1;
}
