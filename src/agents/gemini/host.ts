// Gemini CLI: its own event names, no tool ids, its own context inside prompts. It announces a compaction before every request, so
// that event is ignored.
import { claudeReading, makeHost, type Reading, type Step, type ToolReading } from '../dialect.ts';
import { at, listAt, textAt } from '../json-fields.ts';
import { outputText, type DialectTool } from '../tool-dialects.ts';

const moments = {
  SessionStart: 'start',
  BeforeAgent: 'prompt',
  AfterTool: 'tool',
  AfterAgent: 'turn-end',
  SessionEnd: 'end',
} as const;

export const host = makeHost({
  name: 'gemini',
  read,
  readSteps,
  takesContext: ['SessionStart', 'BeforeAgent', 'AfterTool'],
});

function read(payload: unknown): Reading {
  const reading = claudeReading(payload, moments);
  const name = textAt(payload, 'tool_name');
  const response = at(payload, 'tool_response');
  const error = outputText(at(response, 'error'));
  const tool = {
    name,
    input: at(payload, 'tool_input'),
    ok: error === '',
    output: error || outputText(response),
    ...displayed(at(response, 'returnDisplay')),
  };
  return {
    ...reading,
    prompt: withoutContext(textAt(payload, 'prompt')),
    // All texts of the turn in one; the transcript has them separately.
    text: reading.transcriptPath === '' ? textAt(payload, 'prompt_response') : '',
    ...(name !== '' && { tool }),
  };
}

/** The prompt without the context that hooks added. */
function withoutContext(text: string): string {
  return text.replace(/<hook_context>[\s\S]*?<\/hook_context>\s*/g, '').trim();
}

function displayed(display: unknown): Partial<DialectTool> {
  const diff = textAt(display, 'fileDiff');
  return diff === '' ? {} : { diff, isNew: at(display, 'isNewFile') === true };
}

/** A message is repeated under the same id after its tool calls: the last one counts. */
function readSteps(records: readonly unknown[]): Step[] {
  const messages = new Map<string, unknown>();
  for (const record of records) if (textAt(record, 'id') !== '') messages.set(textAt(record, 'id'), record);
  return [...messages].flatMap(([id, message]): Step[] => {
    const time = textAt(message, 'timestamp');
    const type = textAt(message, 'type');
    if (type === 'user') {
      const said = listAt(message, 'content').map((part) => withoutContext(textAt(part, 'text')));
      const text = said.find((one) => one !== '' && !one.startsWith('<session_context>')) ?? '';
      return [{ kind: 'prompt', at: time, text, id }];
    }
    if (type !== 'gemini') return [];
    const calls = listAt(message, 'toolCalls');
    const text = textAt(message, 'content');
    return [
      { kind: 'text', at: time, text, isFinal: calls.length === 0 },
      ...calls.map((call): Step => ({ kind: 'tool', at: textAt(call, 'timestamp') || time, tool: callOf(call) })),
    ];
  });
}

function callOf(call: unknown): ToolReading {
  const answer = at(listAt(call, 'result')[0], 'functionResponse', 'response');
  return {
    name: textAt(call, 'name'),
    input: at(call, 'args'),
    ok: textAt(call, 'status') !== 'error',
    output: withoutContext(outputText(answer)),
    ...displayed(at(call, 'resultDisplay')),
  };
}
