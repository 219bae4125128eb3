// A scripted turn in the dialects that other agents' clients speak: OpenAI's chat completions and Responses, Gemini's generateContent.
import type { ServerResponse } from 'node:http';
import type { Turn } from './fake-model.ts';

type Reply = (response: ServerResponse, asked: Record<string, unknown>, turn: Turn, ordinal: number) => void;

/** The end of a request's path → how it is answered. */
export const dialects: readonly (readonly [RegExp, Reply])[] = [
  [/\/chat\/completions$/, replyChat],
  [/\/responses$/, replyResponses],
  [/:streamGenerateContent$/, replyGemini(true)],
  [/:generateContent$/, replyGemini(false)],
];

function replyChat(response: ServerResponse, asked: Record<string, unknown>, turn: Turn, ordinal: number): void {
  const calls = (turn.tools ?? []).map(({ name, input }, index) => ({
    index,
    id: `call_${ordinal}_${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
  const message = { role: 'assistant', content: turn.text ?? '', ...(calls.length > 0 && { tool_calls: calls }) };
  const finish = { finish_reason: calls.length > 0 ? 'tool_calls' : 'stop', index: 0 };
  const base = { id: `chat_${ordinal}`, created: 1, model: asked['model'] ?? 'model' };
  const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
  if (asked['stream'] !== true)
    return send(response, [{ ...base, object: 'chat.completion', choices: [{ message, ...finish }], usage }]);
  const chunk = { ...base, object: 'chat.completion.chunk' };
  send(response, [
    { ...chunk, choices: [{ delta: message, index: 0, finish_reason: null }] },
    { ...chunk, choices: [{ delta: {}, ...finish }] },
    { ...chunk, choices: [], usage },
    '[DONE]',
  ]);
}

function replyResponses(response: ServerResponse, _asked: Record<string, unknown>, turn: Turn, ordinal: number): void {
  const status = 'completed';
  const content = [{ type: 'output_text', text: turn.text, annotations: [] }];
  const output = [
    ...(turn.text ? [{ type: 'message', id: `msg_${ordinal}`, role: 'assistant', status, content }] : []),
    ...(turn.tools ?? []).map(({ name, input, raw, namespace }, index) => {
      const call = { id: `item_${ordinal}_${index}`, call_id: `call_${ordinal}_${index}`, name, status };
      return raw === undefined
        ? { type: 'function_call', ...call, ...(namespace && { namespace }), arguments: JSON.stringify(input) }
        : { type: 'custom_tool_call', ...call, input: raw };
    }),
  ];
  const whole = { id: `resp_${ordinal}`, object: 'response', status, output, usage: responseUsage };
  const started = { type: 'response.created', response: { ...whole, status: 'in_progress', output: [] } };
  const items = output.map((item, index) => ({ type: 'response.output_item.done', output_index: index, item }));
  send(response, [started, ...items, { type: 'response.completed', response: whole }]);
}

const responseUsage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 50,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 150,
};

function replyGemini(isStream: boolean): Reply {
  return (response, _asked, turn, ordinal) => {
    const calls = (turn.tools ?? []).map(({ name, input }, index) => ({
      functionCall: { id: `call_${ordinal}_${index}`, name, args: input },
    }));
    const parts = [...(turn.text ? [{ text: turn.text }] : []), ...calls];
    const usageMetadata = { promptTokenCount: 100, candidatesTokenCount: 50, totalTokenCount: 150 };
    const candidates = [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }];
    send(response, [{ candidates, usageMetadata, modelVersion: 'model', responseId: `r${ordinal}` }], isStream);
  };
}

/** One object is sent as JSON, several as a stream of events, named where they name their type. */
function send(response: ServerResponse, events: readonly (object | string)[], isStream = events.length > 1): void {
  response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
  if (!isStream) return void response.end(JSON.stringify(events[0]));
  for (const event of events) {
    const name = typeof event === 'object' && 'type' in event ? `event: ${event.type}\n` : '';
    response.write(`${name}data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
  }
  response.end();
}
