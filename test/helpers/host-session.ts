// A host's session without a host: payloads and a transcript as Claude Code makes them, sent through the plugin's own hooks.
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runHook, type Run } from './built-cli.ts';

export interface HostSession {
  id: string;
  transcript: string;
  start(source?: string): Promise<Run>;
  prompt(text: string): Promise<Run>;
  /** A tool that was used: payload and transcript tell of it. */
  tool(name: string, input: object, response: unknown): Promise<Run>;
  fail(name: string, input: object, error: string): Promise<Run>;
  /** What the agent says; the transcript alone has it. */
  say(text: string): void;
  report(text: string): Promise<Run>;
  beforeRead(file: string): Promise<Run>;
  stop(text: string): Promise<Run>;
  end(): Promise<Run>;
  raw(event: string, payload: object): Promise<Run>;
}

let sessions = 0;

export function hostSession(options: { repo: string; home: string; env?: Record<string, string> }): HostSession {
  const { repo, home, env } = options;
  const id = `5e55${String(++sessions).padStart(4, '0')}-0000-4000-8000-${String(process.pid).padStart(12, '0')}`;
  const transcript = join(home, '.claude/projects/work', `${id}.jsonl`);
  mkdirSync(dirname(transcript), { recursive: true });
  let count = 0;
  let promptId = `${id}-p0`;
  const line = (record: object): void =>
    appendFileSync(
      transcript,
      `${JSON.stringify({ isSidechain: false, uuid: `${id}-u${++count}`, sessionId: id, timestamp: new Date().toISOString(), cwd: repo, ...record })}\n`,
    );
  const raw = (event: string, payload: object): Promise<Run> =>
    runHook(
      event,
      {
        session_id: id,
        transcript_path: transcript,
        cwd: repo,
        hook_event_name: event,
        prompt_id: promptId,
        ...payload,
      },
      { cwd: repo, home, ...(env && { env }) },
    );
  const use = (name: string, input: object, result: string, isError: boolean, structured: unknown): string => {
    const toolId = `${id}-t${++count}`;
    line({
      type: 'assistant',
      message: { role: 'assistant', content: [{ type: 'tool_use', id: toolId, name, input }] },
    });
    line({
      type: 'user',
      promptId,
      message: {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: toolId, content: result, is_error: isError }],
      },
      toolUseResult: structured,
    });
    return toolId;
  };
  return {
    id,
    transcript,
    raw,
    start: (source = 'startup') => raw('SessionStart', { source }),
    prompt(text) {
      promptId = `${id}-p${++count}`;
      line({ type: 'user', promptId, message: { role: 'user', content: text } });
      return raw('UserPromptSubmit', { prompt: text });
    },
    tool(name, input, response) {
      const tool_use_id = use(name, input, JSON.stringify(response), false, response);
      return raw('PostToolUse', { tool_name: name, tool_input: input, tool_response: response, tool_use_id });
    },
    fail(name, input, error) {
      const tool_use_id = use(name, input, error, true, `Error: ${error}`);
      return raw('PostToolUseFailure', { tool_name: name, tool_input: input, error, tool_use_id, is_interrupt: false });
    },
    say: (text) => line({ type: 'assistant', message: { role: 'assistant', content: [{ type: 'text', text }] } }),
    report: (text) =>
      raw('SubagentStop', { agent_id: `a${++count}`, agent_type: 'general-purpose', last_assistant_message: text }),
    beforeRead: (file) =>
      raw('PreToolUse', { tool_name: 'Read', tool_input: { file_path: file }, tool_use_id: `${id}-r${++count}` }),
    stop(text) {
      line({ type: 'assistant', message: { role: 'assistant', content: [{ type: 'text', text }] } });
      return raw('Stop', { stop_hook_active: false, last_assistant_message: text });
    },
    end: () => raw('SessionEnd', { reason: 'prompt_input_exit' }),
  };
}

/** A Bash tool's answer. */
export const shown = (stdout: string, stderr = ''): object => ({ stdout, stderr, interrupted: false, isImage: false });
