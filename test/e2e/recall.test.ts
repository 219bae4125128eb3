// What the memory brings unasked, and what the model fetches by itself, in the real client.
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { builtPackage, runCli } from '../helpers/built-cli.ts';
import { describeClients, driveClient } from '../helpers/real-client.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';
import { join } from 'node:path';

const fixtures = join(import.meta.dirname, '../fixtures');
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

const tool = (name: string): string => `mcp__plugin_repomem_repomem__${name}`;

describeClients(
  (client) => {
    it('carries the record of the first session into a prompt that asks about it, and to the file that is opened', async () => {
      const home = tempDir();
      folders.push(home);
      const repo = tempRepo(
        { 'fibonacci.py': readFileSync(join(fixtures, 'fibonacci.py'), 'utf8') },
        { at: join(home, 'work/repo') },
      );
      const cli = (...args: string[]) => runCli(args, { cwd: repo.dir, home });
      giveMemory(repo, home);
      const drive = (prompt: string, script: Parameters<typeof driveClient>[1]['script']) =>
        driveClient(client, { repo: repo.dir, home, plugin: builtPackage(), prompt, script });
      const script = JSON.parse(readFileSync(join(fixtures, 'fib-session.script.json'), 'utf8')) as Parameters<
        typeof drive
      >[1];
      expect(
        (await drive('Running fib(-5) crashes with a recursion error. Find out why and fix it.', script)).code,
      ).toBe(0);
      expect((await cli('compress')).code).toBe(0);
      const { results } = JSON.parse((await cli('search', 'negative input', '--json')).stdout) as {
        results: { id: string }[];
      };
      const ids = results.map(({ id }) => id);
      const id = ids[0] ?? 'none';

      const second = await drive('why does negative input raise in fib?', {
        turns: [
          { tools: [{ name: 'Read', input: { file_path: '{{REPO}}/fibonacci.py' } }] },
          { tools: [{ name: tool('search'), input: { query: 'why does negative input raise in fib?' } }] },
          { tools: [{ name: tool('get_observations'), input: { ids: [id] } }] },
          {
            tools: [
              {
                name: tool('remember'),
                input: {
                  title: 'The domain of fib is n >= 0',
                  body: 'Say so in the README.',
                  type: 'decision',
                  files: ['fibonacci.py'],
                },
              },
            ],
          },
          { text: 'Because a silent zero would hide the bug.' },
        ],
      });
      expect(second.code, second.stderr).toBe(0);
      const first = second.requests[0] ?? '';
      expect(first).toContain('Records of this repository that speak of this');
      // The fix, or the choice that it names.
      const told = /that speak of this:\\n- ([0-9a-z]{8}) /.exec(first)?.[1] ?? 'none';
      expect(ids).toContain(told);
      const last = second.requests.findLast((request) => request.includes('Remembered as')) ?? '';
      expect(last).toContain('silent zero');
      // Said with the prompt already: the file brings it no second time.
      expect(last.split(`- ${told} `)).toHaveLength(2);

      const third = await drive('Look at the file, please.', {
        turns: [{ tools: [{ name: 'Read', input: { file_path: '{{REPO}}/fibonacci.py' } }] }, { text: 'Seen.' }],
      });
      expect(third.requests[0]).toContain('The domain of fib is n >= 0');
      expect(third.requests.join('\n')).toContain('Records that speak of fibonacci.py');
    });
  },
  { isLastEnough: true },
);
