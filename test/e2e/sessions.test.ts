// The real client, offline, on a scripted model: what one session learns, the next one starts with.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { builtPackage, runCli } from '../helpers/built-cli.ts';
import type { ModelScript } from '../helpers/fake-model.ts';
import { describeClients, driveClient } from '../helpers/real-client.ts';
import { filesBelow, filesWith, waitFor } from '../helpers/scan.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const fixtures = join(import.meta.dirname, '../fixtures');

const opened: { remove(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.remove();
});

function open(files: Record<string, string>): { repo: TempRepo; home: string } {
  const repo = tempRepo(files);
  const home = tempDir();
  opened.push(repo, { remove: () => removeFolder(home) });
  return { repo, home };
}

const recordsOf = (repo: string): string[] => {
  const folder = join(repo, '.claude-mem/observations');
  return existsSync(folder) ? filesBelow(folder).filter((file) => file.endsWith('.md')) : [];
};

const shared = (repo: string, pattern: RegExp): string | undefined =>
  recordsOf(repo).find((file) => pattern.test(readFileSync(file, 'utf8')));

const say = (text: string, command: string) => ({
  text,
  tools: [{ name: 'Bash', input: { command, description: text } }],
});

describeClients((client) => {
  it('learns from the recorded session, keeps private text to itself and starts the next session with the bug fix', async () => {
    const { repo, home } = open({ 'fibonacci.py': readFileSync(join(fixtures, 'fibonacci.py'), 'utf8') });
    giveMemory(repo, home);
    const script = JSON.parse(readFileSync(join(fixtures, 'fib-session.script.json'), 'utf8')) as ModelScript;
    const secret = 'staging password is hunter2-staging';
    const first = await driveClient(client, {
      repo: repo.dir,
      home,
      plugin: builtPackage(),
      prompt: `Running fib(-5) crashes with a recursion error. Find out why and fix it. <private>${secret}</private>`,
      script,
    });
    expect(first.code, first.stderr).toBe(0);
    const { found } = await waitFor(() => shared(repo.dir, /^type: bugfix$/m), 60_000);
    expect(found, recordsOf(repo.dir).join('\n')).toBeDefined();
    // The end of the session reads it once more as a whole, and may tell it better.
    expect((await runCli(['compress'], { cwd: repo.dir, home })).code).toBe(0);
    const bugfix = readFileSync(shared(repo.dir, /^type: bugfix$/m) ?? '', 'utf8');
    expect(bugfix).toMatch(/fibonacci\.py/);

    expect(filesWith(repo.dir, secret)).toEqual([]);
    expect(filesWith(repo.dir, 'hunter2-staging')).toEqual([]);
    const own = new Set([join(home, '.claude')]);
    expect(
      filesWith(home, 'hunter2-staging', (path) => own.has(path) || path.startsWith(join(home, '.claude.json'))),
    ).toEqual([]);

    const second = await driveClient(client, {
      repo: repo.dir,
      home,
      plugin: builtPackage(),
      prompt: 'What happened to fib?',
      script: { turns: [{ text: 'It was fixed.' }] },
    });
    expect(second.code, second.stderr).toBe(0);
    const title = /^title: "?(.+?)"?$/m.exec(bugfix)?.[1] ?? 'no title';
    expect(second.requests[0]).toContain(JSON.stringify(title).slice(1, -1));
    expect(second.requests[0]).toMatch(/\d+ of \d+ shown/);
  });

  it('makes the memory from within a session, with no rule that allows it', async () => {
    const { repo, home } = open({ 'a.txt': 'a\n' });
    const run = await driveClient(client, {
      repo: repo.dir,
      home,
      plugin: builtPackage(),
      asksPermission: true,
      prompt: '/repomem:init',
      script: { turns: [{ text: 'Done.' }] },
    });
    expect(run.code, run.stderr).toBe(0);
    expect(existsSync(join(repo.dir, '.claude-mem/settings.yaml'))).toBe(true);
    expect(run.requests[0]).toContain('This repository has a memory');
  });
});

describeClients(
  (client) => {
    it('takes two prompts of one session as one story', async () => {
      const { repo, home } = open({
        'config.json': '{ "retries": "three" }\n',
        'check.sh':
          "grep -q '\"retries\": [0-9]' config.json || { echo 'config.json: retries must be a number' >&2; exit 1; }\n",
      });
      giveMemory(repo, home);
      const first = await driveClient(client, {
        repo: repo.dir,
        home,
        plugin: builtPackage(),
        prompt: 'The check fails. Repair it.',
        script: {
          turns: [
            say('Run the check.', 'sh check.sh'),
            { text: 'Look at the file.', tools: [{ name: 'Read', input: { file_path: '{{REPO}}/config.json' } }] },
            {
              text: 'The loader compares retries as a number; the word "three" never equals one, so the check stops.',
              tools: [
                {
                  name: 'Edit',
                  input: { file_path: '{{REPO}}/config.json', old_string: '"three"', new_string: '3' },
                },
              ],
            },
            say('Run the check again.', 'sh check.sh'),
            {
              text: 'The check failed because retries was the word "three"; it must be a number. It is 3 now and the check passes.',
            },
          ],
        },
      });
      expect(first.code, first.stderr).toBe(0);
      expect(first.session).not.toBe('');
      const second = await driveClient(client, {
        repo: repo.dir,
        home,
        plugin: builtPackage(),
        flags: ['--resume', first.session],
        prompt: 'Should retries be higher?',
        script: {
          turns: [
            {
              text: 'I decided to keep retries at 3 rather than raise it to 10, because every retry doubles the waiting time and ten would hold the queue for minutes.',
            },
          ],
        },
      });
      expect(second.code, second.stderr).toBe(0);
      const { found } = await waitFor(
        () => (shared(repo.dir, /^type: bugfix$/m) && shared(repo.dir, /^type: decision$/m) ? true : undefined),
        60_000,
      );
      expect(
        found,
        recordsOf(repo.dir)
          .map((file) => readFileSync(file, 'utf8'))
          .join('\n'),
      ).toBe(true);
      expect(repo.git('status', '--short', '--untracked-files=all')).not.toContain('.claude-mem/local');
    });

    it('leaves a repository without a memory alone', async () => {
      const { repo, home } = open({ 'a.txt': 'a\n' });
      const run = await driveClient(client, {
        repo: repo.dir,
        home,
        plugin: builtPackage(),
        prompt: 'Print the date.',
        script: { turns: [{ tools: [{ name: 'Bash', input: { command: 'date' } }] }, { text: 'Done.' }] },
      });
      expect(run.code, run.stderr).toBe(0);
      expect(repo.git('status', '--short')).toBe('');
      expect(run.requests[0]).not.toContain('no memory yet');
    });
  },
  { isLastEnough: true },
);
