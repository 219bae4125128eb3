// The MCP server as the real client starts it, by the plugin and by `.mcp.json`: the model asks, the memory answers.
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { builtPackage, runCli } from '../helpers/built-cli.ts';
import { describeClients, driveClient } from '../helpers/real-client.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

async function open(...init: string[]): Promise<{ home: string; repo: TempRepo }> {
  const home = tempDir();
  folders.push(home);
  const repo = tempRepo({ 'queue.ts': 'export const retries = 3;\n' }, { at: join(home, 'work/repo') });
  expect((await runCli(['init', '--yes', ...init], { cwd: repo.dir, home })).code).toBe(0);
  const added = await runCli(
    [
      'add',
      'Retries stay at three',
      '--type',
      'decision',
      '--body',
      'Ten would hold the queue for minutes.',
      '--file',
      'queue.ts',
    ],
    { cwd: repo.dir, home },
  );
  expect(added.code, added.stderr).toBe(0);
  return { home, repo };
}

const ask = (tool: string) => ({
  turns: [{ tools: [{ name: tool, input: { query: 'how many retries' } }] }, { text: 'Three.' }],
});

describeClients((client) => {
  it('answers a search of the model, through the plugin', async () => {
    const { home, repo } = await open();
    const run = await driveClient(client, {
      repo: repo.dir,
      home,
      plugin: builtPackage(),
      prompt: 'How often does the queue retry?',
      script: ask('mcp__plugin_repomem_repomem__search'),
    });
    expect(run.code, run.stderr).toBe(0);
    expect(lastToolResult(run.requests)).toContain('Retries stay at three');
  });
});

describeClients(
  (client) => {
    it('answers through .mcp.json, where the user allowed that file', async () => {
      const { home, repo } = await open('--mcp');
      const run = await driveClient(client, {
        repo: repo.dir,
        home,
        prompt: 'How often does the queue retry?',
        flags: ['--mcp-config', join(repo.dir, '.mcp.json')],
        script: ask('mcp__repomem__search'),
      });
      expect(run.code, run.stderr).toBe(0);
      expect(lastToolResult(run.requests)).toContain('Retries stay at three');
    });

    it('runs the hooks of .claude/settings.json, without a plugin', async () => {
      const { home, repo } = await open('--hooks');
      const trusted = { projects: { [repo.dir]: { hasTrustDialogAccepted: true } }, hasCompletedOnboarding: true };
      writeFileSync(join(home, '.claude.json'), JSON.stringify(trusted));
      const run = await driveClient(client, {
        repo: repo.dir,
        home,
        prompt: 'Hello',
        script: { turns: [{ text: 'Hello.' }] },
      });
      expect(run.code, run.stderr).toBe(0);
      expect(run.requests[0]).toContain('Retries stay at three');
      expect(readFileSync(join(repo.dir, '.claude/settings.json'), 'utf8')).toContain('repomem-hook.sh');
    });
  },
  { isLastEnough: true },
);

/** The tool results that the model was given last; '' when it was not asked again. */
function lastToolResult(requests: readonly string[]): string {
  const { messages } = JSON.parse(
    requests.findLast((request) => request.includes('tool_result')) ?? '{"messages":[]}',
  ) as { messages: { content: unknown }[] };
  const blocks = messages.flatMap((message) =>
    Array.isArray(message.content) ? (message.content as { type?: string }[]) : [],
  );
  return JSON.stringify(blocks.filter((block) => block.type === 'tool_result'));
}
