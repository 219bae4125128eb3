import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface ReplayOptions {
  /** The plugin's folder: its own hook commands are run, as its manifest names them. */
  plugin: string;
  repo: string;
  home: string;
  /** Payloads, one JSON text a line, with `{{REPO}}`, `{{HOME}}`, `{{REPO_SLUG}}` and `_recorded_at`. */
  hooks: string;
  /** The session's transcript: it grows as the recorded time passes, so that no hook sees more than it would have seen. */
  transcript?: string;
  env?: Record<string, string | undefined>;
  /** Runs before each payload, for what the tools of the recorded session did to the files. */
  before?: (payload: Record<string, unknown>) => void;
}

export interface HookRun {
  event: string;
  tool: string | undefined;
  code: number | null;
  ms: number;
  stdout: string;
  stderr: string;
}

interface Hook {
  type: string;
  command: string;
}

/** Plays recorded payloads through a plugin's hooks, one event after the other, as the host would. */
export async function replaySession(options: ReplayOptions): Promise<HookRun[]> {
  const slug = options.repo.replace(/[^A-Za-z0-9]/g, '-');
  const fill = (text: string): string =>
    text.replaceAll('{{REPO_SLUG}}', slug).replaceAll('{{REPO}}', options.repo).replaceAll('{{HOME}}', options.home);
  const transcript = growTranscript(
    join(options.home, '.claude/projects', slug, 'session.jsonl'),
    fill(options.transcript ?? ''),
  );
  const manifest = JSON.parse(readFileSync(join(options.plugin, 'hooks/hooks.json'), 'utf8')) as {
    hooks: Record<string, { matcher?: string; hooks: Hook[] }[]>;
  };
  const runs: HookRun[] = [];
  for (const line of linesOf(options.hooks)) {
    const { _recorded_at: time, ...payload } = JSON.parse(fill(line)) as Record<string, unknown>;
    const event = String(payload['hook_event_name']);
    if (payload['transcript_path'] !== undefined) payload['transcript_path'] = transcript.file;
    transcript.showUntil(event === 'SessionEnd' ? undefined : String(time ?? ''));
    options.before?.(payload);
    const hooks = (manifest.hooks[event] ?? [])
      .filter((group) => matches(group.matcher, payload))
      .flatMap((group) => group.hooks);
    runs.push(...(await Promise.all(hooks.map((hook) => runHookCommand(hook.command, event, payload, options)))));
  }
  return runs;
}

function runHookCommand(
  command: string,
  event: string,
  payload: Record<string, unknown>,
  { plugin, repo, home, env }: ReplayOptions,
): Promise<HookRun> {
  const started = performance.now();
  const cwd = typeof payload['cwd'] === 'string' && existsSync(payload['cwd']) ? payload['cwd'] : repo;
  const child = spawn('sh', ['-c', command], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      LANG: 'C.UTF-8',
      HOME: home,
      CLAUDECODE: '1',
      CLAUDE_PROJECT_DIR: repo,
      CLAUDE_PLUGIN_ROOT: plugin,
      CLAUDE_CODE_ENTRYPOINT: 'cli',
      ...env,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(payload));
  const tool = typeof payload['tool_name'] === 'string' ? payload['tool_name'] : undefined;
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ event, tool, code, ms: performance.now() - started, stdout, stderr })),
  );
}

function growTranscript(file: string, text: string): { file: string; showUntil(time: string | undefined): void } {
  const lines = linesOf(text);
  let shown = 0;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  return {
    file,
    showUntil(time) {
      const from = shown;
      for (; shown < lines.length; shown++) {
        const at = [...(lines[shown] ?? '').matchAll(/"timestamp":"([^"]+)"/g)].at(-1)?.[1];
        if (time && at && at > time) break;
      }
      if (shown > from) appendFileSync(file, `${lines.slice(from, shown).join('\n')}\n`);
    },
  };
}

/** Words and lists of words are compared, anything else is a pattern: as the host reads a matcher. */
function matches(matcher: string | undefined, payload: Record<string, unknown>): boolean {
  if (!matcher || matcher === '*') return true;
  const subject = String(
    payload['tool_name'] ?? payload['source'] ?? payload['trigger'] ?? payload['reason'] ?? payload['agent_type'] ?? '',
  );
  return /^[\w\-, |]+$/.test(matcher)
    ? matcher.split(/[|,]/).some((word) => word.trim() === subject)
    : new RegExp(matcher).test(subject);
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
