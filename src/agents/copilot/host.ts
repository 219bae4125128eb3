// GitHub Copilot CLI: its own camelCase dialect, and Claude Code's names with Copilot's keys. Payloads have no tool ids.
import { claudeAnswer, claudeMoments, claudeReading, makeHost, type Reading, type Step } from '../dialect.ts';
import { at, firstText, isFields, listAt, textAt } from '../json-fields.ts';
import { outputText, type DialectTool } from '../tool-dialects.ts';

const moments = { ...claudeMoments, UserPromptSubmitted: 'prompt', AgentStop: 'turn-end' } as const;

export const host = makeHost({
  name: 'copilot',
  read,
  readSteps,
  hasFullerTranscript: true,
  takesContext: [
    'SessionStart',
    'UserPromptSubmit',
    'UserPromptSubmitted',
    'PreToolUse',
    'PostToolUse',
    'SubagentStart',
  ],
  // Copilot reads text at the top level, in either dialect; before a tool, where Claude Code has it.
  answer: (event, { context, message }) => ({
    ...(context && { additionalContext: context }),
    ...claudeAnswer(event, context ? { context: /^[A-Z]/.test(event) ? context : undefined } : { message }),
  }),
});

function read(payload: unknown): Reading {
  const event = textAt(payload, 'hook_event_name') || eventByShape(payload);
  const source = firstText(payload, 'source', 'trigger', 'reason');
  const name = firstText(payload, 'tool_name', 'toolName');
  const failure = textAt(payload, 'error');
  const result = at(payload, 'tool_result') ?? at(payload, 'toolResult');
  const status = firstText(result, 'result_type', 'resultType');
  const tool = {
    name,
    input: at(payload, 'tool_input') ?? at(payload, 'toolArgs'),
    ok: !/failure$/i.test(event) && (status === '' || status === 'success'),
    output: firstText(result, 'text_result_for_llm', 'textResultForLlm') || failure,
  };
  return {
    ...claudeReading(payload, moments, event),
    session: firstText(payload, 'session_id', 'sessionId'),
    transcriptPath: firstText(payload, 'transcript_path', 'transcriptPath'),
    source: source === 'new' ? 'startup' : source,
    text: '',
    ...(name !== '' && { tool }),
  };
}

/** The camelCase payloads do not name their event: inferred from their keys. */
function eventByShape(payload: unknown): string {
  const has = (key: string): boolean => isFields(payload) && at(payload, key) !== undefined;
  if (has('hookName')) return 'other';
  if (has('toolResult')) return 'postToolUse';
  if (has('toolName')) return has('error') ? 'postToolUseFailure' : 'preToolUse';
  if (has('prompt')) return 'userPromptSubmitted';
  if (has('source')) return 'sessionStart';
  if (has('stopReason')) return has('agentName') ? 'subagentStop' : 'agentStop';
  return has('reason') ? 'sessionEnd' : 'other';
}

function readSteps(records: readonly unknown[]): Step[] {
  return records.flatMap((record): Step[] => {
    const data = at(record, 'data');
    const head = { at: textAt(record, 'timestamp') };
    const text = textAt(data, 'content');
    const call = textAt(data, 'toolCallId');
    switch (textAt(record, 'type')) {
      case 'user.message':
        return [{ ...head, kind: 'prompt', text, id: textAt(data, 'messageId') }];
      case 'assistant.message':
        return [{ ...head, kind: 'text', text, isFinal: listAt(data, 'toolRequests').length === 0 }];
      case 'tool.execution_start':
        return [
          { ...head, kind: 'tool', call, tool: { name: textAt(data, 'toolName'), input: at(data, 'arguments') } },
        ];
      case 'tool.execution_complete':
        return [{ kind: 'result', call, result: resultOf(data) }];
      default:
        return [];
    }
  });
}

function resultOf(data: unknown): Partial<DialectTool> {
  const code = at(data, 'shellExecution', 'exitCode');
  const text = outputText(at(data, 'result')) || outputText(at(data, 'error'));
  const edits = at(data, 'fileEdits');
  const isNew = Array.isArray(edits) && edits.some((edit) => textAt(edit, 'kind') === 'create');
  return {
    ok: at(data, 'success') !== false && (typeof code !== 'number' || code === 0),
    // Removes text that hooks appended.
    output: text.replace(/\n\nTool "[^"\n]*" (?:succeeded|failed)\. Additional guidance from [\s\S]*$/, ''),
    ...(Array.isArray(edits) ? { diff: textAt(data, 'result', 'detailedContent'), isNew } : {}),
  };
}
