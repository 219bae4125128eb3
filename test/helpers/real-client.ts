import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { runProcess, type Run } from './built-cli.ts';
import { startFakeModel, type ModelScript } from './fake-model.ts';

export interface RealClient {
  program: string;
  version: string;
}

/** Programs named by REPOMEM_TEST_CLIENTS (separated by `:`) or REPOMEM_TEST_CLIENT; none where nothing is named. */
function realClients(): RealClient[] {
  const named = process.env['REPOMEM_TEST_CLIENTS'] ?? process.env['REPOMEM_TEST_CLIENT'] ?? '';
  return named
    .split(':')
    .filter((program) => program !== '' && existsSync(program))
    .map((program) => ({ program, version: versionOf(program) }));
}

/** Runs the tests once for each client, or with the last one named; where there is none they stand there as skipped. */
export function describeClients(tests: (client: RealClient) => void, { isLastEnough = false } = {}): void {
  const clients = realClients().slice(isLastEnough ? -1 : 0);
  if (clients.length === 0) console.log('no client in REPOMEM_TEST_CLIENTS: tests with the real client are skipped');
  const cases = clients.length > 0 ? clients : [{ program: '', version: 'that is not there' }];
  describe.skipIf(clients.length === 0).each(cases)('client $version', tests);
}

export interface DriveOptions {
  repo: string;
  home: string;
  prompt: string;
  script: ModelScript;
  /** A plugin folder for this session alone; absent: what is installed in `home`. */
  plugin?: string;
  flags?: readonly string[];
  env?: Record<string, string>;
  /** Ask for permissions, as the client does by default: a tool that needs one is then refused. */
  asksPermission?: boolean;
}

/** One headless session of the real client, offline, on a scripted model. */
export async function driveClient(
  client: RealClient,
  options: DriveOptions,
): Promise<Run & { requests: readonly string[]; session: string }> {
  const model = await startFakeModel(fill(options.script, options.repo));
  try {
    const run = await runProcess(
      client.program,
      [
        '-p',
        options.prompt,
        ...(options.plugin === undefined ? [] : ['--plugin-dir', options.plugin]),
        ...(options.asksPermission ? [] : ['--dangerously-skip-permissions']),
        '--output-format',
        'json',
        ...(options.flags ?? []),
      ],
      {
        cwd: options.repo,
        home: options.home,
        env: { ...clientVars, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'not-a-key', ...options.env },
      },
    );
    return { ...run, requests: model.requests, session: /"session_id":"([^"]+)"/.exec(run.stdout)?.[1] ?? '' };
  } finally {
    await model.close();
  }
}

/** One of the client's own commands, such as `plugin list`. */
export function askClient(client: RealClient, home: string, ...args: string[]): Promise<Run> {
  return runProcess(client.program, args, { cwd: home, home, env: clientVars });
}

const clientVars = {
  TERM: 'xterm',
  IS_SANDBOX: '1',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
};

function fill(script: ModelScript, repo: string): ModelScript {
  return JSON.parse(JSON.stringify(script).replaceAll('{{REPO}}', repo)) as ModelScript;
}

function versionOf(program: string): string {
  const said = execFileSync(program, ['--version'], { encoding: 'utf8', env: { ...process.env, ...clientVars } });
  return /\d+\.\d+\.\d+/.exec(said)?.[0] ?? said.trim();
}
