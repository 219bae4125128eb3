// The tools of repomem's MCP server for hosts whose plugins bring tools themselves. A server is started for each call, in the session's folder:
// none stays behind. Plain JavaScript, because hosts load it directly.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { bin } from './spawn-hook.mjs';

const prefix = 'repomem__';
const maxMs = 60_000;

/**
 * As the server lists them, under the names that hosts make of a server and its tool.
 * @type {readonly {name: string, description: string, inputSchema: object}[]}
 */
export const tools = JSON.parse(readFileSync(`${bin}../schema/mcp-tools.json`, 'utf8')).map((tool) => ({
  ...tool,
  name: prefix + tool.name,
}));

/**
 * The text of the tool's answer. Throws with that text where the tool failed.
 * @param {string} cwd
 * @param {string} name One of `tools`.
 * @param {unknown} input
 * @returns {Promise<string>}
 */
export function callTool(cwd, name, input) {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', [`${bin}repomem`, 'mcp'], {
      cwd,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: maxMs,
      windowsHide: true,
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      said += chunk;
      const answer = said
        .split('\n')
        .slice(0, -1)
        .map(JSON.parse)
        .find(({ id }) => id === 2);
      if (answer === undefined) return;
      child.stdin.end();
      const { content = [], isError = false } = answer.result ?? {
        content: [{ text: answer.error.message }],
        isError: true,
      };
      const text = content.map((part) => part.text ?? '').join('\n');
      if (isError) reject(new Error(text));
      else resolve(text);
    });
    child.stdin.on('error', () => {});
    child
      .on('error', reject)
      .on('close', () => reject(new Error('repomem mcp: no answer; `repomem doctor` finds why')));
    for (const message of messages(name.slice(prefix.length), input)) child.stdin.write(`${JSON.stringify(message)}\n`);
  });
}

function messages(name, input) {
  const client = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'repomem', version: '0' } };
  return [
    { id: 1, method: 'initialize', params: client },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/call', params: { name, arguments: input } },
  ].map((message) => ({ jsonrpc: '2.0', ...message }));
}
