// What a host does with the MCP server: starts it, shakes hands, asks, one question after the other. Reads the task on standard input, says the
// milliseconds of each call, from the request's first byte to the answer's last.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const { program, args, cwd, env, calls } = JSON.parse(readFileSync(0, 'utf8'));
const server = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: server.stdout });
const replies = new Map();
lines.on('line', (line) => {
  const { id, result, error } = JSON.parse(line);
  replies.get(id)?.({ result, error });
});

let last = 0;
const send = (message) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const request = (method, params) =>
  new Promise((resolve) => {
    replies.set(++last, resolve);
    send({ id: last, method, params });
  });

await request('initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
});
send({ method: 'notifications/initialized' });
const times = [];
for (const call of calls) {
  const started = performance.now();
  const { result, error } = await request('tools/call', call);
  times.push(performance.now() - started);
  if (error || result.isError) throw new Error(JSON.stringify(error ?? result));
}
process.stdout.write(JSON.stringify(times));
server.stdin.end();
