// Recorded sessions of other agents, played as each agent would: payloads through its hook commands, or calls of its own adapter.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { builtPackage, runProcess } from './built-cli.ts';
import type { TempRepo } from './temp-repo.ts';

export const fixtures = join(import.meta.dirname, '../fixtures/hosts');

interface Call {
  label: string;
  /** The file of the session, where the host's adapter is told it. */
  session?: string;
  stdin: Record<string, unknown>;
}

export interface Recorded {
  calls: Call[];
  transcript: { path: string; text: string } | undefined;
  /** The whole recording with its places filled in. */
  text: string;
}

/** `session`: another id in place of the recorded one, so that a second session is another. */
export function readRecorded(name: string, places: { repo: string; home: string; session?: string }): Recorded {
  const { repo, home, session } = places;
  const fill = (text: string): string => {
    const filled = text
      .replaceAll('{{REPO_SLUG}}', repo.replace(/[^A-Za-z0-9]/g, '-'))
      .replaceAll('{{REPO}}', repo)
      .replaceAll('{{HOME}}', home);
    const known = sessionIn(filled);
    return session === undefined || known === undefined ? filled : filled.replaceAll(known, session);
  };
  const text = fill(readFileSync(join(fixtures, `${name}.jsonl`), 'utf8'));
  const calls = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Call);
  const path = calls
    .map(({ stdin, session: file }) => stdin['transcript_path'] ?? stdin['transcriptPath'] ?? file)
    .find(isText);
  const file = join(fixtures, `${name.replace('-pascal', '')}.transcript.jsonl`);
  let transcript: Recorded['transcript'];
  try {
    if (path !== undefined) transcript = { path, text: fill(readFileSync(file, 'utf8')) };
  } catch {
    // This one has none.
  }
  return { calls, transcript, text };
}

const isText = (value: unknown): value is string => typeof value === 'string';

function sessionIn(text: string): string | undefined {
  return (
    /"(?:session_id|sessionId|sessionID|rootSessionId)":"([^"]+)"/.exec(text)?.[1] ??
    /Z_([0-9a-f-]{36})\.jsonl/.exec(text)?.[1]
  );
}

/** The host's event → the one that its hook file passes on; undefined for events that it does not name. */
export const ourEvents: Readonly<Record<string, string>> = {
  SessionStart: 'SessionStart',
  UserPromptSubmit: 'UserPromptSubmit',
  PreToolUse: 'PreToolUse',
  PostToolUse: 'PostToolUse',
  PostToolUseFailure: 'PostToolUseFailure',
  Stop: 'Stop',
  SessionEnd: 'SessionEnd',
  sessionStart: 'SessionStart',
  userPromptSubmitted: 'UserPromptSubmit',
  preToolUse: 'PreToolUse',
  postToolUse: 'PostToolUse',
  agentStop: 'Stop',
  sessionEnd: 'SessionEnd',
  BeforeAgent: 'UserPromptSubmit',
  AfterTool: 'PostToolUse',
  AfterAgent: 'Stop',
};

export interface PlayOptions {
  repo: TempRepo;
  home: string;
  session?: string;
  env?: Record<string, string>;
  /** The host is not named to the hook, as in files of another host that it reads too. */
  isUnnamed?: boolean;
  /** Plays no further than to the first text that the host is given. */
  endsOnceTold?: boolean;
}

/** What the host was given for its model, in order. The edit of the session happens before its turn ends. */
export async function playHost(host: string, recording: string, options: PlayOptions): Promise<string[]> {
  const { repo, home, env = {} } = options;
  const { calls, transcript, text } = readRecorded(recording, { ...options, repo: repo.dir });
  if (transcript) {
    mkdirSync(dirname(transcript.path), { recursive: true });
    writeFileSync(transcript.path, transcript.text);
  }
  const edit = (): string =>
    repo.write(
      'fibonacci.py',
      'def fib(n):\n    if n < 0:\n        raise ValueError("n must not be negative")\n    a, b = 0, 1\n    return a\n',
    );
  const wait = { REPOMEM_WAIT: '1', ...env };
  if (['opencode', 'pi', 'cline', 'openclaw'].includes(host)) {
    edit();
    const file = join(home, `${host}-${options.session ?? 'first'}.jsonl`);
    writeFileSync(file, text);
    const player = join(import.meta.dirname, '../tools/play-plugin.mjs');
    const args = [player, host, builtPackage(), file, repo.dir, ...(options.endsOnceTold ? ['once-told'] : [])];
    const run = await runProcess(process.execPath, args, {
      cwd: repo.dir,
      home,
      env: wait,
    });
    if (run.code !== 0 || run.stderr !== '') throw new Error(`${host}: ${run.code} ${run.stderr}`);
    return run.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string);
  }
  const given: string[] = [];
  for (const { label, stdin } of calls) {
    const event = ourEvents[label];
    if (event === undefined) continue;
    if (event === 'Stop') edit();
    const script = event.startsWith('PostToolUse') ? 'repomem-capture.sh' : 'repomem-hook.sh';
    const run = await runProcess('sh', [join(builtPackage(), 'bin', script), event], {
      cwd: repo.dir,
      home,
      env: { ...(options.isUnnamed ? {} : { REPOMEM_AGENT: host }), ...wait },
      input: JSON.stringify(stdin),
    });
    if (run.code !== 0 || run.stderr !== '') throw new Error(`${host} ${label}: ${run.code} ${run.stderr}`);
    if (run.stdout !== '') given.push(run.stdout);
    if (options.endsOnceTold && given.length > 0) break;
  }
  return given;
}
