// Cursor, based on its documentation only: it has no client without the editor. Unknown fields are ignored.
import { claudeMoments, claudeReading, makeHost, type Reading, type ToolReading } from '../dialect.ts';
import { at, firstText, textAt } from '../json-fields.ts';
import { outputText } from '../tool-dialects.ts';

const moments = {
  ...claudeMoments,
  BeforeSubmitPrompt: 'prompt',
  AfterFileEdit: 'tool',
  AfterShellExecution: 'tool',
  AfterAgentResponse: 'text',
} as const;

export const host = makeHost({
  name: 'cursor',
  read,
  takesContext: ['SessionStart', 'BeforeSubmitPrompt', 'UserPromptSubmit', 'PostToolUse'],
  answer: (_event, { context }) => ({ ...(context && { additional_context: context }) }),
});

function read(payload: unknown): Reading {
  const reading = claudeReading(payload, moments);
  return {
    ...reading,
    session: firstText(payload, 'conversation_id', 'session_id'),
    source: reading.source || (reading.moment === 'start' ? 'startup' : ''),
    promptId: textAt(payload, 'generation_id'),
    text: firstText(payload, 'text', 'last_assistant_message', 'summary'),
    tool: readTool(payload, reading.event),
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
