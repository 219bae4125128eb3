// The real clients of other agents, offline, on a scripted model, with the files that `repomem init --agent` writes. Clients lie outside the
// project, in NAME/node_modules of the folder that REPOMEM_TEST_HOSTS names (`npm i --prefix FOLDER/qwen …`; host-clients.ts has packages and
// versions). `npm run hosts` runs all that are there; the others stand as skipped.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { hosts } from '../../src/agents/hosts.ts';
import type { HostName } from '../../src/agents/hosts.ts';
import { runCli } from '../helpers/built-cli.ts';
import type { ModelScript } from '../helpers/fake-model.ts';
import { driveHost, hostVersion } from '../helpers/drive-host.ts';
import { hostClients } from '../helpers/host-clients.ts';
import { filesBelow } from '../helpers/scan.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const words = ['retries', 'backlog'];
const names = Object.keys(hostClients) as HostName[];
const check = (word: string): string =>
  `grep -q '"${word}": [0-9]' ${word}.json || { echo '${word}.json: ${word} must be a number' >&2; exit 1; }\n`;

/** A repository with the files of all agents: what some read of others' files must neither be kept nor told twice. */
async function open({ onTestFinished }: TestContext): Promise<{ home: string; repo: TempRepo }> {
  const home = tempDir();
  onTestFinished(() => removeFolder(home));
  const files = Object.fromEntries(
    words.flatMap((word) => [
      [`${word}.json`, `{ "${word}": "three" }\n`],
      [`${word}.sh`, check(word)],
    ]),
  );
  const repo = tempRepo(files, { at: join(home, 'work/repo') });
  const flags = names.flatMap((name) => ['--agent', name]);
  const run = await runCli(['init', '--yes', ...flags], { cwd: repo.dir, home });
  expect(run.code, run.stderr).toBe(0);
  repo.git('add', '-A');
  repo.git('commit', '-qm', 'memory');
  return { home, repo };
}

/** Read, edit, a failing check, its cure, the end. */
function repair(name: HostName, repo: TempRepo, word: string): ModelScript {
  const { read, edit, run } = hostClients[name]!.tools;
  const file = join(repo.dir, `${word}.json`);
  const sh = run(`sh ${word}.sh`);
  return {
    turns: [
      { text: 'I will look at the file first.', tools: [read(file)] },
      { text: 'A word stands there.', tools: [edit(file, `{ "${word}": "three" }`, `{ "${word}": "4" }`)] },
      { text: 'Run the check.', tools: [sh] },
      { text: 'The quotes are the fault.', tools: [edit(file, `{ "${word}": "4" }`, `{ "${word}": 4 }`)] },
      { text: 'Run the check again.', tools: [sh] },
      {
        text: `The ${word} check failed because ${word} was a quoted word; the loader compares numbers. It passes now.`,
      },
    ],
  };
}

function recordsOf(repo: TempRepo): string[] {
  return filesBelow(join(repo.dir, '.claude-mem'))
    .filter((file) => /(?:observations|sessions)\/.*\.md$/.test(file))
    .map((file) => readFileSync(file, 'utf8'));
}

/** The last line of the block that a session starts with, and the first of what a prompt brings. */
const block = /\d+ of \d+ shown/g;
const recalled = /Records of this repository that speak of this/g;

/** The search tool's last line. */
const endOfSearch = 'get_observations with ids';

const changed = (repo: TempRepo): string[] =>
  repo
    .git('status', '--short', '--untracked-files=all')
    .split('\n')
    .filter((line) => line !== '' && !/^\?\? \.claude-mem\/observations\/.*\.md$/.test(line));

const clients = names.map((name) => ({ name, version: hostVersion(name) }));
for (const { name, version } of clients)
  if (version === undefined)
    console.log(
      `${hosts[name].title} is not in REPOMEM_TEST_HOSTS, or needs a later Node in REPOMEM_TEST_NODES: its tests are skipped`,
    );

describe.concurrent('a real client', () => {
  for (const { name, version } of clients.filter((one) => one.name !== 'claude-code'))
    it.skipIf(version === undefined)(
      `${hosts[name].title} ${version ?? 'that is not there'}: what one session learns, the next is told, is asked for and finds; who has no repomem notices nothing`,
      async (test) => {
        const { home, repo } = await open(test);
        const drive = (prompt: string, script: ModelScript) =>
          driveHost(name, { repo: repo.dir, home, prompt, script });
        const first = await drive('The retries check fails. Repair it.', repair(name, repo, 'retries'));
        expect(first.code, first.stderr).toBe(0);
        expect(repo.read('retries.json')).toBe('{ "retries": 4 }\n');
        expect(first.requests[0]?.match(block)).toHaveLength(1);
        expect((await runCli(['compress'], { cwd: repo.dir, home })).code).toBe(0);
        const records = recordsOf(repo);
        for (const text of records) expect(text).toMatch(new RegExp(`^agent: ${name}$`, 'm'));
        const cure = records.find((text) => /^type: bugfix$/m.test(text)) ?? '';
        expect(cure, records.join('\n')).toContain('path: retries.json');
        expect(cure).toContain('quoted word');
        expect(cure).toContain('retries must be a number');
        expect(changed(repo)).toEqual([' M retries.json']);

        const { search } = hostClients[name]!.tools;
        const second = await drive('Why must retries be a number, and no quoted word?', {
          turns: [{ tools: [search('retries quoted word')] }, { text: 'Because numbers are compared.' }],
        });
        expect(second.code, second.stderr).toBe(0);
        const title = /^title: "?(.+?)"?$/m.exec(cure)?.[1] ?? 'no title';
        expect(second.requests[0]?.match(block)).toHaveLength(1);
        expect(second.requests[0]).toContain(JSON.stringify(title).slice(1, -1));
        expect(second.requests[0]?.match(recalled)).toHaveLength(1);
        expect(second.requests[0]).not.toContain(endOfSearch);
        expect(second.requests.join('\n')).toContain(endOfSearch);
        expect((await runCli(['compress'], { cwd: repo.dir, home })).code).toBe(0);
        expect(changed(repo)).toEqual([' M retries.json']);
        // What the memory answers is not learned again.
        for (const file of filesBelow(join(repo.dir, '.git/repomem')))
          expect(readFileSync(file, 'utf8'), file).not.toContain(endOfSearch);

        const other = tempDir();
        test.onTestFinished(() => removeFolder(other));
        const script = { turns: [{ text: 'Because numbers are compared.' }] };
        const third = await driveHost(name, { repo: repo.dir, home: other, prompt: 'Why a number there?', script });
        expect(third.code, third.stderr).toBe(0);
        expect(third.requests[0]).not.toMatch(block);
        // Gemini names the hooks of any project, once to each user.
        const said = third.stderr.replace(/^WARNING: The following project-level hooks[\s\S]*/m, '');
        expect(said).not.toMatch(/repomem(?!-test)|MCP/);
      },
      // On a busy machine the slowest take two minutes.
      300_000,
    );
});

const pairs: readonly [HostName, HostName][] = [
  ['claude-code', 'codex'],
  ['qwen', 'copilot'],
];

describe('two real clients at once', () => {
  for (const pair of pairs)
    it.skipIf(pair.some((name) => hostVersion(name) === undefined))(
      `${pair.join(' and ')}: in one repository with files for all agents, nothing is kept twice or told twice`,
      async (test) => {
        const { home, repo } = await open(test);
        const both = async (plan: (name: HostName, word: string, other: string) => [string, ModelScript]) => {
          const runs = pair.map((name, n) => {
            const [prompt, script] = plan(name, words[n] ?? '', words[1 - n] ?? '');
            return driveHost(name, { repo: repo.dir, home, prompt, script });
          });
          for (const run of await Promise.all(runs)) {
            expect(run.code, run.stderr).toBe(0);
            expect(run.requests[0]?.match(block)).toHaveLength(1);
          }
          expect(changed(repo)).toEqual(words.map((word) => ` M ${word}.json`).toSorted());
          return Promise.all(runs);
        };
        await both((name, word) => [`The ${word} check fails. Repair it.`, repair(name, repo, word)]);
        expect((await runCli(['compress'], { cwd: repo.dir, home })).code).toBe(0);
        for (const [n, name] of pair.entries()) {
          const own = recordsOf(repo).filter((text) => new RegExp(`^agent: ${name}$`, 'm').test(text));
          const sessions = own.filter((text) => /^type: session$/m.test(text));
          expect(sessions).toHaveLength(1);
          expect(sessions[0]).toContain(`request: The ${words[n]} check fails. Repair it.\n`);
          expect(
            own.filter((text) => /^type: bugfix$/m.test(text)),
            own.join('\n'),
          ).toHaveLength(1);
          expect(own.join('\n')).toContain(`path: ${words[n]}.json`);
          expect(own.join('\n')).not.toContain(`${words[1 - n]}.json`);
        }
        // Each asks for what the other found out.
        const asked = await both((_name, _word, other) => [
          `Why must ${other} be a number, and no quoted word?`,
          { turns: [{ text: 'Because numbers are compared.' }] },
        ]);
        for (const { requests } of asked) expect(requests[0]?.match(recalled)).toHaveLength(1);
      },
    );
});
