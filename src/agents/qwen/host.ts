// Qwen Code: Claude Code's events and payloads, Gemini's tools and transcript.
import { claudeAnswer, claudeMoments, makeHost, momentIn, type Dialect, type Reading, type Step } from '../dialect.ts';
import { at, firstText, listAt, textAt } from '../json-fields.ts';
import { outputText, type DialectTool } from '../tool-dialects.ts';

const takesContext = ['SessionStart', 'UserPromptSubmit', 'PostToolUse', 'SubagentStart'];

const dialect: Dialect = {
  name: 'qwen',
  read,
  readSteps,
  answer: (event, answer) => claudeAnswer(event, answer, takesContext),
};

export const host = makeHost(dialect);

function read(payload: unknown): Reading {
  const event = textAt(payload, 'hook_event_name');
  const moment = momentIn(claudeMoments, event);
  const prompt = firstText(payload, 'submitted_prompt', 'prompt');
  return {
    event,
    // Qwen sends the event again, with an empty prompt, after each batch of tools.
    moment: moment === 'prompt' && prompt === '' ? 'other' : moment,
    session: textAt(payload, 'session_id'),
    cwd: textAt(payload, 'cwd'),
    transcriptPath: textAt(payload, 'transcript_path'),
    source: firstText(payload, 'source', 'trigger', 'reason'),
    prompt,
    // The transcript has none: a tool's key must not depend on it.
    promptId: moment === 'tool' ? '' : textAt(payload, 'prompt_id'),
    text: firstText(payload, 'last_assistant_message', 'compact_summary'),
    subagent: textAt(payload, 'agent_id'),
    ...(textAt(payload, 'tool_name') === '' ? {} : { tool: readTool(payload, event) }),
  };
}

function readTool(payload: unknown, event: string): Reading['tool'] {
  const response = at(payload, 'tool_response');
  return {
    // The transcript uses the call's id.
    id: firstText(payload, 'tool_call_id', 'tool_use_id'),
    name: textAt(payload, 'tool_name'),
    input: at(payload, 'tool_input'),
    ok: event !== 'PostToolUseFailure',
    output: textAt(payload, 'error') || outputText(response),
    ...displayed(at(response, 'returnDisplay')),
  };
}

/** Change data for display: a unified diff and the original content. */
function displayed(display: unknown): Partial<DialectTool> {
  const diff = textAt(display, 'fileDiff');
  if (diff === '') return {};
  return { diff, isNew: at(display, 'originalContent') === null || at(display, 'originalContent') === '' };
}

function readSteps(records: readonly unknown[]): Step[] {
  const steps: Step[] = [];
  const tools = new Map<string, Step & { kind: 'tool' }>();
  for (const record of records) {
    const time = textAt(record, 'timestamp');
    const type = textAt(record, 'type');
    const parts = listAt(record, 'message', 'parts');
    if (type === 'user') {
      // Other parts were added by hooks and the host itself.
      const text = textAt(record, 'systemPayload', 'displayText') || textAt(parts[0], 'text');
      if (!text.startsWith('<qwen:')) steps.push({ kind: 'prompt', text, at: time });
    } else if (type === 'assistant') {
      for (const part of parts) {
        const text = at(part, 'thought') === true ? '' : textAt(part, 'text');
        if (text !== '') steps.push({ kind: 'text', text, at: time });
        const id = textAt(part, 'functionCall', 'id');
        const name = textAt(part, 'functionCall', 'name');
        if (name === '') continue;
        const cwd = textAt(record, 'cwd');
        const step: Step & { kind: 'tool' } = {
          kind: 'tool',
          at: time,
          tool: { id, name, input: at(part, 'functionCall', 'args'), cwd },
        };
        steps.push(step);
        tools.set(id, step);
      }
    } else if (type === 'tool_result') {
      const answer = at(parts[0], 'functionResponse', 'response');
      const step = tools.get(textAt(record, 'toolCallResult', 'callId'));
      if (!step) continue;
      step.tool = {
        ...step.tool,
        ok: textAt(record, 'toolCallResult', 'status') !== 'error',
        output: outputText(answer),
        ...displayed(at(record, 'toolCallResult', 'resultDisplay')),
      };
    }
  }
  return steps;
}
