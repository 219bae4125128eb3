// Cursor, based on its documentation only: it has no client without the editor. Unknown fields are ignored.
import type { Answer } from '../agent.ts';
import {
  claudeMoments,
  claudeName,
  makeHost,
  momentIn,
  type Dialect,
  type Reading,
  type ToolReading,
} from '../dialect.ts';
import { at, firstText, textAt } from '../json-fields.ts';
import { outputText } from '../tool-dialects.ts';

const moments = {
  ...claudeMoments,
  BeforeSubmitPrompt: 'prompt',
  AfterFileEdit: 'tool',
  AfterShellExecution: 'tool',
  AfterAgentResponse: 'text',
} as const;

const takesContext = ['SessionStart', 'BeforeSubmitPrompt', 'UserPromptSubmit', 'PostToolUse'];

const dialect: Dialect = { name: 'cursor', read, answer };

export const host = makeHost(dialect);

function answer(event: string, { context }: Answer): object | undefined {
  return context && takesContext.includes(claudeName(event)) ? { additional_context: context } : undefined;
}

function read(payload: unknown): Reading {
  const event = textAt(payload, 'hook_event_name');
  return {
    event,
    moment: momentIn(moments, claudeName(event)),
    session: firstText(payload, 'conversation_id', 'session_id'),
    cwd: textAt(payload, 'cwd'),
    source: firstText(payload, 'source', 'trigger', 'reason') || (/^sessionStart$/i.test(event) ? 'startup' : ''),
    prompt: textAt(payload, 'prompt'),
    promptId: textAt(payload, 'generation_id'),
    text: firstText(payload, 'text', 'last_assistant_message', 'summary'),
    tool: readTool(payload, event),
  };
}

function readTool(payload: unknown, event: string): ToolReading | undefined {
  if (event === 'afterFileEdit') return { name: 'Edit', input: payload };
  if (event === 'afterShellExecution')
    return { name: 'Shell', input: { command: textAt(payload, 'command') }, output: textAt(payload, 'output') };
  const name = textAt(payload, 'tool_name');
  if (name === '') return undefined;
  const failure = textAt(payload, 'error_message') || textAt(payload, 'error');
  return {
    id: textAt(payload, 'tool_use_id'),
    name,
    input: at(payload, 'tool_input'),
    ok: !event.endsWith('Failure'),
    output: failure || outputText(at(payload, 'tool_output') ?? at(payload, 'tool_response')),
  };
}
