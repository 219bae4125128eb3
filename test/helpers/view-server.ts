// `repomem view` as a process of its own, and requests to it as its page makes them.
import { spawn, type ChildProcess } from 'node:child_process';
import { request } from 'node:http';
import { builtCli } from './built-cli.ts';
import { gitVars } from './temp-repo.ts';

export interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface ViewServer {
  url: string;
  port: number;
  token: string;
  process: ChildProcess;
  /** The answer as JSON; throws on any status but 200. */
  get<T = Record<string, unknown>>(path: string): Promise<T>;
  post<T = Record<string, unknown>>(path: string, body: object): Promise<T>;
  /** With these headers and no others. */
  raw(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<Answered>;
  /** What a page of the server sends. */
  headers: Record<string, string>;
  stop(): Promise<number>;
  /** On standard error. */
  said(): string;
}

export async function viewServer(options: {
  cwd: string;
  home: string;
  args?: readonly string[];
  env?: Record<string, string>;
  /** Opens a browser, as it does for people. */
  isOpening?: boolean;
  /** Default: the program that the tests built. */
  program?: string;
}): Promise<ViewServer> {
  const { cwd, home, args = [], env, isOpening = false, program = builtCli() } = options;
  const child = spawn(process.execPath, [program, 'view', ...(isOpening ? [] : ['--no-open']), '--json', ...args], {
    cwd,
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...gitVars, HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let problem = '';
  const line = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const end = said.indexOf('\n');
      if (end !== -1) resolve(said.slice(0, end));
    });
    child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString('utf8')));
    child.on('exit', (code) => reject(new Error(`view ended with ${code}: ${problem}`)));
  });
  const { url, port } = JSON.parse(line) as { url: string; port: number };
  const token = url.slice(url.indexOf('#t=') + 3);
  const headers = { Authorization: `Bearer ${token}` };
  const raw: ViewServer['raw'] = (method, path, own = {}, body) =>
    new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, method, path, headers: own, setHost: own['Host'] === undefined },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  const json = async <T>(answer: Promise<Answered>): Promise<T> => {
    const { status, text } = await answer;
    if (status !== 200) throw new Error(`${status}: ${text}`);
    return JSON.parse(text) as T;
  };
  const posted = { ...headers, Origin: `http://127.0.0.1:${port}`, 'Content-Type': 'application/json' };
  return {
    url,
    port,
    token,
    process: child,
    headers,
    raw,
    said: () => problem,
    get: (path) => json(raw('GET', path, headers)),
    post: (path, body) => json(raw('POST', path, posted, JSON.stringify(body))),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve(child.exitCode);
        child.on('exit', (code) => resolve(code ?? -1));
        child.kill('SIGTERM');
      }),
  };
}
