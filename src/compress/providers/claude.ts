// The user's own Claude Code client, headless: one question on standard input, no tools, no hooks, no plugins, no transcript. It
// spends the quota of the logged-in account, so it is used only when chosen by name.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { at, textAt } from '../../agents/json-fields.ts';
import { attempt, codeOf } from '../../domain/errors.ts';
import {
  oneLine,
  ProviderFailure,
  stopOf,
  usageOf,
  withinLimit,
  withSchema,
  type ModelAnswer,
  type ModelPrompt,
  type Repair,
  type Transport,
} from './transport.ts';

export interface ClaudeOptions {
  model: string;
  /** The client's environment, including PATH. */
  vars: Readonly<Record<string, string | undefined>>;
  timeoutMs: number;
}

const who = 'claude';

/** Safe mode (known since 2.1.169) disables all customisation and keeps authentication. */
const isolated = ['-p', '--safe-mode', '--strict-mcp-config', '--disable-slash-commands', '--no-session-persistence'];

export function claudeTransport({ model, vars, timeoutMs }: ClaudeOptions): Transport {
  const argsOf = (prompt: ModelPrompt): string[] => [
    ...isolated,
    ...(model === '' ? [] : ['--model', model]),
    '--tools',
    '',
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
    ask: (prompt, repair) =>
      withinLimit(who, timeoutMs, async (signal) =>
        readResult(await runClient(argsOf(prompt), inputOf(prompt, repair), vars, signal)),
      ),
  };
}

/** Print mode has one turn: a repair includes the previous reply. */
function inputOf(prompt: ModelPrompt, repair?: Repair): string {
  return repair === undefined
    ? prompt.user
    : `${prompt.user}\n\nYOUR FIRST REPLY\n${repair.answer}\n\nWHAT IS WRONG WITH IT\n${repair.complaint}`;
}

/** Without the variables that make old clients refuse to start, and with a mark that makes our hooks exit at once. */
function childVars(vars: ClaudeOptions['vars']): Record<string, string | undefined> {
  const { CLAUDECODE: _nested, CLAUDE_PROJECT_DIR: _project, ...rest } = vars;
  return { ...rest, REPOMEM_CHILD: '1', CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1' };
}

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

async function runClient(
  args: string[],
  input: string,
  vars: ClaudeOptions['vars'],
  signal: AbortSignal,
): Promise<Run> {
  // An empty temporary folder: the client finds no project files or settings above it.
  const folder = mkdtempSync(join(tmpdir(), 'repomem-claude-'));
  // A process group, so that the client's child processes are killed with it.
  const child = spawn(who, args, { cwd: folder, env: childVars(vars), stdio: 'pipe', detached: true });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  try {
    const ended = [text(child.stdout), text(child.stderr), once(child, 'close', { signal })] as const;
    const [stdout, stderr, [code]] = await Promise.all(ended);
    return { code: code as number | null, stdout, stderr };
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new ProviderFailure('lasting', `${who}: the client is not on the PATH`, { cause: error });
  } finally {
    // It may have ended already.
    if (signal.aborted) attempt(() => process.kill(-child.pid!, 'SIGKILL'));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Failures that need user action: not logged in, no credit, the plan's limit reached for hours. */
const lasting =
  /log ?in|api key|authenticat|credit balance|unknown option|limit reached|hit your|not.*model|model.*not/i;

function failureTold(told: string): ProviderFailure {
  return new ProviderFailure(lasting.test(told) ? 'lasting' : 'passing', `${who}: ${told}`);
}

/** `subtype` is "success" even for a failed login, so `is_error` is checked. With `verbose` in the settings the output is a list. */
function readResult({ code, stdout, stderr }: Run): ModelAnswer {
  const parsed = attempt((): unknown => JSON.parse(stdout));
  if (parsed === undefined) throw failureTold(oneLine(stderr || stdout) || `exit code ${code}`);
  const result: unknown = [parsed].flat().find((each) => textAt(each, 'type') === 'result');
  const said = textAt(result, 'result');
  if (result === undefined || at(result, 'is_error') === true)
    throw failureTold(oneLine(said || stderr) || 'no result');
  return { text: said, stop: stopOf(at(result, 'stop_reason')), ...usageOf(at(result, 'usage')) };
}
