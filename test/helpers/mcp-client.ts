import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { builtCli } from './built-cli.ts';
import { gitVars } from './temp-repo.ts';

export interface McpClient {
  /** The raw result of a method, as text. */
  ask(method: string, params?: object): Promise<string>;
  /** A tool's answer, as text. */
  call(tool: string, args?: object): Promise<string>;
  /** From now on it tells its roots when it is asked. */
  answerAtOnce(): void;
  close(): Promise<void>;
}

/**
 * `repomem mcp` as a process of its own, spoken to as a host would. `roots`: folders that the client tells when it is asked, `rootsAfterMs`
 * later; `null`: it declares roots and never answers.
 */
export async function startMcp(options: {
  cwd: string;
  home: string;
  roots?: readonly string[] | null;
  rootsAfterMs?: number;
}): Promise<McpClient> {
  const child = spawn(process.execPath, [builtCli(), 'mcp'], {
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], HOME: options.home, LANG: 'C.UTF-8', ...gitVars },
  });
  const waiting = new Map<number, (line: string) => void>();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { id, method } = JSON.parse(line) as { id: number; method?: string };
      if (method === undefined) waiting.get(id)?.(line);
      else if (method === 'roots/list' && options.roots) {
        const roots = options.roots.map((root) => ({ uri: pathToFileURL(root).href, name: 'workspace' }));
        setTimeout(() => send({ id, result: { roots } }), rootsAfterMs);
      }
    }
  });
  let rootsAfterMs = options.rootsAfterMs ?? 0;
  let last = 0;
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask = (method: string, params: object = {}): Promise<string> => {
    const id = ++last;
    return new Promise((resolve, reject) => {
      waiting.set(id, resolve);
      child.once('close', () => reject(new Error(`the server ended before it answered ${method}`)));
      send({ id, method, params });
    });
  };
  child.setMaxListeners(0);
  await ask('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: options.roots === undefined ? {} : { roots: { listChanged: true } },
    clientInfo: { name: 'test', version: '1' },
  });
  send({ method: 'notifications/initialized' });
  return {
    ask,
    async call(name, args = {}) {
      const reply = JSON.parse(await ask('tools/call', { name, arguments: args })) as {
        result?: { content: { text: string }[] };
      };
      return reply.result?.content.map(({ text }) => text).join('\n') ?? JSON.stringify(reply);
    },
    answerAtOnce: () => void (rootsAfterMs = 0),
    close: () =>
      new Promise((resolve) => {
        child.removeAllListeners('close');
        child.once('close', () => resolve());
        child.stdin.end();
      }),
  };
}
