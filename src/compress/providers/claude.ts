// The user's own Claude Code client, headless: one question on standard input, no tools, no hooks, no plugins, no transcript. It
// spends the quota of the logged-in account, so it is used only when chosen by name.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../domain/errors.ts';
import { countOf, fieldsOf } from './event-stream.ts';
import { withUsage } from './model-request.ts';
import {
  answerMaxBytes,
  oneLine,
  ProviderFailure,
  type ModelAnswer,
  type ModelPrompt,
  type Repair,
  type Transport,
  withSchema,
} from './transport.ts';

export interface ClaudeOptions {
  model: string;
  /** The client's environment, including PATH. */
  vars: Readonly<Record<string, string | undefined>>;
  timeoutMs: number;
}

const who = 'claude';

/** Disables all customisation, keeps authentication; clients before 2.1.169 do not know the flag. */
const safe = ['--safe-mode'];
const safeBefore = ['--setting-sources', '', '--settings', '{"disableAllHooks":true,"autoMemoryEnabled":false}'];

export function claudeTransport({ model, vars, timeoutMs }: ClaudeOptions): Transport {
  let isolation = safe;
  const argsOf = (prompt: ModelPrompt): string[] => [
    '-p',
    ...isolation,
    ...(model === '' ? [] : ['--model', model]),
    '--tools',
    '',
    '--strict-mcp-config',
    '--disable-slash-commands',
    '--no-session-persistence',
    '--system-prompt',
    withSchema(prompt),
    '--output-format',
    'json',
  ];
  return {
    name: who,
    model: model === '' ? 'default' : model,
    host: 'the claude client of this machine',
    describe: (prompt, repair) => ({ program: who, args: argsOf(prompt), stdin: inputOf(prompt, repair) }),
    async ask(prompt, repair) {
      for (;;) {
        const run = await runClient(argsOf(prompt), inputOf(prompt, repair), vars, timeoutMs);
        if (isolation === safe && run.code !== 0 && /unknown option.*--safe-mode/.test(run.stderr)) {
          isolation = safeBefore;
          continue;
        }
        return withUsage(readResult(run), prompt);
      }
    },
  };
}

/** Print mode has one turn: a repair includes the previous reply. */
function inputOf(prompt: ModelPrompt, repair?: Repair): string {
  return repair === undefined
    ? prompt.user
    : `${prompt.user}\n\nYOUR FIRST REPLY\n${repair.answer}\n\nWHAT IS WRONG WITH IT\n${repair.complaint}`;
}

/** Without the variables that make old clients refuse to start, and with a mark that makes our hooks exit at once. */
export function childVars(vars: ClaudeOptions['vars']): Record<string, string | undefined> {
  const { CLAUDECODE: _nested, CLAUDE_PROJECT_DIR: _project, ...rest } = vars;
  return { ...rest, REPOMEM_CHILD: '1', CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1' };
}

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

function runClient(args: string[], input: string, vars: ClaudeOptions['vars'], timeoutMs: number): Promise<Run> {
  // An empty temporary folder: the client finds no project files or settings above it.
  const folder = mkdtempSync(join(tmpdir(), 'repomem-claude-'));
  return new Promise<Run>((resolve, reject) => {
    // A process group, so that the client's child processes are killed with it.
    const child = spawn(who, args, { cwd: folder, env: childVars(vars), stdio: 'pipe', detached: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let bytes = 0;
    const end = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has already ended.
      }
    };
    const timer = setTimeout(() => {
      reject(new ProviderFailure('passing', `${who}: no answer in ${timeoutMs / 1000} s`));
      end();
    }, timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= answerMaxBytes) out.push(chunk);
      else end();
    });
    child.stderr.on('data', (chunk: Buffer) => void (err.length < 100 && err.push(chunk)));
    child.stdin.on('error', () => {});
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(startFailure(error));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({
        code: code ?? 1,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
      });
    });
    child.stdin.end(input);
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
}

function startFailure(error: Error): ProviderFailure {
  return codeOf(error) === 'ENOENT'
    ? new ProviderFailure('lasting', `${who}: the client is not on the PATH`, { cause: error })
    : new ProviderFailure('passing', `${who}: ${error.message}`, { cause: error });
}

/** Failures that need user action: not logged in, no credit, the plan's limit reached for hours. */
const lasting =
  /log ?in|api key|authenticat|credit balance|unknown option|limit reached|hit your|not.*model|model.*not/i;

/** `subtype` is "success" even for a failed login, so `is_error` is checked. With `verbose` in the settings the output is a list. */
function readResult({ code, stdout, stderr }: Run): ModelAnswer {
  let parsed: unknown;
  try {
    parsed = JSON.parse(stdout);
  } catch {
    const told = oneLine(stderr || stdout) || `exit code ${code}`;
    throw new ProviderFailure(lasting.test(told) ? 'lasting' : 'passing', `${who}: ${told}`);
  }
  const result = (Array.isArray(parsed) ? parsed : [parsed]).map(fieldsOf).find((each) => each['type'] === 'result');
  const text = String(result?.['result'] ?? '');
  if (result === undefined || result['is_error'] === true) {
    const told = oneLine(text || stderr) || 'no result';
    throw new ProviderFailure(lasting.test(told) ? 'lasting' : 'passing', `${who}: ${told}`);
  }
  const usage = fieldsOf(result['usage']);
  const tokensIn = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'].reduce(
    (sum, key) => sum + countOf(usage[key]),
    0,
  );
  const reason = result['stop_reason'];
  return {
    text,
    stop: reason === 'refusal' ? 'refused' : reason === 'max_tokens' ? 'cut' : 'end',
    tokensIn,
    tokensOut: countOf(usage['output_tokens']),
  };
}
