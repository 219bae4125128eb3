// Qwen Code: Claude Code's events and payloads, Gemini's tools and transcript.
import { claudeReading, makeHost, type Reading, type Step } from '../dialect.ts';
import { at, firstText, listAt, textAt } from '../json-fields.ts';
import { outputText, type DialectTool } from '../tool-dialects.ts';

export const host = makeHost({
  name: 'qwen',
  read,
  readSteps,
  takesContext: ['SessionStart', 'UserPromptSubmit', 'PostToolUse', 'SubagentStart'],
});

function read(payload: unknown): Reading {
  const reading = claudeReading(payload);
  const prompt = firstText(payload, 'submitted_prompt', 'prompt');
  return {
    ...reading,
    // Qwen sends the event again, with an empty prompt, after each batch of tools.
    moment: reading.moment === 'prompt' && prompt === '' ? 'other' : reading.moment,
    prompt,
    // The transcript has none: a tool's key must not depend on it.
    promptId: reading.moment === 'tool' ? '' : textAt(payload, 'prompt_id'),
    text: reading.text || textAt(payload, 'compact_summary'),
    ...(textAt(payload, 'tool_name') !== '' && { tool: readTool(payload, reading.event) }),
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
  return records.flatMap((record): Step[] => {
    const head = { at: textAt(record, 'timestamp') };
    const parts = listAt(record, 'message', 'parts');
    switch (textAt(record, 'type')) {
      case 'user': {
        // Other parts were added by hooks and the host itself.
        const text = textAt(record, 'systemPayload', 'displayText') || textAt(parts[0], 'text');
        return text.startsWith('<qwen:') ? [] : [{ ...head, kind: 'prompt', text }];
      }
      case 'assistant':
        return parts.flatMap((part): Step[] => {
          const text = at(part, 'thought') === true ? '' : textAt(part, 'text');
          const id = textAt(part, 'functionCall', 'id');
          const name = textAt(part, 'functionCall', 'name');
          const tool = { id, name, input: at(part, 'functionCall', 'args'), cwd: textAt(record, 'cwd') };
          return [
            { ...head, kind: 'text', text },
            ...(name === '' ? [] : [{ ...head, kind: 'tool' as const, call: id, tool }]),
          ];
        });
      case 'tool_result': {
        const result = at(record, 'toolCallResult');
        const ok = textAt(result, 'status') !== 'error';
        const output = outputText(at(parts[0], 'functionResponse', 'response'));
        const shown = displayed(at(result, 'resultDisplay'));
        return [{ kind: 'result', call: textAt(result, 'callId'), result: { ok, output, ...shown } }];
      }
      default:
        return [];
    }
  });
}
